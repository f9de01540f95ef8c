package dev.tarn.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values that are made one by one and can be gone through once. */
final class Generator implements Iterator<Object> {
    private final String name;
    private final Iterator<Object> values;

    Generator(String name, Iterator<Object> values) {
        this.name = name;
        this.values = values;
    }

    /** Returns a generator of what a function makes of each value; it may leave some out. */
    static Generator of(
            String name,
            Iterator<Object> input,
            Function<@Nullable Object, @Nullable Object> step) {
        return new Generator(name, new Stepping(input, step));
    }

    @Override
    public boolean hasNext() {
        return values.hasNext();
    }

    @Override
    public Object next() {
        return values.next();
    }

    @Override
    public String toString() {
        return "<" + name + ">";
    }

    private static final class Stepping implements Iterator<Object> {
        private final Iterator<Object> input;
        private final Function<@Nullable Object, @Nullable Object> step;
        private @Nullable Object next = Missing.VALUE;

        Stepping(Iterator<Object> input, Function<@Nullable Object, @Nullable Object> step) {
            this.input = input;
            this.step = step;
        }

        @Override
        public boolean hasNext() {
            while (next == Missing.VALUE && input.hasNext()) {
                next = step.apply(input.next());
            }
            return next != Missing.VALUE;
        }

        @Override
        @SuppressWarnings("NullAway") // None is null
        public Object next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Object value = next;
            next = Missing.VALUE;
            return value;
        }
    }
}
