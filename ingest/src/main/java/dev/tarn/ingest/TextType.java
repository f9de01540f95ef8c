package dev.tarn.ingest;

import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What kind of value a text is, and what kind can hold two kinds. A kind is only chosen when the
 * text written from the value would say the same: {@code 007} is text, not seven.
 */
enum TextType {
    /** Nothing seen but nulls. */
    NOTHING,
    BOOLEAN,
    INTEGER,
    DECIMAL,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    TEXT;

    private static final int MOST_INTEGER_DIGITS = 18;

    /** The kind that can hold both. */
    TextType or(TextType other) {
        if (this == other || other == NOTHING) {
            return this;
        }
        if (this == NOTHING) {
            return other;
        }
        if (isNumber() && other.isNumber()) {
            return DECIMAL;
        }
        boolean days = this == DATE || other == DATE;
        boolean times = this == TIMESTAMP || other == TIMESTAMP;
        return days && times ? TIMESTAMP : TEXT;
    }

    /** The type of a column of this kind; text when nothing was seen. */
    Type type() {
        return switch (this) {
            case BOOLEAN -> Primitive.BOOLEAN;
            case INTEGER -> Primitive.BIGINT;
            case DECIMAL -> Primitive.DOUBLE;
            case DATE -> Primitive.DATE;
            case TIME -> Primitive.TIME;
            case TIMESTAMP -> Primitive.TIMESTAMP;
            case TIMESTAMPTZ -> Primitive.TIMESTAMPTZ;
            case NOTHING, TEXT -> Primitive.VARCHAR;
        };
    }

    /** The kind of one text. */
    static TextType of(String text) {
        if (text.isEmpty() || text.length() > 40) {
            return TEXT;
        }
        char first = text.charAt(0);
        if (first == '-' || isDigit(first)) {
            return numberOrTime(text);
        }
        boolean flag = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
        return flag ? BOOLEAN : TEXT;
    }

    private boolean isNumber() {
        return this == INTEGER || this == DECIMAL;
    }

    private static TextType numberOrTime(String text) {
        if (text.length() >= 10 && text.charAt(4) == '-' && text.charAt(7) == '-') {
            return dateOrTimestamp(text);
        }
        if (text.length() >= 8 && text.charAt(2) == ':') {
            int end = timeEnd(text, 0);
            return end == text.length() ? TIME : TEXT;
        }
        return number(text);
    }

    private static TextType number(String text) {
        int at = text.charAt(0) == '-' ? 1 : 0;
        int digits = digits(text, at);
        boolean leadingZero = digits > 1 && text.charAt(at) == '0';
        if (digits == 0 || leadingZero) {
            return TEXT;
        }
        at += digits;
        if (at == text.length()) {
            return digits <= MOST_INTEGER_DIGITS ? INTEGER : TEXT;
        }
        if (text.charAt(at) == '.') {
            int fraction = digits(text, at + 1);
            if (fraction == 0) {
                return TEXT;
            }
            at += fraction + 1;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            at += at < text.length() && "+-".indexOf(text.charAt(at)) >= 0 ? 1 : 0;
            int exponent = digits(text, at);
            if (exponent == 0 || exponent > 2) {
                return TEXT;
            }
            at += exponent;
        }
        return at == text.length() ? DECIMAL : TEXT;
    }

    private static TextType dateOrTimestamp(String text) {
        if (!isDate(text)) {
            return TEXT;
        }
        if (text.length() == 10) {
            return DATE;
        }
        if (text.charAt(10) != ' ' && text.charAt(10) != 'T') {
            return TEXT;
        }
        int end = timeEnd(text, 11);
        if (end < 0) {
            return TEXT;
        }
        if (end == text.length()) {
            return TIMESTAMP;
        }
        return isOffset(text, end) ? TIMESTAMPTZ : TEXT;
    }

    private static boolean isDate(String text) {
        if (digits(text, 0) != 4 || digits(text, 5) != 2 || digits(text, 8) != 2) {
            return false;
        }
        return date(text).isPresent();
    }

    private static Optional<LocalDate> date(String text) {
        try {
            int year = Integer.parseInt(text, 0, 4, 10);
            int month = Integer.parseInt(text, 5, 7, 10);
            int day = Integer.parseInt(text, 8, 10, 10);
            return year == 0 ? Optional.empty() : Optional.of(LocalDate.of(year, month, day));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Where a time such as 12:34:56.789 ends, or -1 if there is none. */
    private static int timeEnd(String text, int from) {
        if (digits(text, from) != 2
                || digits(text, from + 3) != 2
                || digits(text, from + 6) != 2
                || text.charAt(from + 2) != ':'
                || text.charAt(from + 5) != ':'
                || text.charAt(from) > '2'
                || (text.charAt(from) == '2' && text.charAt(from + 1) > '3')
                || text.charAt(from + 3) > '5'
                || text.charAt(from + 6) > '5') {
            return -1;
        }
        int end = from + 8;
        if (end < text.length() && text.charAt(end) == '.') {
            int fraction = digits(text, end + 1);
            return fraction == 0 || fraction > 6 ? -1 : end + 1 + fraction;
        }
        return end;
    }

    private static boolean isOffset(String text, int from) {
        if (text.charAt(from) == 'Z') {
            return text.length() == from + 1;
        }
        boolean signed = "+-".indexOf(text.charAt(from)) >= 0;
        int hours = digits(text, from + 1);
        int end = from + 1 + hours;
        if (!signed || hours != 2) {
            return false;
        }
        return end == text.length()
                || (text.charAt(end) == ':'
                        && digits(text, end + 1) == 2
                        && text.length() == end + 3);
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return Math.max(0, at - from);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
