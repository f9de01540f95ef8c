package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/** A part of a template that has a value. */
abstract class Expression extends Node {
    Expression(Mark mark) {
        super(mark);
    }

    abstract @Nullable Object evaluate(Scope scope);

    /** Returns its value if that is the same in every rendering, else {@link Missing#VALUE}. */
    @Nullable Object constant() {
        return Missing.VALUE;
    }

    /** Returns the dotted name that it spells, or null. */
    @Nullable String dottedName() {
        return null;
    }
}
