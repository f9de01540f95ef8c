package dev.tarn.sql;

import java.util.List;

/**
 * A value that is computed for each row. What the reader of plans does not know is an {@link
 * Unknown}, never left out.
 */
public sealed interface Expression {
    /** A column of the operator's input; of both inputs one after the other where it has two. */
    record Input(int index) implements Expression {}

    /** A value that was written down. */
    record Constant() implements Expression {}

    /** The same value in another type. */
    record Cast(Expression value) implements Expression {}

    /**
     * A function, aggregate or window function.
     *
     * @param arguments all it is computed from: arguments, then filter, order, partition and frame
     * @param position bytes before it in the text that was bound, -1 when unknown
     */
    record Call(FunctionName function, List<Expression> arguments, int position)
            implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** Something built into the language: CASE, AND, IS NULL, IN, COALESCE, UNNEST. */
    record Operation(String name, List<Expression> operands) implements Expression {
        public Operation {
            operands = List.copyOf(operands);
        }
    }

    /**
     * A function that is given to a function. Its inputs are its own parameters; what it uses of
     * the row is among the other arguments of the call.
     */
    record Lambda(Expression body) implements Expression {}

    /**
     * Something the reader of plans does not know.
     *
     * @param name what the engine calls it
     * @param parts the expressions that were found in it
     * @param position bytes before it in the text that was bound, -1 when unknown
     */
    record Unknown(String name, List<Expression> parts, int position) implements Expression {
        public Unknown {
            parts = List.copyOf(parts);
        }
    }

    /** The expressions right below this one. */
    default List<Expression> parts() {
        return switch (this) {
            case Input input -> List.of();
            case Constant constant -> List.of();
            case Cast cast -> List.of(cast.value());
            case Call call -> call.arguments();
            case Operation operation -> operation.operands();
            case Lambda lambda -> List.of(lambda.body());
            case Unknown unknown -> unknown.parts();
        };
    }
}
