package dev.tarn.jinja;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A host object that templates can use. It shows what it chooses to: nothing else of it can be
 * reached. Methods that find nothing answer {@link Missing#VALUE}.
 */
public interface PyObject {
    /** Returns an attribute, often a {@link PyCallable}. */
    @Nullable Object attribute(String name);

    /** Returns what {@code object[key]} gives. */
    default @Nullable Object item(@Nullable Object key) {
        return Missing.VALUE;
    }

    /** Sets an attribute; false if it cannot be set. Only {@code set ns.name = ...} uses it. */
    default boolean assign(String name, @Nullable Object value) {
        return false;
    }

    /** Returns str(object). */
    default String text() {
        return representation();
    }

    /** Returns repr(object). */
    default String representation() {
        return "<" + typeName() + " object>";
    }

    /** Returns the name of its type, for messages. */
    default String typeName() {
        return getClass().getSimpleName();
    }

    /** As in Python, what has a length is true when that is not nothing. */
    default boolean truthy() {
        return length() != 0;
    }

    /** Says whether it passes {@code is mapping}. */
    default boolean mapping() {
        return false;
    }

    /** Says whether slices of it are tuples of what it iterates. */
    default boolean sequence() {
        return false;
    }

    /** Returns an iterator, or null if it cannot be iterated. */
    default @Nullable Iterator<Object> iterate() {
        return null;
    }

    /** Returns its length, or -1 if it has none. */
    default int length() {
        return -1;
    }

    /**
     * Applies a binary operator or comparison.
     *
     * @param reflected whether this object is the right operand
     */
    default @Nullable Object operate(String operator, @Nullable Object other, boolean reflected) {
        return Missing.VALUE;
    }
}
