package dev.tarn.jinja;

import dev.tarn.jinja.Statement.Flow;
import java.util.List;

/** Statements that are executed one after the other. */
final class Body {
    static final Body EMPTY = new Body(List.of());

    private final Statement[] statements;

    Body(List<Statement> statements) {
        this.statements = statements.toArray(Statement[]::new);
    }

    /** Executes the statements in order until one breaks or continues a loop. */
    Flow run(Scope scope, Output out) {
        for (Statement statement : statements) {
            Flow flow = statement.execute(scope, out);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    List<Statement> statements() {
        return List.of(statements);
    }
}
