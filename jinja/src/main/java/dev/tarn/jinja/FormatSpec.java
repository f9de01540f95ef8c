package dev.tarn.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's format specification: {@code [[fill]align][sign][#][0][width][,][.precision][type]}. */
final class FormatSpec {
    private static final Pattern PATTERN =
            Pattern.compile(
                    "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([a-zA-Z%])?",
                    Pattern.DOTALL);

    private final String spec;
    private final String fill;
    private final char align;
    private final String sign;
    private final boolean alternate;
    private final int width;
    private final @Nullable String grouping;
    private final int precision;
    private final char type;

    private FormatSpec(String spec) {
        this.spec = spec;
        Matcher m = PATTERN.matcher(spec);
        if (!m.matches()) {
            throw ValueErrors.value("Invalid format specifier '" + spec + "'");
        }
        boolean zero = m.group(5) != null && m.group(2) == null;
        this.fill = m.group(1) != null ? m.group(1) : zero ? "0" : " ";
        this.align = m.group(2) != null ? m.group(2).charAt(0) : zero ? '=' : 0;
        this.sign = m.group(3) == null ? "-" : m.group(3);
        this.alternate = m.group(4) != null;
        this.width = m.group(6) == null ? 0 : Integer.parseInt(m.group(6));
        this.grouping = m.group(7);
        this.precision = m.group(8) == null ? -1 : Integer.parseInt(m.group(8));
        this.type = m.group(9) == null ? 0 : m.group(9).charAt(0);
        Values.checkSize(Math.max(width, precision));
    }

    static String apply(@Nullable Object value, String spec) {
        if (value instanceof PyObject object) {
            Object method = object.attribute("__format__");
            if (method != Missing.VALUE) {
                return Values.text(Values.call(method, Arguments.of(spec)));
            }
        }
        if (spec.isEmpty()) {
            return Values.text(value);
        }
        FormatSpec format = new FormatSpec(spec);
        if (value instanceof String text) {
            return format.text(text);
        }
        if (value != null && Numbers.numeric(value)) {
            return format.number(value);
        }
        throw value instanceof Undefined undefined
                ? undefined.error()
                : ValueErrors.type(
                        "unsupported format string passed to "
                                + Values.typeName(value)
                                + ".__format__");
    }

    private JinjaException unknownType(Object value) {
        return ValueErrors.value(
                "Unknown format code '%s' for object of type '%s'"
                        .formatted(type, Values.typeName(value)));
    }

    private String text(String text) {
        if (type != 0 && type != 's') {
            throw unknownType(text);
        }
        if (align == '=' && !spec.startsWith("0")) {
            throw ValueErrors.value("'=' alignment not allowed in string format specifier");
        }
        String cut =
                precision >= 0 && precision < Strings.length(text)
                        ? text.substring(0, text.offsetByCodePoints(0, precision))
                        : text;
        return pad("", cut, '<');
    }

    private String number(Object value) {
        boolean whole = Numbers.integral(value);
        return switch (type) {
            case 0 -> whole ? integer(value) : real(value);
            case 'd', 'n', 'x', 'X', 'o', 'b', 'c' -> {
                if (!whole) {
                    throw unknownType(value);
                }
                yield integer(value);
            }
            case 'e', 'E', 'f', 'F', 'g', 'G', '%' -> real(value);
            default -> throw unknownType(value);
        };
    }

    private String integer(Object value) {
        if (precision >= 0) {
            throw ValueErrors.value("Precision not allowed in integer format specifier");
        }
        BigInteger number = Numbers.big(value);
        if (type == 'c') {
            return pad("", PercentFormat.character(Numbers.toInt(value)), '<');
        }
        int radix =
                switch (type) {
                    case 'x', 'X' -> 16;
                    case 'o' -> 8;
                    case 'b' -> 2;
                    default -> 10;
                };
        String digits = number.abs().toString(radix);
        if (type == 'X') {
            digits = digits.toUpperCase(Locale.ROOT);
        }
        String prefix = alternate && radix != 10 ? "0" + type : "";
        String body = group(digits, radix == 10 ? 3 : 4);
        return pad(signOf(number.signum() < 0) + prefix, body, '>');
    }

    private String real(Object value) {
        boolean negative;
        String body;
        char letter = type == '%' ? 'f' : type == 0 ? 'g' : type;
        int digits = precision < 0 ? 6 : precision;
        if (value instanceof BigDecimal decimal) {
            negative = decimal.signum() < 0;
            BigDecimal shown = type == '%' ? decimal.movePointRight(2) : decimal;
            body =
                    type == 0 && precision < 0
                            ? Representation.decimal(shown.abs())
                            : FloatText.format(shown.abs(), letter, digits, alternate);
        } else {
            double number = Numbers.real(value);
            negative = number < 0 || (number == 0 && 1 / number < 0);
            double shown = type == '%' ? number * 100 : number;
            body =
                    type == 0 && precision < 0
                            ? FloatText.shortest(Math.abs(shown))
                            : FloatText.format(shown, letter, digits, alternate);
        }
        return pad(signOf(negative), group(body, 3) + (type == '%' ? "%" : ""), '>');
    }

    private String signOf(boolean negative) {
        return negative ? "-" : sign.equals("-") ? "" : sign;
    }

    private String group(String body, int size) {
        if (grouping == null) {
            return body;
        }
        int end = 0;
        while (end < body.length() && Character.digit(body.charAt(end), 16) >= 0) {
            end++;
        }
        StringBuilder grouped = new StringBuilder(body);
        for (int i = end - size; i > 0; i -= size) {
            grouped.insert(i, grouping);
        }
        return grouped.toString();
    }

    private String pad(String prefix, String body, char usual) {
        int missing = width - prefix.length() - Strings.length(body);
        if (missing <= 0) {
            return prefix + body;
        }
        return switch (align == 0 ? usual : align) {
            case '<' -> prefix + body + fill.repeat(missing);
            case '^' ->
                    fill.repeat(missing / 2) + prefix + body + fill.repeat(missing - missing / 2);
            case '=' -> prefix + fill.repeat(missing) + body;
            default -> fill.repeat(missing) + prefix + body;
        };
    }
}
