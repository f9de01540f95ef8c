package dev.tarn.jinja;

import java.util.AbstractList;
import java.util.Collection;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** Python's tuple: a list that never changes. */
public class Tuple extends AbstractList<Object> implements RandomAccess {
    private final @Nullable Object[] items;

    private Tuple(@Nullable Object[] items) {
        this.items = items;
    }

    Tuple(Collection<?> items) {
        this(items.toArray());
    }

    public static Tuple of(@Nullable Object... items) {
        return new Tuple(items.clone());
    }

    public static Tuple copyOf(Collection<?> items) {
        return new Tuple(items.toArray());
    }

    @Override
    @SuppressWarnings("NullAway") // None is null
    public Object get(int index) {
        return items[index];
    }

    @Override
    public int size() {
        return items.length;
    }
}
