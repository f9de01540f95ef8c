package dev.tarn.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expressions made with operators. */
final class Operators {
    private Operators() {}

    /** An error in an operator concerns the undefined operand, if there is one. */
    private static RuntimeException operandFailure(
            RuntimeException e,
            Mark operator,
            Expression left,
            @Nullable Object leftValue,
            Expression right,
            @Nullable Object rightValue) {
        Mark mark =
                leftValue instanceof Undefined
                        ? left.mark
                        : rightValue instanceof Undefined ? right.mark : operator;
        return Node.failure(e, mark);
    }

    /** Arithmetic with two operands; the mark is the operator's. */
    static final class Binary extends Expression {
        private final String operator;
        private final Expression left;
        private final Expression right;

        Binary(Mark mark, String operator, Expression left, Expression right) {
            super(mark);
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            Object a = left.evaluate(scope);
            Object b = right.evaluate(scope);
            try {
                return Arithmetic.apply(operator, a, b);
            } catch (RuntimeException e) {
                throw operandFailure(e, mark, left, a, right, b);
            }
        }

        @Override
        @Nullable Object constant() {
            Object a = left.constant();
            Object b = right.constant();
            boolean simple = a instanceof String && b instanceof String && operator.equals("+");
            return simple ? Arithmetic.apply(operator, a, b) : Missing.VALUE;
        }
    }

    /** A sign. */
    static final class Sign extends Expression {
        private final boolean negative;
        private final Expression operand;

        Sign(Mark mark, String operator, Expression operand) {
            super(mark);
            this.negative = operator.equals("-");
            this.operand = operand;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            Object value = operand.evaluate(scope);
            try {
                return negative ? Arithmetic.negate(value) : Arithmetic.plus(value);
            } catch (RuntimeException e) {
                throw failure(e, value instanceof Undefined ? operand.mark : mark);
            }
        }

        @Override
        @Nullable Object constant() {
            Object value = operand.constant();
            return value instanceof Number number
                    ? negative ? Numbers.negate(number) : number
                    : Missing.VALUE;
        }
    }

    /** {@code a ~ b ~ c}. */
    static final class Concatenation extends Expression {
        private final Expression[] parts;

        Concatenation(Mark mark, List<Expression> parts) {
            super(mark);
            this.parts = parts.toArray(Expression[]::new);
        }

        @Override
        Object evaluate(Scope scope) {
            StringBuilder text = new StringBuilder();
            for (Expression part : parts) {
                Object value = part.evaluate(scope);
                try {
                    String piece = Values.text(value);
                    Values.checkSize(text.length() + (long) piece.length());
                    text.append(piece);
                } catch (RuntimeException e) {
                    throw failure(e, part.mark);
                }
            }
            return text.toString();
        }

        @Override
        Object constant() {
            StringBuilder text = new StringBuilder();
            for (Expression part : parts) {
                Object value = part.constant();
                if (value == Missing.VALUE) {
                    return value;
                }
                text.append(Values.text(value));
            }
            return text.toString();
        }
    }

    /** {@code and}, {@code or}. */
    static final class Logic extends Expression {
        private final boolean and;
        private final Expression left;
        private final Expression right;

        Logic(Mark mark, boolean and, Expression left, Expression right) {
            super(mark);
            this.and = and;
            this.left = left;
            this.right = right;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            Object value = left.evaluate(scope);
            return truthy(value, left) == and ? right.evaluate(scope) : value;
        }
    }

    /** Evaluates a condition, with the place of the expression if that fails. */
    static boolean truthy(@Nullable Object value, Expression expression) {
        try {
            return Values.truthy(value);
        } catch (RuntimeException e) {
            throw Node.failure(e, expression.mark);
        }
    }

    /** {@code not}. */
    static final class Not extends Expression {
        private final Expression operand;

        Not(Mark mark, Expression operand) {
            super(mark);
            this.operand = operand;
        }

        @Override
        Object evaluate(Scope scope) {
            return !truthy(operand.evaluate(scope), operand);
        }
    }

    /** One link of a chain of comparisons. */
    record Link(Mark mark, String operator, Expression operand) {}

    /** {@code a < b <= c}, {@code in} and {@code not in}. */
    static final class Comparisons extends Expression {
        private final Expression first;
        private final Link[] links;

        Comparisons(Mark mark, Expression first, List<Link> links) {
            super(mark);
            this.first = first;
            this.links = links.toArray(Link[]::new);
        }

        @Override
        Object evaluate(Scope scope) {
            Expression left = first;
            Object value = first.evaluate(scope);
            for (Link link : links) {
                Object next = link.operand().evaluate(scope);
                try {
                    if (!holds(link.operator(), value, next)) {
                        return false;
                    }
                } catch (RuntimeException e) {
                    throw operandFailure(e, link.mark(), left, value, link.operand(), next);
                }
                left = link.operand();
                value = next;
            }
            return true;
        }

        private static boolean holds(String operator, @Nullable Object a, @Nullable Object b) {
            return switch (operator) {
                case "in" -> Sequences.contains(b, a);
                case "not in" -> !Sequences.contains(b, a);
                default -> Comparison.holds(operator, a, b);
            };
        }
    }

    /** {@code a if condition else b}. */
    static final class Conditional extends Expression {
        private final Expression condition;
        private final Expression then;
        private final @Nullable Expression otherwise;

        Conditional(
                Mark mark, Expression condition, Expression then, @Nullable Expression otherwise) {
            super(mark);
            this.condition = condition;
            this.then = then;
            this.otherwise = otherwise;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            if (truthy(condition.evaluate(scope), condition)) {
                return then.evaluate(scope);
            }
            if (otherwise != null) {
                return otherwise.evaluate(scope);
            }
            return scope.undefined(
                    Undefined.Origin.special(
                            "the inline if-expression on line "
                                    + mark.place().line()
                                    + " evaluated to false and no else section was defined."));
        }
    }
}
