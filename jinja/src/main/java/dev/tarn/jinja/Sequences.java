package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Iterating, indexing, slicing and containing. */
final class Sequences {
    private Sequences() {}

    static Iterator<Object> iterate(@Nullable Object value) {
        Iterator<Object> iterator = iterateOrNull(value);
        if (iterator == null) {
            throw ValueErrors.type("'" + Values.typeName(value) + "' object is not iterable");
        }
        return iterator;
    }

    @SuppressWarnings("unchecked")
    static @Nullable Iterator<Object> iterateOrNull(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String s -> Strings.characters(s).iterator();
            case Undefined u -> u.iterate();
            case List<?> list -> new Growing((List<Object>) list);
            case PyObject o when o.iterate() != null -> o.iterate();
            case Collection<?> c -> ((Collection<Object>) c).iterator();
            case Map<?, ?> map -> ((Map<Object, Object>) map).keySet().iterator();
            case Iterator<?> i -> (Iterator<Object>) i;
            case Bytes b -> bytes(b).iterator();
            case Iterable<?> i -> ((Iterable<Object>) i).iterator();
            default -> null;
        };
    }

    private static List<Object> bytes(Bytes bytes) {
        List<Object> values = new ArrayList<>(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            values.add(bytes.at(i));
        }
        return values;
    }

    /** Goes through a list that may grow or shrink meanwhile, as Python allows. */
    private static final class Growing implements Iterator<Object> {
        private final List<Object> list;
        private int next;

        Growing(List<Object> list) {
            this.list = list;
        }

        @Override
        public boolean hasNext() {
            return next < list.size();
        }

        @Override
        public Object next() {
            return list.get(next++);
        }
    }

    /** Returns len(value), or -1 if it has no length. */
    static int lengthOrNone(@Nullable Object value) {
        return switch (value) {
            case null -> -1;
            case String s -> Strings.length(s);
            case Undefined u -> 0;
            case Collection<?> c -> c.size();
            case Map<?, ?> m -> m.size();
            case PyObject o -> o.length();
            case Bytes b -> b.length();
            default -> -1;
        };
    }

    static long length(@Nullable Object value) {
        int length = lengthOrNone(value);
        if (length < 0) {
            throw ValueErrors.type("object of type '" + Values.typeName(value) + "' has no len()");
        }
        return length;
    }

    /** Evaluates {@code value in container}. */
    static boolean contains(@Nullable Object container, @Nullable Object value) {
        return switch (container) {
            case String s -> {
                if (value instanceof String part) {
                    yield s.contains(part);
                }
                throw value instanceof Undefined undefined
                        ? undefined.error()
                        : ValueErrors.type(
                                "'in <string>' requires string as left operand, not "
                                        + Values.typeName(value));
            }
            case Map<?, ?> map -> Dicts.find(map, Dicts.hashable(value)) != Missing.VALUE;
            case Set<?> set -> Dicts.member(set, Dicts.hashable(value));
            case PyObject o when o.operate("in", value, true) instanceof Boolean answer -> answer;
            case null, default -> {
                Iterator<Object> items = iterateOrNull(container);
                if (items == null) {
                    throw ValueErrors.type(
                            "argument of type '"
                                    + Values.typeName(container)
                                    + "' is not iterable");
                }
                while (items.hasNext()) {
                    if (Comparison.equal(items.next(), value)) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    /** Turns an index that may count from the end into a position, or -1 if it is outside. */
    static int position(@Nullable Object index, int size) {
        long position = Numbers.toInt(index);
        if (position < 0) {
            position += size;
        }
        return position >= 0 && position < size ? (int) position : -1;
    }

    static Object slice(
            @Nullable Object value,
            @Nullable Object start,
            @Nullable Object stop,
            @Nullable Object step) {
        if (value instanceof String s) {
            if (Strings.simple(s) && (step == null || Values.equal(step, 1L))) {
                int[] bounds = bounds(start, stop, 1, s.length());
                return bounds[0] < bounds[1] ? s.substring(bounds[0], bounds[1]) : "";
            }
            StringBuilder text = new StringBuilder();
            slice(Strings.characters(s), start, stop, step).forEach(text::append);
            return text.toString();
        }
        if (value instanceof List<?> list) {
            List<Object> part = slice(list, start, stop, step);
            return value instanceof Tuple ? Tuple.copyOf(part) : part;
        }
        if (value instanceof PyObject object && object.sequence()) {
            return Tuple.copyOf(slice(Values.list(object), start, stop, step));
        }
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw ValueErrors.type("'" + Values.typeName(value) + "' object is not subscriptable");
    }

    private static List<Object> slice(
            List<?> list, @Nullable Object start, @Nullable Object stop, @Nullable Object step) {
        int by = step == null ? 1 : Numbers.toInt(step);
        if (by == 0) {
            throw ValueErrors.value("slice step cannot be zero");
        }
        int[] bounds = bounds(start, stop, by, list.size());
        List<Object> part = new ArrayList<>();
        for (long i = bounds[0]; by > 0 ? i < bounds[1] : i > bounds[1]; i += by) {
            part.add(list.get((int) i));
        }
        return part;
    }

    private static int[] bounds(@Nullable Object start, @Nullable Object stop, int step, int size) {
        int low = step > 0 ? 0 : -1;
        int high = step > 0 ? size : size - 1;
        int from = start == null ? (step > 0 ? low : high) : clamp(start, size, low, high);
        int to = stop == null ? (step > 0 ? high : low) : clamp(stop, size, low, high);
        return new int[] {from, to};
    }

    private static int clamp(Object bound, int size, int low, int high) {
        if (!Numbers.integral(bound)) {
            throw bound instanceof Undefined undefined
                    ? undefined.error()
                    : ValueErrors.type(
                            "slice indices must be integers or None or have an __index__ method");
        }
        int value = Numbers.toInt(bound);
        return Math.max(low, Math.min(high, value < 0 ? value + size : value));
    }
}
