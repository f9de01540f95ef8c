package dev.tarn.jinja;

/** A part of a template that does something. */
abstract class Statement extends Node {
    /** How execution goes on after a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Statement(Mark mark) {
        super(mark);
    }

    abstract Flow execute(Scope scope, Output out);
}
