package dev.tarn.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Filters that make numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static void register(Builtins.Registry filters) {
        filters.add("abs", "", (v, a) -> absolute(v))
                .add("int", "default=0, base=10", NumberFilters::integer)
                .add("float", "default=None", NumberFilters::real)
                .add("round", "precision=0, method='common'", NumberFilters::round)
                .add("filesizeformat", "binary=False", NumberFilters::fileSize);
    }

    private static Object absolute(@Nullable Object value) {
        if (value == null || !Numbers.numeric(value)) {
            throw value instanceof Undefined undefined
                    ? undefined.error()
                    : ValueErrors.type(
                            "bad operand type for abs(): '" + Values.typeName(value) + "'");
        }
        Object positive = Numbers.negate(value);
        return Numbers.compare(value, 0L) < 0 ? positive : Numbers.negate(positive);
    }

    private static @Nullable Object integer(@Nullable Object value, Signature.Given given) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        Object otherwise = given.get(0);
        if (Numbers.integral(value)) {
            return Numbers.normal(Numbers.big(value));
        }
        try {
            if (value instanceof String text) {
                BigInteger parsed = parse(text, given.size(1));
                return Numbers.normal(parsed == null ? truncated(number(text)) : parsed);
            }
            return Numbers.numeric(value)
                    ? Numbers.normal(truncated(Numbers.real(value)))
                    : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static BigInteger truncated(double value) {
        return new BigDecimal(value).toBigInteger();
    }

    private static @Nullable BigInteger parse(String text, int base) {
        String digits =
                Strings.strip(text, null, true, true).replace("_", "").toLowerCase(Locale.ROOT);
        String sign = digits.startsWith("-") ? "-" : "";
        String body =
                digits.startsWith("-") || digits.startsWith("+") ? digits.substring(1) : digits;
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "?";
        if (body.startsWith(prefix)) {
            body = body.substring(2);
        }
        try {
            return body.startsWith("-") ? null : new BigInteger(sign + body, base);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Reads a float as Python does; throws NumberFormatException. */
    static double number(String text) {
        String trimmed = Strings.strip(text, null, true, true).toLowerCase(Locale.ROOT);
        String bare =
                trimmed.startsWith("-") || trimmed.startsWith("+") ? trimmed.substring(1) : trimmed;
        double sign = trimmed.startsWith("-") ? -1 : 1;
        return switch (bare) {
            case "inf", "infinity" -> sign * Double.POSITIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> {
                if (bare.isEmpty()
                        || "0123456789.".indexOf(bare.charAt(0)) < 0
                        || bare.matches(".*[xdf].*")) {
                    throw new NumberFormatException(text);
                }
                yield sign * Double.parseDouble(bare.replace("_", ""));
            }
        };
    }

    private static @Nullable Object real(@Nullable Object value, Signature.Given given) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        Object otherwise = given.get(0) == null ? (Object) 0.0 : given.get(0);
        if (Numbers.numeric(value)) {
            return Numbers.real(value);
        }
        try {
            return value instanceof String text ? (Object) number(text) : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Object round(@Nullable Object value, Signature.Given given) {
        int precision = Math.max(-400, Math.min(400, given.size(0)));
        String method = given.string(1);
        if (value == null || !Numbers.numeric(value)) {
            throw value instanceof Undefined undefined
                    ? undefined.error()
                    : ValueErrors.type(
                            "type %s doesn't define __round__ method"
                                    .formatted(Values.typeName(value)));
        }
        RoundingMode mode =
                switch (method) {
                    case "common" -> RoundingMode.HALF_EVEN;
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> throw ValueErrors.value("method must be common, ceil or floor");
                };
        if (Numbers.integral(value) && method.equals("common")) {
            BigDecimal rounded = new BigDecimal(Numbers.big(value));
            return Numbers.normal(
                    (precision < 0 ? rounded.setScale(precision, mode) : rounded).toBigInteger());
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.setScale(precision, mode);
        }
        double number = Numbers.real(value);
        return Double.isNaN(number) || Double.isInfinite(number)
                ? number
                : rounded(number, precision, mode);
    }

    /** Ceiling and floor work on the scaled float, as in Python; the others on the exact value. */
    private static double rounded(double number, int precision, RoundingMode mode) {
        if (mode == RoundingMode.HALF_EVEN) {
            return new BigDecimal(number).setScale(precision, mode).doubleValue();
        }
        double scale = Math.pow(10, precision);
        double scaled = number * scale;
        return (mode == RoundingMode.CEILING ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
    }

    private static String fileSize(@Nullable Object value, Signature.Given given) {
        double bytes = value instanceof String text ? number(text) : Numbers.real(value);
        boolean binary = given.flag(0);
        int base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return "1 Byte";
        }
        if (bytes < base) {
            return (long) bytes + " Bytes";
        }
        String prefixes = "KMGTPEZY";
        double unit = base;
        int index = 0;
        while (index < prefixes.length() - 1 && bytes >= unit * base) {
            unit *= base;
            index++;
        }
        return FloatText.format(bytes / unit, 'f', 1, false)
                + " "
                + (binary
                        ? prefixes.charAt(index) + "iB"
                        : (index == 0 ? "k" : prefixes.substring(index, index + 1)) + "B");
    }
}
