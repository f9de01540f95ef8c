package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/** Expressions that look something up: names, attributes, items and slices. */
final class References {
    private References() {}

    /** A variable. */
    static final class Name extends Expression {
        final String name;

        Name(Mark mark, String name) {
            super(mark);
            this.name = name;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            Object value;
            try {
                value = scope.find(name);
            } catch (RuntimeException e) {
                throw failure(e, mark);
            }
            return value == Missing.VALUE
                    ? scope.undefined(Undefined.Origin.variable(name))
                    : value;
        }

        @Override
        String dottedName() {
            return name;
        }
    }

    /** {@code object.name}; the mark is the name's. */
    static final class Attribute extends Expression {
        final Expression object;
        final String name;

        Attribute(Mark mark, Expression object, String name) {
            super(mark);
            this.object = object;
            this.name = name;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            return of(object.evaluate(scope), scope);
        }

        @Nullable Object of(@Nullable Object owner, Scope scope) {
            try {
                Object value = Access.attributeThenItem(owner, name);
                return value == Missing.VALUE
                        ? scope.undefined(Undefined.Origin.member(owner, name))
                        : value;
            } catch (RuntimeException e) {
                throw failure(e, owner instanceof Undefined ? object.mark : mark);
            }
        }

        @Override
        @Nullable String dottedName() {
            String owner = object.dottedName();
            return owner == null ? null : owner + "." + name;
        }
    }

    /** {@code object[key]}; the mark is the key's. */
    static final class Item extends Expression {
        private final Expression object;
        private final Expression key;

        Item(Mark mark, Expression object, Expression key) {
            super(mark);
            this.object = object;
            this.key = key;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            Object owner = object.evaluate(scope);
            Object index = key.evaluate(scope);
            try {
                Object value = Access.itemThenAttribute(owner, index);
                return value == Missing.VALUE
                        ? scope.undefined(Undefined.Origin.member(owner, index))
                        : value;
            } catch (RuntimeException e) {
                throw failure(e, owner instanceof Undefined ? object.mark : mark);
            }
        }
    }

    /** {@code object[start:stop:step]}; the mark is the bracket's. */
    static final class Slice extends Expression {
        private final Expression object;
        private final @Nullable Expression start;
        private final @Nullable Expression stop;
        private final @Nullable Expression step;

        Slice(
                Mark mark,
                Expression object,
                @Nullable Expression start,
                @Nullable Expression stop,
                @Nullable Expression step) {
            super(mark);
            this.object = object;
            this.start = start;
            this.stop = stop;
            this.step = step;
        }

        @Override
        Object evaluate(Scope scope) {
            Object value = object.evaluate(scope);
            Object from = start == null ? null : start.evaluate(scope);
            Object to = stop == null ? null : stop.evaluate(scope);
            Object by = step == null ? null : step.evaluate(scope);
            try {
                return Sequences.slice(value, from, to, by);
            } catch (RuntimeException e) {
                throw failure(e, value instanceof Undefined ? object.mark : mark);
            }
        }
    }
}
