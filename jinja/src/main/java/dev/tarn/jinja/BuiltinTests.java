package dev.tarn.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jinja's tests. */
final class BuiltinTests {
    private final Map<String, Builtins.TestBody> tests = new HashMap<>();

    private BuiltinTests() {}

    /** A test without arguments. */
    @FunctionalInterface
    private interface Simple {
        boolean check(@Nullable Object value);
    }

    /** A test with one argument. */
    @FunctionalInterface
    private interface Relation {
        boolean check(@Nullable Object value, @Nullable Object other);
    }

    static Map<String, Builtins.TestBody> all() {
        BuiltinTests all = new BuiltinTests();
        all.types();
        all.numbers();
        all.relations();
        return Map.copyOf(all.tests);
    }

    private void add(String name, Simple test) {
        Signature signature = new Signature(name, "");
        tests.put(
                name,
                (site, value, arguments) -> {
                    signature.bind(arguments);
                    return test.check(value);
                });
    }

    private void relate(String parameter, Relation test, String... names) {
        for (String name : names) {
            Signature signature = new Signature(name, parameter);
            tests.put(
                    name,
                    (site, value, arguments) ->
                            test.check(value, signature.bind(arguments).get(0)));
        }
    }

    private void types() {
        add("defined", value -> !(value instanceof Undefined));
        add("undefined", value -> value instanceof Undefined);
        add("none", value -> value == null);
        add("boolean", value -> value instanceof Boolean);
        add("true", value -> Boolean.TRUE.equals(value));
        add("false", value -> Boolean.FALSE.equals(value));
        add("integer", Numbers::isInt);
        add("float", Numbers::isFloat);
        add("number", Numbers::numeric);
        add("string", value -> value instanceof String);
        add(
                "mapping",
                value ->
                        value instanceof PyObject o
                                ? o.mapping() || o instanceof Map
                                : value instanceof Map<?, ?>);
        add("sequence", BuiltinTests::sequence);
        add("iterable", value -> Sequences.iterateOrNull(value) != null);
        add("callable", value -> value instanceof PyCallable || value instanceof Undefined);
        add("escaped", value -> false);
        add("lower", value -> StringMethods.isLower(Values.text(value)));
        add("upper", value -> StringMethods.isUpper(Values.text(value)));
        tests.put(
                "filter",
                (site, value, arguments) ->
                        value instanceof String name
                                && site.scope().environment().filter(name) != null);
        tests.put(
                "test",
                (site, value, arguments) ->
                        value instanceof String name
                                && site.scope().environment().test(name) != null);
    }

    private static boolean sequence(@Nullable Object value) {
        return value instanceof String
                || value instanceof List<?>
                || value instanceof Map<?, ?>
                || value instanceof Bytes
                || value instanceof Undefined
                || (value instanceof PyObject object
                        && object.length() >= 0
                        && object.iterate() != null);
    }

    private void numbers() {
        add("odd", value -> isOne(Arithmetic.apply("%", value, 2L)));
        add("even", value -> Comparison.equal(Arithmetic.apply("%", value, 2L), 0L));
        relate(
                "num",
                (value, other) -> Comparison.equal(Arithmetic.apply("%", value, other), 0L),
                "divisibleby");
    }

    private static boolean isOne(@Nullable Object rest) {
        return Comparison.equal(rest, 1L);
    }

    private void relations() {
        relate("other", Comparison::equal, "eq", "equalto", "==");
        relate("other", (a, b) -> !Comparison.equal(a, b), "ne", "!=");
        relate("other", (a, b) -> Comparison.holds(">", a, b), "gt", "greaterthan", ">");
        relate("other", (a, b) -> Comparison.holds(">=", a, b), "ge", ">=");
        relate("other", (a, b) -> Comparison.holds("<", a, b), "lt", "lessthan", "<");
        relate("other", (a, b) -> Comparison.holds("<=", a, b), "le", "<=");
        relate("seq", (a, b) -> Sequences.contains(b, a), "in");
        relate("other", BuiltinTests::same, "sameas");
    }

    private static final Set<Class<?>> SHARED =
            Set.of(Boolean.class, Long.class, String.class, Integer.class);

    /** Small immutable values are one object in Python. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(@Nullable Object a, @Nullable Object b) {
        return a == b
                || (a != null
                        && b != null
                        && SHARED.contains(a.getClass())
                        && a.getClass() == b.getClass()
                        && a.equals(b));
    }
}
