package dev.tarn.ingest;

import dev.tarn.ingest.LineColumn.Found;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.ObjectForm;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of one member as a column beside the objects, so that the engine need not take these
 * apart. A lane has all values or is given up: the engine then reads the member out of the objects.
 * A lane of texts has the texts that the engine would read.
 */
final class MemberLane {
    private static final int MOST_WHOLE_DIGITS = 18;
    private static final long DAY_MICROS = 86_400_000_000L;
    private static final double[] POWERS = new double[16];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    final LineColumn column;

    /** The column of the relation. */
    final Field field;

    private final Primitive type;
    private boolean whole = true;
    private byte[] room = new byte[64];
    private int lastWritten;
    private long lastDay;

    MemberLane(LineColumn column, String name, Primitive type) {
        this.column = column;
        this.field = Field.of(name, type);
        this.type = type;
    }

    Primitive type() {
        return type;
    }

    /** Whether every value that was told is there. */
    boolean isWhole() {
        return whole;
    }

    /** Gives the lane up: a value was nowhere to be told. */
    void giveUp() {
        whole = false;
    }

    /** Tells the value that stands in a plain line. */
    void tell(JsonLine line, byte[] bytes, RowSink rows) {
        Found found = line.found(column);
        if (found == Found.NULL || !whole) {
            rows.nothing();
            return;
        }
        int from = column.from();
        int to = column.to();
        boolean told =
                switch (type) {
                    case BIGINT ->
                            found == Found.WHOLE
                                    && integer(
                                            bytes[from] == '-', to - from, column.digits(), rows);
                    case DOUBLE ->
                            (found == Found.WHOLE
                                            || found == Found.FRACTION
                                            || found == Found.LOOSE)
                                    && number(
                                            bytes[from] == '-',
                                            to - from,
                                            column.digits(),
                                            column.behind(),
                                            rows);
                    case BOOLEAN -> truth(found, rows);
                    case FLOAT -> false;
                    case DATE, TIMESTAMP, TIMESTAMPTZ ->
                            found == Found.STRING
                                    && moment(bytes, from, to, column.isKnownAs(type), rows);
                    default -> text(found, bytes, from, to, rows);
                };
        if (!told) {
            giveUp();
            rows.nothing();
        }
    }

    /** Tells the value of an object that the engine would have read in another way. */
    void tell(JsonText.@Nullable Value value, RowSink rows) {
        String text = value == null ? null : value.text();
        if (value == null || text == null || !whole) {
            rows.nothing();
            return;
        }
        boolean told =
                switch (type) {
                    case BIGINT, DOUBLE -> {
                        boolean same =
                                value.shape().equals(JsonShape.of(TextType.INTEGER))
                                        && !text.equals("-0");
                        long all = same ? Long.parseLong(text) : 0;
                        int length = text.length();
                        yield same
                                && (type == Primitive.BIGINT
                                        ? integer(all < 0, length, Math.abs(all), rows)
                                        : number(all < 0, length, Math.abs(all), 0, rows));
                    }
                    case BOOLEAN -> {
                        boolean same = value.shape().equals(JsonShape.of(TextType.BOOLEAN));
                        yield same && truth(text.equals("true") ? Found.TRUE : Found.FALSE, rows);
                    }
                    case FLOAT -> false;
                    case DATE, TIMESTAMP, TIMESTAMPTZ -> {
                        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                        yield moment(bytes, 0, bytes.length, false, rows);
                    }
                    default -> {
                        boolean plain =
                                text.chars()
                                        .noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
                        if (plain) {
                            rows.text(text);
                        }
                        yield plain;
                    }
                };
        if (!told) {
            giveUp();
            rows.nothing();
        }
    }

    /**
     * Tells a member of the object that a form has read.
     *
     * @param member its place; -1 if objects of the form do not have it
     */
    void tell(ObjectForm form, int member, RowSink rows) {
        if (member < 0 || !whole) {
            rows.nothing();
        } else {
            form.tell(member, rows);
        }
    }

    private static boolean truth(Found found, RowSink rows) {
        if (found != Found.TRUE && found != Found.FALSE) {
            return false;
        }
        rows.truth(found == Found.TRUE);
        return true;
    }

    /**
     * @param length of the number with its sign
     * @param digits without the sign
     */
    private static boolean integer(boolean negative, int length, long digits, RowSink rows) {
        if (length - (negative ? 1 : 0) > MOST_WHOLE_DIGITS) {
            return false;
        }
        rows.integer(negative ? -digits : digits);
        return true;
    }

    /**
     * Numbers of up to fifteen digits and the power of ten by which they are divided have no
     * rounding of their own, so the quotient is the nearest number there is.
     */
    private static boolean number(
            boolean negative, int length, long digits, int behind, RowSink rows) {
        int count = length - (negative ? 1 : 0) - (behind > 0 ? 1 : 0);
        if (count > (behind > 0 ? LineColumn.MOST_EXACT_DIGITS : MOST_WHOLE_DIGITS)) {
            return false;
        }
        double value = behind > 0 ? digits / POWERS[behind] : digits;
        rows.number(negative ? -value : value);
        return true;
    }

    /**
     * @param known whether the text was already found to be of the type
     */
    private boolean moment(byte[] bytes, int from, int to, boolean known, RowSink rows) {
        if (type == Primitive.DATE) {
            if (!known && !CertainText.isDay(bytes, from, to)) {
                return false;
            }
            rows.date((int) day(bytes, from));
            return true;
        }
        boolean offset = type == Primitive.TIMESTAMPTZ;
        if (!known && !CertainText.isTimestamp(bytes, from, to, offset)) {
            return false;
        }
        rows.timestamp(micros(bytes, from, to));
        return true;
    }

    /** Microseconds since 1970 of a day and a time that are certain. */
    private long micros(byte[] bytes, int from, int to) {
        int time = from + 11;
        long seconds = two(bytes, time) * 3600L + two(bytes, time + 3) * 60L + two(bytes, time + 6);
        long micros = 0;
        int at = time + 8;
        if (at < to && bytes[at] == '.') {
            int digits = 0;
            for (at++; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
                micros = micros * 10 + bytes[at] - '0';
                digits++;
            }
            for (; digits < 6; digits++) {
                micros *= 10;
            }
        }
        if (at < to && bytes[at] != 'Z') {
            int minutes = two(bytes, at + 1) * 60 + (to - at > 3 ? two(bytes, at + 4) : 0);
            seconds += bytes[at] == '-' ? minutes * 60L : -minutes * 60L;
        }
        return day(bytes, from) * DAY_MICROS + seconds * 1_000_000 + micros;
    }

    /** Days since 1970; most values are of the day of the one before. */
    private long day(byte[] bytes, int from) {
        int year = two(bytes, from) * 100 + two(bytes, from + 2);
        int month = two(bytes, from + 5);
        int day = two(bytes, from + 8);
        int written = (year * 100 + month) * 100 + day;
        if (written != lastWritten) {
            lastDay = LocalDate.of(year, month, day).toEpochDay();
            lastWritten = written;
        }
        return lastDay;
    }

    private static int two(byte[] bytes, int from) {
        return (bytes[from] - '0') * 10 + bytes[from + 1] - '0';
    }

    private boolean text(Found found, byte[] bytes, int from, int to, RowSink rows) {
        switch (found) {
            case STRING, WHOLE, FRACTION, TRUE, FALSE, TIDY -> rows.bytes(bytes, from, to);
            case ESCAPED -> {
                if (room.length < to - from) {
                    room = new byte[2 * (to - from)];
                }
                rows.bytes(room, 0, Escapes.undo(bytes, from, to, room));
            }
            case LOOSE, UNTIDY, NULL -> {
                return false;
            }
        }
        return true;
    }

    /** The lane in SQL. */
    String name() {
        return Branch.name(field.name());
    }

    /**
     * What makes a value of a type of the lane's; empty if the text of a value would be needed.
     *
     * @param vouched whether the source says that all values are of the type
     */
    Optional<String> as(Type wanted, boolean vouched) {
        if (type.equals(wanted)) {
            return Optional.of(name());
        }
        boolean wider = type == Primitive.BIGINT && wanted == Primitive.DOUBLE;
        boolean narrower = type == Primitive.BIGINT && wanted == Primitive.INTEGER && vouched;
        return wider || narrower
                ? Optional.of("CAST(" + name() + " AS " + wanted.sql() + ")")
                : Optional.empty();
    }
}
