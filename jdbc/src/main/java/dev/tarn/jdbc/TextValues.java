package dev.tarn.jdbc;

import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells values as PostgreSQL writes them, with ISO dates in UTC: each becomes what {@link
 * BinaryRows} makes of the same value.
 */
final class TextValues {
    private static final long DAY = 86_400_000_000L;

    private TextValues() {}

    static void tell(Column column, byte[] value, RowSink sink) {
        switch (column.form()) {
            case TEXT -> {
                if (column.sourceType().equals("inet")) {
                    sink.text(withMask(text(value)));
                } else {
                    sink.bytes(value);
                }
            }
            case JSONB, NUMERIC_TEXT -> sink.bytes(value);
            default -> tell(column, text(value), sink);
        }
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    static void tell(Column column, String text, RowSink sink) {
        try {
            switch (column.form()) {
                case TRUTH -> sink.truth(text.equals("t"));
                case INT2, INT4, INT8, OID -> sink.integer(Long.parseLong(text));
                case FLOAT4 -> sink.number(Float.parseFloat(text));
                case FLOAT8 -> sink.number(Double.parseDouble(text));
                case NUMERIC -> sink.decimal(number(text, column.type()));
                case BYTES -> sink.bytes(HexFormat.of().parseHex(text, 2, text.length()));
                case DATE -> sink.date(day(text));
                case TIME -> sink.time(time(text));
                case TIMESTAMP -> sink.timestamp(moment(text));
                case UUID -> {
                    UUID uuid = UUID.fromString(text);
                    sink.uuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
                }
                case ARRAY -> sink.json(array(column, text));
                case GEOMETRY -> sink.text(WellKnownText.of(HexFormat.of().parseHex(text)));
                case TEXT, JSONB, NUMERIC_TEXT -> sink.text(text);
            }
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            // After a change of type: what was written before it.
            throw new Unfit("'%s' is no %s".formatted(text, column.type()));
        }
    }

    /** A cast to text, by which the table is read at first, always writes it. */
    private static String withMask(String address) {
        if (address.indexOf('/') >= 0) {
            return address;
        }
        return address + (address.indexOf(':') < 0 ? "/32" : "/128");
    }

    private static BigDecimal number(String text, Type type) {
        if (text.endsWith("NaN") || text.endsWith("Infinity")) {
            throw new Unfit(text + " is no decimal number");
        }
        BigDecimal value = new BigDecimal(text);
        if (type instanceof Type.Decimal decimal && value.scale() > decimal.scale()) {
            return value.setScale(decimal.scale(), RoundingMode.UNNECESSARY);
        }
        return value;
    }

    private static int day(String text) {
        if (text.endsWith("infinity")) {
            throw new Unfit(text + " is no date");
        }
        return Math.toIntExact(date(text).toEpochDay());
    }

    /** {@code 2026-11-21}, {@code 12026-11-21}, {@code 0044-03-15 BC}. */
    private static LocalDate date(String text) {
        boolean isBefore = text.endsWith(" BC");
        String plain = isBefore ? text.substring(0, text.length() - 3) : text;
        int end = plain.indexOf('-');
        int year = Integer.parseInt(plain, 0, end, 10);
        return LocalDate.of(
                isBefore ? 1 - year : year,
                Integer.parseInt(plain, end + 1, end + 3, 10),
                Integer.parseInt(plain, end + 4, end + 6, 10));
    }

    private static long time(String text) {
        long micros = clock(text);
        if (micros >= DAY) {
            throw new Unfit("24:00:00 is no time of a day");
        }
        return micros;
    }

    /** {@code 12:34:56.789}. */
    private static long clock(String text) {
        long seconds =
                Integer.parseInt(text, 0, 2, 10) * 3_600L
                        + Integer.parseInt(text, 3, 5, 10) * 60L
                        + Integer.parseInt(text, 6, 8, 10);
        long micros = 0;
        if (text.length() > 9) {
            micros = Integer.parseInt(text, 9, text.length(), 10);
            for (int i = text.length(); i < 15; i++) {
                micros *= 10;
            }
        }
        return seconds * 1_000_000 + micros;
    }

    /** A date and a time, perhaps with an offset from UTC behind it. */
    private static long moment(String text) {
        if (text.endsWith("infinity")) {
            throw new Unfit(text + " is no point in time");
        }
        boolean isBefore = text.endsWith(" BC");
        String plain = isBefore ? text.substring(0, text.length() - 3) : text;
        int space = plain.indexOf(' ');
        LocalDate date = date(plain.substring(0, space) + (isBefore ? " BC" : ""));
        int end = space + 1;
        while (end < plain.length() && "+-".indexOf(plain.charAt(end)) < 0) {
            end++;
        }
        long micros = clock(plain.substring(space + 1, end));
        if (end < plain.length()) {
            micros -= offset(plain.substring(end));
        }
        return Math.addExact(Math.multiplyExact(date.toEpochDay(), DAY), micros);
    }

    /** {@code +01}, {@code -03:30}. */
    private static long offset(String text) {
        String[] parts = text.substring(1).split(":", -1);
        long seconds = 0;
        for (int i = 0; i < 3; i++) {
            seconds = seconds * 60 + (i < parts.length ? Integer.parseInt(parts[i]) : 0);
        }
        return (text.charAt(0) == '-' ? -seconds : seconds) * 1_000_000;
    }

    /** A list of one dimension as JSON. */
    private static String array(Column column, String text) {
        // An array that does not begin with 1 says where it does: [0:1]={1,2}
        String body = text.startsWith("[") ? text.substring(text.indexOf('=') + 1) : text;
        int dimensions = 0;
        while (dimensions < body.length() && body.charAt(dimensions) == '{') {
            dimensions++;
        }
        if (dimensions > 1) {
            throw new Unfit("an array of " + dimensions + " dimensions is no list");
        }
        Primitive type = (Primitive) ((Type.ListOf) column.type()).element().type();
        StringJoiner json = new StringJoiner(",", "[", "]");
        int at = 1;
        while (body.charAt(at) != '}') {
            at = element(body, at, type, json);
            if (body.charAt(at) == ',') {
                at++;
            }
        }
        return json.toString();
    }

    /** Reads one element; returns where it ends. */
    private static int element(String body, int from, Primitive type, StringJoiner json) {
        StringBuilder value = new StringBuilder();
        int at = from;
        boolean isQuoted = body.charAt(at) == '"';
        if (isQuoted) {
            for (at++; body.charAt(at) != '"'; at++) {
                if (body.charAt(at) == '\\') {
                    at++;
                }
                value.append(body.charAt(at));
            }
            at++;
        } else {
            for (; body.charAt(at) != ',' && body.charAt(at) != '}'; at++) {
                value.append(body.charAt(at));
            }
        }
        String text = value.toString();
        json.add(json(type, !isQuoted && text.equals("NULL") ? null : text));
        return at;
    }

    private static String json(Primitive type, @Nullable String text) {
        if (text == null) {
            return "null";
        }
        return switch (type) {
            case BOOLEAN -> text.equals("t") ? "true" : "false";
            case INTEGER, BIGINT -> text;
            case FLOAT -> BinaryRows.finite(Float.parseFloat(text));
            case DOUBLE -> BinaryRows.finite(Double.parseDouble(text));
            case DATE -> BinaryRows.quoted(LocalDate.ofEpochDay(day(text)).toString());
            case TIMESTAMP -> BinaryRows.quoted(BinaryRows.local(moment(text)).toString());
            case TIMESTAMPTZ -> BinaryRows.quoted(BinaryRows.local(moment(text)) + "Z");
            default -> BinaryRows.quoted(text);
        };
    }
}
