package dev.tarn.kafka;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows in Avro's binary form, by the schema that {@link AvroSchemas} makes of their columns,
 * with a tree of small writers that is made once.
 */
final class AvroWriter {
    private static final long MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;

    private final Part[] parts;
    private final List<String> names;

    AvroWriter(List<Field> columns) {
        this.parts = parts(columns);
        this.names = columns.stream().map(Field::name).toList();
    }

    /**
     * Writes a row, whose values come in the order of the columns.
     *
     * @throws Unwritable if Avro has no place for a value
     */
    void row(List<@Nullable Object> row, Encoder out) throws IOException {
        for (int i = 0; i < parts.length; i++) {
            try {
                parts[i].write(row.get(i), out);
            } catch (ArithmeticException | ClassCastException e) {
                throw new Unwritable(names.get(i), String.valueOf(row.get(i)), e);
            }
        }
    }

    /** A value that its type in Avro has no place for. */
    static final class Unwritable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String column;

        Unwritable(String column, String value, Throwable cause) {
            super(value, cause);
            this.column = column;
        }

        String column() {
            return column;
        }
    }

    /** Writes one part of a row. */
    private interface Part {
        void write(@Nullable Object value, Encoder out) throws IOException;
    }

    /** The same for what is not null. */
    private interface Present {
        void write(Object value, Encoder out) throws IOException;
    }

    private static Part[] parts(List<Field> fields) {
        return fields.stream().map(f -> orNull(type(f.type()))).toArray(Part[]::new);
    }

    /** The first branch is null, the second the value. */
    private static Part orNull(Present present) {
        return (value, out) -> {
            if (value == null) {
                out.writeIndex(0);
            } else {
                out.writeIndex(1);
                present.write(value, out);
            }
        };
    }

    private static Present type(Type type) {
        return switch (type) {
            case Primitive primitive -> primitive(primitive);
            case Type.Decimal d ->
                    (value, out) ->
                            out.writeBytes(
                                    ((BigDecimal) value)
                                            .setScale(d.scale(), RoundingMode.UNNECESSARY)
                                            .unscaledValue()
                                            .toByteArray());
            case Type.Struct struct -> struct(struct.fields());
            case Type.ListOf list -> list(orNull(type(list.element().type())));
            case Type.MapOf map ->
                    map.key().type() == Primitive.VARCHAR
                            ? map(orNull(type(map.value().type())))
                            : pairs(
                                    orNull(type(map.key().type())),
                                    orNull(type(map.value().type())));
        };
    }

    private static Present primitive(Primitive type) {
        return switch (type) {
            case BOOLEAN -> (value, out) -> out.writeBoolean((Boolean) value);
            case INTEGER -> (value, out) -> out.writeInt((Integer) value);
            case BIGINT -> (value, out) -> out.writeLong((Long) value);
            case FLOAT -> (value, out) -> out.writeFloat((Float) value);
            case DOUBLE -> (value, out) -> out.writeDouble((Double) value);
            case DATE ->
                    (value, out) -> out.writeInt(Math.toIntExact(((LocalDate) value).toEpochDay()));
            case TIME -> (value, out) -> out.writeLong(((LocalTime) value).toNanoOfDay() / 1_000);
            case TIMESTAMP ->
                    (value, out) ->
                            out.writeLong(
                                    since(
                                            ((LocalDateTime) value).toInstant(ZoneOffset.UTC),
                                            MICROS));
            case TIMESTAMPTZ -> (value, out) -> out.writeLong(since((Instant) value, MICROS));
            case TIMESTAMP_NS ->
                    (value, out) ->
                            out.writeLong(
                                    since(
                                            ((LocalDateTime) value).toInstant(ZoneOffset.UTC),
                                            NANOS));
            case VARCHAR, UUID -> (value, out) -> out.writeString(value.toString());
            case BINARY -> (value, out) -> out.writeBytes(ByteBuffer.wrap((byte[]) value));
            case VARIANT ->
                    (value, out) -> {
                        JsonBytes json = new JsonBytes();
                        JsonChange.value(value, json);
                        byte[] text = json.copy();
                        out.writeBytes(text);
                    };
        };
    }

    /** Units since 1970. */
    private static long since(Instant time, long perSecond) {
        return Math.addExact(
                Math.multiplyExact(time.getEpochSecond(), perSecond),
                time.getNano() / (NANOS / perSecond));
    }

    private static Present struct(List<Field> fields) {
        Part[] parts = parts(fields);
        String[] names = fields.stream().map(Field::name).toArray(String[]::new);
        return (value, out) -> {
            Map<?, ?> struct = (Map<?, ?>) value;
            for (int i = 0; i < parts.length; i++) {
                parts[i].write(struct.get(names[i]), out);
            }
        };
    }

    private static Present list(Part element) {
        return (value, out) -> {
            List<?> list = (List<?>) value;
            out.writeArrayStart();
            out.setItemCount(list.size());
            for (Object item : list) {
                out.startItem();
                element.write(item, out);
            }
            out.writeArrayEnd();
        };
    }

    private static Present map(Part of) {
        return (value, out) -> {
            Map<?, ?> map = (Map<?, ?>) value;
            out.writeMapStart();
            out.setItemCount(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.startItem();
                out.writeString(String.valueOf(entry.getKey()));
                of.write(entry.getValue(), out);
            }
            out.writeMapEnd();
        };
    }

    /** Avro's maps have texts as keys: others are lists of keys with values. */
    private static Present pairs(Part key, Part of) {
        return (value, out) -> {
            Map<?, ?> map = (Map<?, ?>) value;
            out.writeArrayStart();
            out.setItemCount(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.startItem();
                key.write(entry.getKey(), out);
                of.write(entry.getValue(), out);
            }
            out.writeArrayEnd();
        };
    }
}
