package dev.tarn.ingest;

import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.Optional;

/**
 * Tells texts that the engine casts to a type for certain. Of other texts nothing is said: they may
 * be good or bad.
 *
 * @param most digits before the point
 */
record CertainText(Form form, int most) {
    private static final int LONGEST_NUMBER = 30;
    private static final int DATE_LENGTH = 10;
    private static final int TIME_LENGTH = 8;
    private static final int MOST_OFFSET_HOURS = 13;

    /** How such texts are written. */
    private enum Form {
        BOOLEAN,
        WHOLE,
        NUMBER,
        DATE,
        TIME,
        TIMESTAMP,
        TIMESTAMPTZ
    }

    /** For the values of a type; empty for a type of whose texts nothing can be said. */
    static Optional<CertainText> of(Type type) {
        if (type instanceof Type.Decimal decimal) {
            // One digit less than there is room for: what is behind the point may be rounded up.
            int digits = decimal.precision() - decimal.scale() - 1;
            return digits < 1
                    ? Optional.empty()
                    : Optional.of(new CertainText(Form.NUMBER, digits));
        }
        if (!(type instanceof Primitive primitive)) {
            return Optional.empty();
        }
        return switch (primitive) {
            case BOOLEAN -> Optional.of(new CertainText(Form.BOOLEAN, 0));
            case INTEGER -> Optional.of(new CertainText(Form.WHOLE, 9));
            case BIGINT -> Optional.of(new CertainText(Form.WHOLE, 18));
            case FLOAT, DOUBLE -> Optional.of(new CertainText(Form.NUMBER, LONGEST_NUMBER));
            case DATE -> Optional.of(new CertainText(Form.DATE, 0));
            case TIME -> Optional.of(new CertainText(Form.TIME, 0));
            case TIMESTAMP -> Optional.of(new CertainText(Form.TIMESTAMP, 0));
            case TIMESTAMPTZ -> Optional.of(new CertainText(Form.TIMESTAMPTZ, 0));
            case TIMESTAMP_NS, VARCHAR, UUID, BINARY, VARIANT -> Optional.empty();
        };
    }

    /** Whether the engine can cast a text; an empty one is null. */
    boolean matches(byte[] bytes, int from, int to) {
        if (from == to) {
            return true;
        }
        return switch (form) {
            case BOOLEAN -> isWord(bytes, from, to, "true") || isWord(bytes, from, to, "false");
            case WHOLE -> wholeEnd(bytes, from, to) == to;
            case NUMBER -> isNumber(bytes, from, to);
            case DATE -> to - from == DATE_LENGTH && isDate(bytes, from);
            case TIME -> timeEnd(bytes, from, to) == to;
            case TIMESTAMP -> timestampEnd(bytes, from, to) == to;
            case TIMESTAMPTZ -> {
                int end = timestampEnd(bytes, from, to);
                yield end == to || (end > from + DATE_LENGTH && isOffset(bytes, end, to));
            }
        };
    }

    /** Whether a text is a day of the calendar. */
    static boolean isDay(byte[] bytes, int from, int to) {
        return to - from == DATE_LENGTH && isDate(bytes, from);
    }

    /** Whether a text is a time of a day. */
    static boolean isTime(byte[] bytes, int from, int to) {
        return timeEnd(bytes, from, to) == to;
    }

    /** Whether a text is a day and a time, with an offset or without one. */
    static boolean isTimestamp(byte[] bytes, int from, int to, boolean offset) {
        int end = timestampEnd(bytes, from, to);
        return end > from + DATE_LENGTH
                && (offset ? end < to && isOffset(bytes, end, to) : end == to);
    }

    private static boolean isWord(byte[] bytes, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((bytes[from + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where a whole number ends that is not too long; -1 if there is none. */
    private int wholeEnd(byte[] bytes, int from, int to) {
        int digits = from + (bytes[from] == '-' ? 1 : 0);
        int at = digits;
        while (at < to && isDigit(bytes[at])) {
            at++;
        }
        return at == digits || at - digits > most ? -1 : at;
    }

    private boolean isNumber(byte[] bytes, int from, int to) {
        int end = wholeEnd(bytes, from, to);
        if (end < 0 || end == to || bytes[end] != '.') {
            return end == to;
        }
        int at = end + 1;
        while (at < to && isDigit(bytes[at])) {
            at++;
        }
        return at == to && at > end + 1 && to - from <= LONGEST_NUMBER;
    }

    /** Where a day, or a day and a time, end; -1 if there is none. */
    private static int timestampEnd(byte[] bytes, int from, int to) {
        int date = from + DATE_LENGTH;
        if (to < date || !isDate(bytes, from)) {
            return -1;
        }
        if (date == to) {
            return date;
        }
        return bytes[date] == ' ' || bytes[date] == 'T' ? timeEnd(bytes, date + 1, to) : -1;
    }

    private static boolean isDate(byte[] bytes, int from) {
        int century = two(bytes, from);
        int year = century * 100 + two(bytes, from + 2);
        int month = two(bytes, from + 5);
        int day = two(bytes, from + 8);
        boolean dashed = bytes[from + 4] == '-' && bytes[from + 7] == '-';
        if (!dashed || century < 1 || year % 100 < 0 || month < 1 || month > 12 || day < 1) {
            return false;
        }
        return day <= daysOf(year, month);
    }

    private static int daysOf(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Where a time such as 12:34:56.789 ends; -1 if there is none. */
    private static int timeEnd(byte[] bytes, int from, int to) {
        int end = from + TIME_LENGTH;
        if (to < end || bytes[from + 2] != ':' || bytes[from + 5] != ':') {
            return -1;
        }
        if (!isBelow(two(bytes, from), 24)
                || !isBelow(two(bytes, from + 3), 60)
                || !isBelow(two(bytes, from + 6), 60)) {
            return -1;
        }
        if (end == to || bytes[end] != '.') {
            return end;
        }
        int at = end + 1;
        while (at < to && isDigit(bytes[at])) {
            at++;
        }
        int digits = at - end - 1;
        return digits < 1 || digits > 6 ? -1 : at;
    }

    /** Whether the rest is an offset from UTC: Z, +01 or +01:30. */
    private static boolean isOffset(byte[] bytes, int from, int to) {
        if (bytes[from] == 'Z') {
            return to == from + 1;
        }
        boolean signed = bytes[from] == '+' || bytes[from] == '-';
        boolean hours = to - from >= 3 && isBelow(two(bytes, from + 1), MOST_OFFSET_HOURS + 1);
        if (!signed || !hours) {
            return false;
        }
        return to == from + 3
                || (to == from + 6 && bytes[from + 3] == ':' && isBelow(two(bytes, from + 4), 60));
    }

    /** The number that two digits make; far below zero if they are none. */
    private static int two(byte[] bytes, int from) {
        return isDigit(bytes[from]) && isDigit(bytes[from + 1])
                ? (bytes[from] - '0') * 10 + bytes[from + 1] - '0'
                : -10_000;
    }

    private static boolean isBelow(int number, int limit) {
        return number >= 0 && number < limit;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
