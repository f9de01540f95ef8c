package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The binary and unary operators. */
final class Arithmetic {
    private Arithmetic() {}

    static @Nullable Object apply(String operator, @Nullable Object a, @Nullable Object b) {
        if (a != null && b != null && Numbers.numeric(a) && Numbers.numeric(b)) {
            return numbers(operator, a, b);
        }
        if (a instanceof String s) {
            Object result = text(operator, s, b);
            if (result != Missing.VALUE) {
                return result;
            }
        }
        Object result = host(operator, a, b);
        if (result != Missing.VALUE) {
            return result;
        }
        return switch (operator) {
            case "+" -> concatenate(a, b);
            case "*" -> repeat(a, b);
            case "-" -> difference(a, b);
            default -> throw unsupported(operator, a, b);
        };
    }

    private static Object numbers(String operator, Object a, Object b) {
        return switch (operator) {
            case "+" -> Numbers.add(a, b);
            case "-" -> Numbers.subtract(a, b);
            case "*" -> Numbers.multiply(a, b);
            case "/" -> Numbers.divide(a, b);
            case "//" -> Numbers.floorDivide(a, b);
            case "%" -> Numbers.modulo(a, b);
            default -> Numbers.power(a, b);
        };
    }

    private static Object text(String operator, String a, @Nullable Object b) {
        if (operator.equals("%")) {
            return new PercentFormat(a, b).format();
        }
        if (operator.equals("+") && b instanceof String other) {
            Values.checkSize(a.length() + (long) other.length());
            return a + other;
        }
        return Missing.VALUE;
    }

    private static @Nullable Object host(String operator, @Nullable Object a, @Nullable Object b) {
        Object result = a instanceof PyObject o ? o.operate(operator, b, false) : Missing.VALUE;
        return result == Missing.VALUE && b instanceof PyObject o
                ? o.operate(operator, a, true)
                : result;
    }

    private static Object concatenate(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Tuple x && b instanceof Tuple y) {
            return Tuple.copyOf(joined(x, y));
        }
        if (a instanceof List<?> x && b instanceof List<?> y && plainList(a) && plainList(b)) {
            return joined(x, y);
        }
        if (b instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (a instanceof String) {
            throw ValueErrors.type(
                    "can only concatenate str (not \"" + Values.typeName(b) + "\") to str");
        }
        if (plainList(a) || a instanceof Tuple) {
            String type = Values.typeName(a);
            throw ValueErrors.type(
                    "can only concatenate %s (not \"%s\") to %s"
                            .formatted(type, Values.typeName(b), type));
        }
        throw unsupported("+", a, b);
    }

    private static List<Object> joined(List<?> x, List<?> y) {
        Values.checkLength((long) x.size() + y.size());
        List<Object> both = new ArrayList<>(x.size() + y.size());
        both.addAll(x);
        both.addAll(y);
        return both;
    }

    private static boolean plainList(@Nullable Object value) {
        return value instanceof List<?> && !(value instanceof Tuple) && !(value instanceof Range);
    }

    private static Object repeat(@Nullable Object a, @Nullable Object b) {
        if (Numbers.integral(a) && (b instanceof String || b instanceof List<?>)) {
            return repeat(b, a);
        }
        if (Numbers.integral(b) && a instanceof String s) {
            int times = Math.max(0, Numbers.toInt(b));
            Values.checkSize(s.length() * (long) times);
            return s.repeat(times);
        }
        if (Numbers.integral(b) && a instanceof List<?> list && !(a instanceof Range)) {
            int times = Math.max(0, Numbers.toInt(b));
            Values.checkLength(list.size() * (long) times);
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < times && !list.isEmpty(); i++) {
                all.addAll(list);
            }
            return a instanceof Tuple ? Tuple.copyOf(all) : all;
        }
        boolean left = a instanceof String || a instanceof List<?>;
        boolean right = b instanceof String || b instanceof List<?>;
        if (a instanceof Undefined || b instanceof Undefined || !(left || right)) {
            throw unsupported("*", a, b);
        }
        throw ValueErrors.type(
                "can't multiply sequence by non-int of type '%s'"
                        .formatted(Values.typeName(left ? b : a)));
    }

    private static Object difference(@Nullable Object a, @Nullable Object b) {
        Collection<?> x = Comparison.setOrNull(a);
        Collection<?> y = Comparison.setOrNull(b);
        if (x != null && y != null) {
            Set<Object> rest = new LinkedHashSet<>();
            for (Object item : x) {
                if (!Dicts.member(y, item)) {
                    rest.add(item);
                }
            }
            return rest;
        }
        throw unsupported("-", a, b);
    }

    private static JinjaException unsupported(
            String operator, @Nullable Object a, @Nullable Object b) {
        return ValueErrors.operands(operator.equals("**") ? "** or pow()" : operator, a, b);
    }

    static @Nullable Object negate(@Nullable Object value) {
        return unary("-", value);
    }

    static @Nullable Object plus(@Nullable Object value) {
        return unary("+", value);
    }

    private static @Nullable Object unary(String operator, @Nullable Object value) {
        if (value != null && Numbers.numeric(value)) {
            Object negative = Numbers.negate(value);
            return operator.equals("-") ? negative : Numbers.negate(negative);
        }
        if (value instanceof PyObject o) {
            Object result = o.operate(operator, Missing.VALUE, false);
            if (result != Missing.VALUE) {
                return result;
            }
        }
        throw value instanceof Undefined undefined
                ? undefined.error()
                : ValueErrors.type(
                        "bad operand type for unary %s: '%s'"
                                .formatted(operator, Values.typeName(value)));
    }
}
