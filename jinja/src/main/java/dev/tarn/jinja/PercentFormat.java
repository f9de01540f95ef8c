package dev.tarn.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Formatting with {@code %}, as in {@code '%05.2f' % x}. */
final class PercentFormat {
    private final String format;
    private final @Nullable Object argument;
    private final List<Object> arguments;
    private final StringBuilder out = new StringBuilder();
    private int position;
    private int used;

    PercentFormat(String format, @Nullable Object argument) {
        this.format = format;
        this.argument = argument;
        this.arguments = argument instanceof Tuple tuple ? tuple : Tuple.of(argument);
    }

    /** One conversion: its flags, width and precision (-1 where there is none). */
    private record Conversion(String flags, int width, int precision) {
        boolean has(char flag) {
            return flags.indexOf(flag) >= 0;
        }
    }

    String format() {
        while (position < format.length()) {
            char c = format.charAt(position++);
            if (c == '%') {
                conversion();
            } else {
                out.append(c);
            }
        }
        boolean all = used >= arguments.size();
        if (!all && !subscriptable()) {
            throw ValueErrors.type("not all arguments converted during string formatting");
        }
        return out.toString();
    }

    /** Python takes anything with items for a mapping, and need not use all of a mapping. */
    private boolean subscriptable() {
        return argument instanceof Map<?, ?>
                || argument instanceof Undefined
                || (argument instanceof List<?> && !(argument instanceof Tuple));
    }

    private void conversion() {
        Object keyed = peek() == '(' ? byKey() : Missing.VALUE;
        int start = position;
        while ("-+ #0".indexOf(peek()) >= 0) {
            position++;
        }
        String flags = format.substring(start, position);
        int width = number();
        if (width < 0 && width != -1) {
            flags += "-";
            width = -width;
        }
        int precision = -1;
        if (peek() == '.') {
            position++;
            precision = Math.max(0, number());
        }
        while ("hlL".indexOf(peek()) >= 0) {
            position++;
        }
        char type = peek();
        position++;
        if (type == '%') {
            out.append('%');
            return;
        }
        Object value = keyed == Missing.VALUE ? next() : keyed;
        Values.checkSize(Math.max(width, precision));
        write(type, new Conversion(flags, width, precision), value);
    }

    private char peek() {
        if (position >= format.length()) {
            throw ValueErrors.value("incomplete format");
        }
        return format.charAt(position);
    }

    private @Nullable Object byKey() {
        int depth = 0;
        int start = position;
        do {
            char c = peek();
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            position++;
        } while (depth > 0);
        String key = format.substring(start + 1, position - 1);
        if (!(argument instanceof Map<?, ?> map)) {
            throw ValueErrors.type("format requires a mapping");
        }
        Object value = Dicts.find(map, key);
        if (value == Missing.VALUE) {
            throw ValueErrors.key(key);
        }
        return value;
    }

    private int number() {
        if (peek() == '*') {
            position++;
            Object value = next();
            if (!Numbers.isInt(value)) {
                throw ValueErrors.type("* wants int");
            }
            return Numbers.toInt(value);
        }
        int start = position;
        while (Character.isDigit(peek())) {
            position++;
        }
        return start == position
                ? -1
                : Numbers.toInt(new BigInteger(format.substring(start, position)));
    }

    private @Nullable Object next() {
        if (used >= arguments.size()) {
            throw ValueErrors.type("not enough arguments for format string");
        }
        return arguments.get(used++);
    }

    private void write(char type, Conversion conversion, @Nullable Object value) {
        switch (type) {
            case 's' -> pad(conversion, "", cut(Values.text(value), conversion.precision()));
            case 'r', 'a' ->
                    pad(conversion, "", cut(Values.representation(value), conversion.precision()));
            case 'c' -> pad(conversion, "", character(value));
            case 'd', 'i', 'u' -> integer(conversion, whole(type, value), 10, "");
            case 'x' -> integer(conversion, whole(type, value), 16, "0x");
            case 'o' -> integer(conversion, whole(type, value), 8, "0o");
            case 'X' -> integer(conversion, whole(type, value), -16, "0X");
            case 'f', 'F', 'e', 'E', 'g', 'G' -> real(conversion, type, value);
            default ->
                    throw ValueErrors.value(
                            "unsupported format character '%s' (0x%x) at index %d"
                                    .formatted(type, (int) type, position - 1));
        }
    }

    private static String cut(String text, int precision) {
        return precision < 0 || Strings.length(text) <= precision
                ? text
                : text.substring(0, text.offsetByCodePoints(0, precision));
    }

    private static String character(@Nullable Object value) {
        if (value instanceof String s && Strings.length(s) == 1) {
            return s;
        }
        if (!Numbers.isInt(value)) {
            throw ValueErrors.type("%c requires int or char");
        }
        return character(Numbers.toInt(value));
    }

    /** Returns chr(code). */
    static String character(int code) {
        if (!Character.isValidCodePoint(code)) {
            throw ValueErrors.value("%c arg not in range(0x110000)");
        }
        return Character.toString(code);
    }

    private static BigInteger whole(char type, @Nullable Object value) {
        if (Numbers.integral(value)) {
            return Numbers.big(value);
        }
        boolean decimal = type == 'd' || type == 'i' || type == 'u';
        if (decimal && Numbers.numeric(value)) {
            return Numbers.decimal(value).toBigInteger();
        }
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw ValueErrors.type(
                "%%%s format: %s is required, not %s"
                        .formatted(
                                type,
                                decimal ? "a real number" : "an integer",
                                Values.typeName(value)));
    }

    private void integer(Conversion conversion, BigInteger value, int radix, String prefix) {
        String digits = value.abs().toString(Math.abs(radix));
        if (radix < 0) {
            digits = digits.toUpperCase(Locale.ROOT);
        }
        int zeros = conversion.precision() - digits.length();
        String body = (zeros > 0 ? "0".repeat(zeros) : "") + digits;
        pad(
                conversion,
                sign(conversion, value.signum() < 0) + (conversion.has('#') ? prefix : ""),
                body);
    }

    private void real(Conversion conversion, char type, @Nullable Object value) {
        int precision = conversion.precision() < 0 ? 6 : conversion.precision();
        boolean alternate = conversion.has('#');
        if (value instanceof BigDecimal decimal) {
            String body = FloatText.format(decimal.abs(), type, precision, alternate);
            pad(conversion, sign(conversion, decimal.signum() < 0), body);
            return;
        }
        double number = Numbers.real(value);
        boolean negative = number < 0 || (number == 0 && 1 / number < 0);
        String body = FloatText.format(number, type, precision, alternate);
        pad(conversion, sign(conversion, negative), body);
    }

    private static String sign(Conversion conversion, boolean negative) {
        return negative ? "-" : conversion.has('+') ? "+" : conversion.has(' ') ? " " : "";
    }

    private void pad(Conversion conversion, String sign, String body) {
        int missing = conversion.width() - sign.length() - Strings.length(body);
        String padding = missing > 0 ? " ".repeat(missing) : "";
        boolean number = !body.isEmpty() && Character.digit(body.charAt(0), 16) >= 0;
        if (conversion.has('-')) {
            out.append(sign).append(body).append(padding);
        } else if (conversion.has('0') && number) {
            out.append(sign).append(padding.replace(' ', '0')).append(body);
        } else {
            out.append(padding).append(sign).append(body);
        }
    }
}
