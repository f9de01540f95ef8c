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

    /** Executes statements in order until one breaks or continues a loop. */
    static Flow run(Statement[] body, Scope scope, Output out) {
        for (Statement statement : body) {
            Flow flow = statement.execute(scope, out);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }
}
