package dev.tarn.kafka;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.ObjectForm;
import dev.tarn.spi.RowSink;
import dev.tarn.spi.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;

/**
 * Records of an Avro schema whose fields all are scalars of one type, told field by field. Bytes
 * that are no such record, and those with a value that only its JSON can tell, are left to {@link
 * AvroReader}, which also says what is wrong with them.
 */
final class AvroObjects implements ObjectForm {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Of these days everybody writes the same, and of times in them. */
    private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();

    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long DAY_MICROS = 86_400_000_000L;

    private final Schema members;
    private final AvroField[] fields;
    private final AvroReader asJson;

    /** Whether the record that was read last has the values. */
    private final boolean[] there;

    /** These values: numbers, or where a text begins. */
    private final long[] numbers;

    /** Where texts end. */
    private final int[] ends;

    /** Texts that stand in the message in another way. */
    private final JsonBytes texts = new JsonBytes();

    private byte[] message = {};
    private int at;
    private int end;

    private AvroObjects(Schema members, AvroField[] fields, AvroReader asJson) {
        this.members = members;
        this.fields = fields;
        this.asJson = asJson;
        this.there = new boolean[fields.length];
        this.numbers = new long[fields.length];
        this.ends = new int[fields.length];
    }

    /**
     * Empty for schemas with other fields than scalars.
     *
     * @param columns what is certain of the columns that its records have
     */
    static Optional<ObjectForm> of(org.apache.avro.Schema avro, Schema columns) {
        if (avro.getType() != org.apache.avro.Schema.Type.RECORD
                || columns.fields().size() != avro.getFields().size()) {
            return Optional.empty();
        }
        AvroField[] fields =
                avro.getFields().stream()
                        .flatMap(f -> AvroField.of(f.schema()).stream())
                        .toArray(AvroField[]::new);
        return fields.length == columns.fields().size()
                ? Optional.of(new AvroObjects(columns, fields, new AvroReader(avro)))
                : Optional.empty();
    }

    @Override
    public Schema members() {
        return members;
    }

    @Override
    public byte[] json(byte[] bytes, int from, int to) {
        JsonBytes out = new JsonBytes();
        synchronized (asJson) {
            try {
                asJson.read(to == bytes.length ? bytes : Arrays.copyOf(bytes, to), from, out);
            } catch (Undecodable e) {
                throw new IllegalStateException("A record that was told is none.", e);
            }
        }
        return out.copy();
    }

    @Override
    public boolean read(byte[] bytes, int from, int to) {
        message = bytes;
        at = from;
        end = to;
        texts.clear();
        try {
            for (int i = 0; i < fields.length; i++) {
                AvroField field = fields[i];
                there[i] = field.nothing() < 0 || isThere(field);
                if (there[i] && !value(i, field)) {
                    return false;
                }
            }
            return at == end;
        } catch (RuntimeException e) {
            // The other reader says what is wrong.
            return false;
        }
    }

    /** Of two branches one stands for nothing. */
    private boolean isThere(AvroField field) {
        long branch = number();
        if (branch < 0 || branch > field.branches()) {
            throw new IndexOutOfBoundsException();
        }
        return branch != field.nothing();
    }

    /** Reads a value; false if only its JSON can tell it. */
    private boolean value(int place, AvroField field) {
        switch (field.kind()) {
            case TRUTH -> numbers[place] = Byte.toUnsignedLong(message[take(1)]);
            case INT, LONG, DATE, TIME_MILLIS, TIME_MICROS, MILLIS, MICROS, NANOS, SYMBOL ->
                    numbers[place] = number();
            case FLOAT -> numbers[place] = (int) INTS.get(message, take(Float.BYTES));
            case DOUBLE -> numbers[place] = (long) LONGS.get(message, take(Double.BYTES));
            case TEXT, BYTES, DECIMAL -> {
                int length = Math.toIntExact(number());
                numbers[place] = take(length);
                ends[place] = at;
            }
            case FIXED, UUID, FIXED_DECIMAL -> {
                numbers[place] = take(field.size());
                ends[place] = at;
            }
        }
        return isCertain(place, field);
    }

    private boolean isCertain(int place, AvroField field) {
        long value = numbers[place];
        return switch (field.kind()) {
            case TRUTH -> value <= 1;
            case LONG, FLOAT, DOUBLE -> true;
            case INT -> (int) value == value;
            case DATE -> FIRST_DAY <= value && value <= LAST_DAY;
            case MILLIS -> isTime(value, DAY_MICROS / 1000);
            case MICROS -> isTime(value, DAY_MICROS);
            case TEXT -> isPlain((int) value, ends[place]);
            case TIME_MILLIS, SYMBOL -> (int) value == value && written(place, field);
            case TIME_MICROS, NANOS, BYTES, DECIMAL, FIXED, UUID, FIXED_DECIMAL ->
                    written(place, field);
        };
    }

    private static boolean isTime(long value, long perDay) {
        return FIRST_DAY * perDay <= value && value < (LAST_DAY + 1) * perDay;
    }

    private boolean isPlain(int from, int to) {
        for (int i = from; i < to; i++) {
            if (message[i] == 0) {
                return false;
            }
        }
        return Utf8.isText(message, from, to);
    }

    /** Makes the text of a value as JSON has it; false if it has it in another way. */
    private boolean written(int place, AvroField field) {
        int from = texts.size();
        field.write(message, numbers[place], ends[place], texts);
        numbers[place] = from + 1L;
        ends[place] = texts.size() - 1;
        return texts.isPlain(from + 1, ends[place]);
    }

    /** Passes over bytes; returns where they begin. */
    private int take(int length) {
        if (length < 0 || length > end - at) {
            throw new IndexOutOfBoundsException();
        }
        int from = at;
        at += length;
        return from;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte b = message[take(1)];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                if (shift == 63 && b > 1) {
                    break;
                }
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new ArithmeticException();
    }

    /** There are many that are no numbers, and one that JSON has a word for. */
    private static double number(double value) {
        return Double.isNaN(value) ? Double.NaN : value;
    }

    @Override
    public void tell(int member, RowSink rows) {
        if (!there[member]) {
            rows.nothing();
            return;
        }
        long value = numbers[member];
        switch (fields[member].kind()) {
            case TRUTH -> rows.truth(value == 1);
            case INT, LONG -> rows.integer(value);
            case FLOAT -> rows.number(number(Float.intBitsToFloat((int) value)));
            case DOUBLE -> rows.number(number(Double.longBitsToDouble(value)));
            case DATE -> rows.date((int) value);
            case MILLIS -> rows.timestamp(value * 1000);
            case MICROS -> rows.timestamp(value);
            case TEXT -> rows.bytes(message, (int) value, ends[member]);
            case TIME_MILLIS,
                    TIME_MICROS,
                    NANOS,
                    SYMBOL,
                    BYTES,
                    DECIMAL,
                    FIXED,
                    UUID,
                    FIXED_DECIMAL ->
                    rows.bytes(texts.copy((int) value, ends[member]));
        }
    }
}
