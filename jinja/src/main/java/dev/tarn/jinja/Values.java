package dev.tarn.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Python does with values of any type. None is null. */
public final class Values {
    /** The largest text or list that an operator may make at once. */
    static final long LARGEST = 50_000_000;

    private static final long LONGEST_LIST = 10_000_000L;

    private Values() {}

    /** Returns str(value). */
    public static String text(@Nullable Object value) {
        return value instanceof String string ? string : Representation.text(value);
    }

    /** Returns repr(value). */
    public static String representation(@Nullable Object value) {
        return Representation.of(value);
    }

    public static boolean truthy(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean b -> b;
            case String s -> !s.isEmpty();
            case Undefined u -> u.truthy();
            case Long l -> l != 0;
            case Integer i -> i != 0;
            case Double d -> d != 0;
            case BigInteger i -> i.signum() != 0;
            case BigDecimal d -> d.signum() != 0;
            case Number n -> n.doubleValue() != 0;
            case Collection<?> c -> !c.isEmpty();
            case PyObject o -> o.truthy();
            case Map<?, ?> m -> !m.isEmpty();
            case Bytes b -> b.length() > 0;
            default -> true;
        };
    }

    /** Returns Python's name of the type. */
    public static String typeName(@Nullable Object value) {
        return switch (value) {
            case null -> "NoneType";
            case Boolean b -> "bool";
            case String s -> "str";
            case BigDecimal d -> "decimal.Decimal";
            case Double d -> "float";
            case Float f -> "float";
            case Number n -> "int";
            case Undefined u -> "Undefined";
            case PyObject o -> o.typeName();
            case Tuple t -> "tuple";
            case Range r -> "range";
            case List<?> l -> "list";
            case Map<?, ?> m -> "dict";
            case Set<?> s -> "set";
            case DictView v -> v.typeName();
            case Bytes b -> "bytes";
            case Generator g -> "generator";
            case PyCallable c -> "function";
            default -> value.getClass().getSimpleName();
        };
    }

    public static boolean equal(@Nullable Object a, @Nullable Object b) {
        return Comparison.equal(a, b);
    }

    /** Orders two values; the operator is for the message if they have no order. */
    public static int compare(@Nullable Object a, @Nullable Object b, String operator) {
        return Comparison.compare(a, b, operator);
    }

    /** Returns what a for loop would go through. */
    public static Iterator<Object> iterate(@Nullable Object value) {
        return Sequences.iterate(value);
    }

    /** Returns list(value): a new list. */
    public static List<Object> list(@Nullable Object value) {
        if (value instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        }
        List<Object> list = new ArrayList<>();
        Sequences.iterate(value).forEachRemaining(list::add);
        return list;
    }

    /** Returns {@code value.name} as a template would see it, or {@link Missing#VALUE}. */
    public static @Nullable Object attribute(@Nullable Object value, String name) {
        return Access.attributeThenItem(value, name);
    }

    /** Returns {@code value[key]} as a template would see it, or {@link Missing#VALUE}. */
    public static @Nullable Object item(@Nullable Object value, @Nullable Object key) {
        return Access.itemThenAttribute(value, key);
    }

    public static @Nullable Object call(@Nullable Object function, Arguments arguments) {
        return switch (function) {
            case Undefined undefined -> undefined.call(arguments);
            case PyCallable callable -> callable.call(arguments);
            case null, default -> throw ValueErrors.cannot(function, "is not callable");
        };
    }

    /** Returns json.dumps(value); an indent of -1 means one line. */
    public static String json(@Nullable Object value, int indent, boolean sortKeys) {
        return new JsonText(indent, sortKeys).write(value);
    }

    /**
     * Makes a Java value one that templates understand: small integers become Long, arrays and
     * collections become new lists, sets and dicts, all the way down.
     */
    public static @Nullable Object from(@Nullable Object value) {
        return switch (value) {
            case Integer i -> (long) i;
            case Short s -> (long) s;
            case Byte b -> (long) b;
            case Float f -> (double) f;
            case BigInteger i -> Numbers.normal(i);
            case Character c -> c.toString();
            case Object[] array -> {
                List<Object> list = new ArrayList<>(array.length);
                for (Object item : array) {
                    list.add(from(item));
                }
                yield list;
            }
            case PyObject o -> o;
            case Tuple tuple -> tuple;
            case Range range -> range;
            case List<?> items -> {
                List<Object> list = new ArrayList<>(items.size());
                items.forEach(item -> list.add(from(item)));
                yield list;
            }
            case Set<?> items -> {
                Set<Object> set = new LinkedHashSet<>();
                items.forEach(item -> set.add(from(item)));
                yield set;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> dict = new LinkedHashMap<>();
                map.forEach((key, item) -> dict.put(from(key), from(item)));
                yield dict;
            }
            case null, default -> value;
        };
    }

    /** Refuses a list that would take up the memory of the program. */
    static void checkLength(long length) {
        if (length > LONGEST_LIST) {
            throw LimitErrors.length(length, LONGEST_LIST);
        }
    }

    static void checkSize(long size) {
        if (size > LARGEST) {
            throw LimitErrors.size(size, LARGEST);
        }
    }
}
