package dev.tarn.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The simple statements: text, output, conditions, assignments. */
final class Statements {
    private Statements() {}

    /** Template text. */
    static final class Text extends Statement {
        private final String text;

        Text(Mark mark, String text) {
            super(mark);
            this.text = text;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            out.literal(text, mark);
            return Flow.NEXT;
        }
    }

    /** {@code {{ expression }}}. */
    static final class Print extends Statement {
        final Expression expression;

        Print(Mark mark, Expression expression) {
            super(mark);
            this.expression = expression;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            Object value = expression.evaluate(scope);
            String text;
            try {
                text = Values.text(value);
            } catch (RuntimeException e) {
                throw failure(e, expression.mark);
            }
            out.value(text, mark);
            return Flow.NEXT;
        }
    }

    /** {@code {% do expression %}}. */
    static final class Do extends Statement {
        private final Expression expression;

        Do(Mark mark, Expression expression) {
            super(mark);
            this.expression = expression;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            expression.evaluate(scope);
            return Flow.NEXT;
        }
    }

    /** {@code {% break %}} and {@code {% continue %}}. */
    static final class Jump extends Statement {
        private final Flow flow;

        Jump(Mark mark, Flow flow) {
            super(mark);
            this.flow = flow;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            return flow;
        }
    }

    /** One condition of an if, and what it guards. */
    record Branch(Expression condition, Body body) {}

    /** {@code {% if %}} with its {@code elif} and {@code else}. */
    static final class If extends Statement {
        private final List<Branch> branches;
        private final Body otherwise;

        If(Mark mark, List<Branch> branches, Body otherwise) {
            super(mark);
            this.branches = List.copyOf(branches);
            this.otherwise = otherwise;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            for (Branch branch : branches) {
                Expression condition = branch.condition();
                if (Operators.truthy(condition.evaluate(scope), condition)) {
                    return branch.body().run(scope, out);
                }
            }
            return otherwise.run(scope, out);
        }
    }

    /** {@code {% set target = value %}}. */
    static final class Assign extends Statement {
        private final Target target;
        private final Expression value;

        Assign(Mark mark, Target target, Expression value) {
            super(mark);
            this.target = target;
            this.value = value;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            Object result = value.evaluate(scope);
            try {
                target.assign(scope, result);
            } catch (RuntimeException e) {
                throw failure(e, result instanceof Undefined ? value.mark : mark);
            }
            return Flow.NEXT;
        }
    }

    /** {@code {% set target | filter %}text{% endset %}}. */
    static final class AssignBlock extends Statement {
        private final Target target;
        private final List<Calls.FilterCall> filters;
        private final Body body;

        AssignBlock(Mark mark, Target target, List<Calls.FilterCall> filters, Body body) {
            super(mark);
            this.target = target;
            this.filters = List.copyOf(filters);
            this.body = body;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            Output inner = new Output(scope.session);
            Flow flow = body.run(scope.child(), inner);
            if (flow != Flow.NEXT) {
                return flow;
            }
            Object value = Calls.FilterCall.chain(inner.finish(), filters, scope);
            try {
                target.assign(scope, value);
            } catch (RuntimeException e) {
                throw failure(e, mark);
            }
            return Flow.NEXT;
        }
    }

    /** {@code {% filter name %}text{% endfilter %}}. */
    static final class FilterBlock extends Statement {
        private final List<Calls.FilterCall> filters;
        private final Body body;

        FilterBlock(Mark mark, List<Calls.FilterCall> filters, Body body) {
            super(mark);
            this.filters = List.copyOf(filters);
            this.body = body;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            Output inner = new Output(scope.session);
            Flow flow = body.run(scope.child(), inner);
            if (flow == Flow.NEXT) {
                Object value = Calls.FilterCall.chain(inner.finish(), filters, scope);
                out.value(Values.text(value), mark);
            }
            return flow;
        }
    }

    /** {@code {% with a = 1 %}}: variables for a stretch of the template. */
    static final class With extends Statement {
        private final List<Target> targets;
        private final List<Expression> values;
        private final Body body;

        With(Mark mark, List<Target> targets, List<Expression> values, Body body) {
            super(mark);
            this.targets = List.copyOf(targets);
            this.values = List.copyOf(values);
            this.body = body;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            Scope inner = scope.child();
            for (int i = 0; i < targets.size(); i++) {
                Object value = values.get(i).evaluate(scope);
                try {
                    targets.get(i).assign(inner, value);
                } catch (RuntimeException e) {
                    throw failure(e, values.get(i).mark);
                }
            }
            return body.run(inner, out);
        }
    }

    /** Statements that keep together, such as those of {@code {% autoescape %}}. */
    static final class Group extends Statement {
        private final Body body;

        Group(Mark mark, Body body) {
            super(mark);
            this.body = body;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            return body.run(scope, out);
        }
    }

    /** What stands on the left of an assignment. */
    sealed interface Target {
        void assign(Scope scope, @Nullable Object value);
    }

    /** A variable. */
    record NameTarget(String name) implements Target {
        @Override
        public void assign(Scope scope, @Nullable Object value) {
            scope.set(name, value);
        }
    }

    /** An attribute of a namespace. */
    record AttributeTarget(String name, String attribute) implements Target {
        @Override
        public void assign(Scope scope, @Nullable Object value) {
            if (!(scope.find(name) instanceof PyObject object)
                    || !object.assign(attribute, value)) {
                throw ValueErrors.runtime("cannot assign attribute on non-namespace object");
            }
        }
    }

    /** Several targets that share out a sequence. */
    record TupleTarget(List<Target> targets) implements Target {
        @Override
        public void assign(Scope scope, @Nullable Object value) {
            if (value instanceof Undefined undefined && !undefined.iterate().hasNext()) {
                shareOut(scope, undefined);
                return;
            }
            if (Sequences.iterateOrNull(value) == null) {
                throw ValueErrors.type(
                        "cannot unpack non-iterable " + Values.typeName(value) + " object");
            }
            List<Object> values = Values.list(value);
            if (values.size() < targets.size()) {
                throw ValueErrors.value(
                        "not enough values to unpack (expected %d, got %d)"
                                .formatted(targets.size(), values.size()));
            }
            if (values.size() > targets.size()) {
                throw ValueErrors.value(
                        "too many values to unpack (expected %d)".formatted(targets.size()));
            }
            for (int i = 0; i < values.size(); i++) {
                targets.get(i).assign(scope, values.get(i));
            }
        }

        /** A custom undefined value may stand for all parts; the default one may not. */
        private void shareOut(Scope scope, Undefined undefined) {
            if (undefined.getClass() == Undefined.class) {
                throw ValueErrors.value(
                        "not enough values to unpack (expected %d, got 0)"
                                .formatted(targets.size()));
            }
            targets.forEach(target -> target.assign(scope, undefined));
        }
    }
}
