package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Expressions that spell out a value: constants, lists, tuples and dicts. */
final class Displays {
    private Displays() {}

    /** A literal. */
    static final class Constant extends Expression {
        private final @Nullable Object value;

        Constant(Mark mark, @Nullable Object value) {
            super(mark);
            this.value = value;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            return value;
        }

        @Override
        @Nullable Object constant() {
            return value;
        }
    }

    /** A list or tuple. */
    static final class Items extends Expression {
        private final Expression[] items;
        private final boolean tuple;

        Items(Mark mark, List<Expression> items, boolean tuple) {
            super(mark);
            this.items = items.toArray(Expression[]::new);
            this.tuple = tuple;
        }

        @Override
        Object evaluate(Scope scope) {
            List<Object> values = new ArrayList<>(items.length);
            for (Expression item : items) {
                values.add(item.evaluate(scope));
            }
            return tuple ? Tuple.copyOf(values) : values;
        }

        @Override
        @Nullable Object constant() {
            List<Object> values = new ArrayList<>(items.length);
            for (Expression item : items) {
                Object value = item.constant();
                if (value == Missing.VALUE) {
                    return value;
                }
                values.add(value);
            }
            return tuple ? Tuple.copyOf(values) : values;
        }
    }

    /** A dict. */
    static final class Dict extends Expression {
        private final List<Expression> keys;
        private final List<Expression> values;

        Dict(Mark mark, List<Expression> keys, List<Expression> values) {
            super(mark);
            this.keys = List.copyOf(keys);
            this.values = List.copyOf(values);
        }

        @Override
        Object evaluate(Scope scope) {
            Map<Object, Object> dict = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                Object key = keys.get(i).evaluate(scope);
                Object value = values.get(i).evaluate(scope);
                try {
                    Dicts.put(dict, key, value);
                } catch (JinjaException e) {
                    throw e.at(keys.get(i).mark);
                }
            }
            return dict;
        }

        @Override
        @Nullable Object constant() {
            Map<Object, Object> dict = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                Object key = keys.get(i).constant();
                Object value = values.get(i).constant();
                if (key == Missing.VALUE || value == Missing.VALUE) {
                    return Missing.VALUE;
                }
                dict.put(key, value);
            }
            return dict;
        }
    }
}
