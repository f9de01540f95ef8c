package dev.tarn.jdbc;

import dev.tarn.jdbc.Dialect.Reading;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.StringJoiner;
import java.util.UUID;

/** Takes apart what PostgreSQL's COPY sends in its binary form: one message, one row. */
final class BinaryRows {
    /** The signature, flags, and the length of an extension that nobody uses. */
    private static final int HEADER = 19;

    /** From 1970 to 2000, which is where PostgreSQL's days and moments begin. */
    private static final int DAYS = 10_957;

    private static final long MICROS = DAYS * 86_400_000_000L;
    private static final long LONGEST_DAY = 86_400_000_000L;
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final Reading reading;
    private final Column[] columns;
    private final RowSink sink;
    private boolean begun;
    private long number;

    BinaryRows(Reading reading) {
        this.reading = reading;
        columns = reading.columns().toArray(Column[]::new);
        sink = reading.rows();
    }

    void take(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        if (!begun) {
            begun = true;
            in.position(HEADER);
        }
        if (in.remaining() < 2) {
            return;
        }
        int start = in.position();
        if (in.getShort() < 0) {
            return;
        }
        number++;
        reading.pace().row(number);
        for (Column column : columns) {
            int length = in.getInt();
            if (length < 0) {
                sink.nothing();
                continue;
            }
            int at = in.position();
            try {
                value(column, in, length, sink);
            } catch (Unfit unfit) {
                if (reading.nullForImpossible()) {
                    sink.nothing();
                } else {
                    sink.dropRow();
                    in.position(start);
                    reading.refusals()
                            .refuse(
                                    reading.part(),
                                    number,
                                    "'%s': %s".formatted(column.name(), unfit.reason()),
                                    shown(in));
                    return;
                }
            }
            in.position(at + length);
        }
        sink.endRow();
    }

    private static void value(Column column, ByteBuffer in, int length, RowSink sink) {
        switch (column.form()) {
            case TRUTH -> sink.truth(in.get() != 0);
            case INT2 -> sink.integer(in.getShort());
            case INT4 -> sink.integer(in.getInt());
            case INT8 -> sink.integer(in.getLong());
            case OID -> sink.integer(Integer.toUnsignedLong(in.getInt()));
            case FLOAT4 -> sink.number(in.getFloat());
            case FLOAT8 -> sink.number(in.getDouble());
            case NUMERIC -> decimal(column, in, sink);
            case NUMERIC_TEXT -> sink.text(numberText(in));
            case TEXT, BYTES -> sink.bytes(bytes(in, length));
            case JSONB -> {
                in.get();
                sink.bytes(bytes(in, length - 1));
            }
            case DATE -> sink.date(day(in));
            case TIME -> sink.time(time(in));
            case TIMESTAMP -> sink.timestamp(moment(in));
            case UUID -> sink.uuid(in.getLong(), in.getLong());
            case ARRAY -> sink.json(array(column, in));
            case GEOMETRY -> throw new IllegalStateException("PostgreSQL's come as texts");
        }
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        int from = in.arrayOffset() + in.position();
        return Arrays.copyOfRange(in.array(), from, from + length);
    }

    private static int day(ByteBuffer in) {
        int day = in.getInt();
        if (day == Integer.MAX_VALUE || day == Integer.MIN_VALUE) {
            throw new Unfit((day > 0 ? "infinity" : "-infinity") + " is no date");
        }
        return day + DAYS;
    }

    private static long moment(ByteBuffer in) {
        long micros = in.getLong();
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            throw new Unfit((micros > 0 ? "infinity" : "-infinity") + " is no point in time");
        }
        return micros + MICROS;
    }

    private static long time(ByteBuffer in) {
        long micros = in.getLong();
        if (micros >= LONGEST_DAY) {
            throw new Unfit("24:00:00 is no time of a day");
        }
        return micros;
    }

    /** Most numbers have no more digits than a long. */
    private static void decimal(Column column, ByteBuffer in, RowSink sink) {
        int at = in.position();
        int scale = ((Type.Decimal) column.type()).scale();
        int groups = in.getShort(at);
        int weight = in.getShort(at + 2);
        int sign = in.getShort(at + 4) & 0xFFFF;
        // How many digits have to follow those of the groups, up to the column's scale.
        int missing = scale - (groups - 1 - weight) * 4;
        if (groups == 0 || groups > 3 || missing > 6 || missing < -3 || (sign & 0xC000) == 0xC000) {
            sink.decimal(number(in, column.type()));
            return;
        }
        long digits = 0;
        for (int i = 0; i < groups; i++) {
            digits = digits * 10_000 + in.getShort(at + 8 + 2 * i);
        }
        if (missing < 0 && digits % POWERS[-missing] != 0) {
            sink.decimal(number(in, column.type()));
            return;
        }
        digits = missing < 0 ? digits / POWERS[-missing] : digits * POWERS[missing];
        sink.decimal(sign == 0 ? digits : -digits, scale);
    }

    private static BigDecimal number(ByteBuffer in, Type type) {
        BigDecimal value = number(in);
        if (type instanceof Type.Decimal decimal && value.scale() > decimal.scale()) {
            return value.setScale(decimal.scale(), java.math.RoundingMode.UNNECESSARY);
        }
        return value;
    }

    private static String numberText(ByteBuffer in) {
        int at = in.position();
        String special = special(in.getShort(at + 4) & 0xFFFF);
        return special.isEmpty() ? number(in).toPlainString() : special;
    }

    private static String special(int sign) {
        return switch (sign) {
            case 0xC000 -> "NaN";
            case 0xD000 -> "Infinity";
            case 0xF000 -> "-Infinity";
            default -> "";
        };
    }

    /** Groups of four digits, the first of them with a weight. */
    private static BigDecimal number(ByteBuffer in) {
        int groups = in.getShort();
        int weight = in.getShort();
        int sign = in.getShort() & 0xFFFF;
        int scale = in.getShort() & 0xFFFF;
        String special = special(sign);
        if (!special.isEmpty()) {
            throw new Unfit(special + " is no decimal number");
        }
        if (groups == 0) {
            return BigDecimal.valueOf(0, scale);
        }
        // How many digits stand behind the point in what the groups say.
        int behind = (groups - 1 - weight) * 4;
        BigDecimal value;
        if (groups <= 4) {
            long digits = 0;
            for (int i = 0; i < groups; i++) {
                digits = digits * 10_000 + in.getShort();
            }
            digits = sign == 0 ? digits : -digits;
            if (behind > scale && behind - scale < 4) {
                return BigDecimal.valueOf(digits / POWERS[behind - scale], scale);
            }
            value = BigDecimal.valueOf(digits, behind);
        } else {
            BigInteger digits = BigInteger.ZERO;
            BigInteger base = BigInteger.valueOf(10_000);
            for (int i = 0; i < groups; i++) {
                digits = digits.multiply(base).add(BigInteger.valueOf(in.getShort()));
            }
            value = new BigDecimal(sign == 0 ? digits : digits.negate(), behind);
        }
        return value.scale() == scale ? value : value.setScale(scale);
    }

    /** A list of one dimension as JSON. */
    private static String array(Column column, ByteBuffer in) {
        int dimensions = in.getInt();
        in.getInt();
        in.getInt();
        if (dimensions == 0) {
            return "[]";
        }
        if (dimensions > 1) {
            throw new Unfit("an array of " + dimensions + " dimensions is no list");
        }
        int size = in.getInt();
        in.getInt();
        Type type = ((Type.ListOf) column.type()).element().type();
        StringJoiner json = new StringJoiner(",", "[", "]");
        for (int i = 0; i < size; i++) {
            int length = in.getInt();
            if (length < 0) {
                json.add("null");
                continue;
            }
            int at = in.position();
            json.add(element((Primitive) type, length, in));
            in.position(at + length);
        }
        return json.toString();
    }

    private static String element(Primitive type, int length, ByteBuffer in) {
        return switch (type) {
            case BOOLEAN -> in.get() == 0 ? "false" : "true";
            case INTEGER -> Integer.toString(length == 2 ? in.getShort() : in.getInt());
            case BIGINT -> Long.toString(in.getLong());
            case FLOAT -> finite(in.getFloat());
            case DOUBLE -> finite(in.getDouble());
            case UUID -> quoted(new UUID(in.getLong(), in.getLong()).toString());
            case DATE -> quoted(LocalDate.ofEpochDay(day(in)).toString());
            case TIMESTAMP -> quoted(local(moment(in)).toString());
            case TIMESTAMPTZ -> quoted(local(moment(in)) + "Z");
            default -> quoted(new String(bytes(in, length), StandardCharsets.UTF_8));
        };
    }

    static String finite(double value) {
        String text = Double.toString(value);
        return Double.isFinite(value) ? text : quoted(text);
    }

    static String finite(float value) {
        String text = Float.toString(value);
        return Float.isFinite(value) ? text : quoted(text);
    }

    static LocalDateTime local(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L),
                (int) Math.floorMod(micros, 1_000_000L) * 1_000,
                ZoneOffset.UTC);
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** A whole row as JSON, for people to look at. */
    private String shown(ByteBuffer in) {
        JsonRow row = new JsonRow();
        in.getShort();
        for (Column column : columns) {
            row.name(column.name());
            int length = in.getInt();
            if (length < 0) {
                row.nothing();
                continue;
            }
            int at = in.position();
            try {
                value(column, in, length, row);
            } catch (Unfit unfit) {
                row.text(unfit.reason());
            }
            in.position(at + length);
        }
        return row.toString();
    }
}
