package dev.tarn.formats;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Avro's types and values as ours. */
final class AvroTypes {
    private AvroTypes() {}

    static Schema schema(Path file, org.apache.avro.Schema avro) {
        if (avro.getType() != org.apache.avro.Schema.Type.RECORD) {
            throw FormatErrors.unsupportedType(file, "(all)", avro.getType().getName());
        }
        requireEnd(file, "(all)", avro, new HashSet<>());
        List<Field> fields = new ArrayList<>();
        for (org.apache.avro.Schema.Field field : avro.getFields()) {
            fields.add(
                    field(
                            id(field.getObjectProp("field-id")),
                            field.name(),
                            type(file, field.name(), field.schema())));
        }
        return new Schema(fields);
    }

    /**
     * Records of Avro may contain themselves; columns cannot.
     *
     * @param around the records that it is in
     */
    private static void requireEnd(
            Path file, String column, org.apache.avro.Schema avro, Set<String> around) {
        switch (avro.getType()) {
            case RECORD -> {
                if (!around.add(avro.getFullName())) {
                    throw FormatErrors.unsupportedType(file, column, "record that contains itself");
                }
                avro.getFields().forEach(f -> requireEnd(file, f.name(), f.schema(), around));
                around.remove(avro.getFullName());
            }
            case ARRAY -> requireEnd(file, column, avro.getElementType(), around);
            case MAP -> requireEnd(file, column, avro.getValueType(), around);
            case UNION -> avro.getTypes().forEach(t -> requireEnd(file, column, t, around));
            case BOOLEAN, INT, LONG, FLOAT, DOUBLE, BYTES, FIXED, STRING, ENUM, NULL -> {}
        }
    }

    private static Type type(Path file, String column, org.apache.avro.Schema given) {
        org.apache.avro.Schema avro = present(given);
        LogicalType logical = avro.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal d) {
            return new Type.Decimal(d.getPrecision(), d.getScale());
        }
        return switch (avro.getType()) {
            case BOOLEAN -> Primitive.BOOLEAN;
            case INT -> named(logical, "date") ? Primitive.DATE : time(logical, Primitive.INTEGER);
            case LONG -> timestamp(avro, logical);
            case FLOAT -> Primitive.FLOAT;
            case DOUBLE -> Primitive.DOUBLE;
            case BYTES -> Primitive.BINARY;
            case FIXED -> named(logical, "uuid") ? Primitive.UUID : Primitive.BINARY;
            case STRING -> named(logical, "uuid") ? Primitive.UUID : Primitive.VARCHAR;
            case ENUM, NULL -> Primitive.VARCHAR;
            case ARRAY -> isMap(avro) ? entries(file, column, avro) : list(file, column, avro);
            case MAP ->
                    new Type.MapOf(
                            field(id(avro.getObjectProp("key-id")), "key", Primitive.VARCHAR)
                                    .asRequired(),
                            field(
                                    id(avro.getObjectProp("value-id")),
                                    "value",
                                    type(file, column, avro.getValueType())));
            case RECORD -> {
                List<Field> fields = new ArrayList<>();
                for (org.apache.avro.Schema.Field field : avro.getFields()) {
                    fields.add(
                            field(
                                    id(field.getObjectProp("field-id")),
                                    field.name(),
                                    type(file, column + "." + field.name(), field.schema())));
                }
                yield new Type.Struct(fields);
            }
            case UNION -> throw FormatErrors.unsupportedType(file, column, "union");
        };
    }

    private static Field field(int id, String name, Type type) {
        return new Field(id, name, type, false, Optional.empty(), Optional.empty());
    }

    /** The id that Iceberg gives a column; 0 for none. */
    private static int id(@Nullable Object property) {
        return property instanceof Number number ? number.intValue() : 0;
    }

    private static Type list(Path file, String column, org.apache.avro.Schema avro) {
        Type element = type(file, column, avro.getElementType());
        return new Type.ListOf(field(id(avro.getObjectProp("element-id")), "element", element));
    }

    /** Whether a list is a map whose keys are no texts, in Iceberg's way of writing. */
    private static boolean isMap(org.apache.avro.Schema avro) {
        return "map".equals(avro.getProp("logicalType"))
                && present(avro.getElementType()).getType() == org.apache.avro.Schema.Type.RECORD
                && present(avro.getElementType()).getFields().size() == 2;
    }

    private static Type entries(Path file, String column, org.apache.avro.Schema avro) {
        List<org.apache.avro.Schema.Field> parts = present(avro.getElementType()).getFields();
        List<Field> fields = new ArrayList<>();
        for (org.apache.avro.Schema.Field part : parts) {
            Type type = type(file, column + "." + part.name(), part.schema());
            fields.add(field(id(part.getObjectProp("field-id")), part.name(), type));
        }
        return new Type.MapOf(
                fields.getFirst().withName("key").asRequired(), fields.getLast().withName("value"));
    }

    /** The one type of a union with null; anything else as it is. */
    private static org.apache.avro.Schema present(org.apache.avro.Schema avro) {
        if (avro.getType() != org.apache.avro.Schema.Type.UNION) {
            return avro;
        }
        List<org.apache.avro.Schema> present =
                avro.getTypes().stream()
                        .filter(t -> t.getType() != org.apache.avro.Schema.Type.NULL)
                        .toList();
        return present.size() == 1 ? present.getFirst() : avro;
    }

    private static Type time(@Nullable LogicalType logical, Type other) {
        return named(logical, "time-millis") || named(logical, "time-micros")
                ? Primitive.TIME
                : other;
    }

    private static Type timestamp(org.apache.avro.Schema avro, @Nullable LogicalType logical) {
        if (isLocal(avro)) {
            return named(logical, "timestamp-nanos") ? Primitive.TIMESTAMP_NS : Primitive.TIMESTAMP;
        }
        if (named(logical, "timestamp-millis")
                || named(logical, "timestamp-micros")
                || named(logical, "timestamp-nanos")) {
            return Primitive.TIMESTAMPTZ;
        }
        if (named(logical, "local-timestamp-millis") || named(logical, "local-timestamp-micros")) {
            return Primitive.TIMESTAMP;
        }
        return named(logical, "local-timestamp-nanos")
                ? Primitive.TIMESTAMP_NS
                : time(logical, Primitive.BIGINT);
    }

    /** Iceberg's way to say that a time has no zone. */
    private static boolean isLocal(org.apache.avro.Schema avro) {
        return Boolean.FALSE.equals(avro.getObjectProp("adjust-to-utc"));
    }

    private static boolean named(@Nullable LogicalType logical, String name) {
        return logical != null && logical.getName().equals(name);
    }

    static @Nullable Object value(org.apache.avro.Schema given, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        org.apache.avro.Schema avro = present(given);
        LogicalType logical = avro.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal d) {
            return new BigDecimal(new BigInteger(bytes(value)), d.getScale());
        }
        return switch (avro.getType()) {
            case BOOLEAN, FLOAT, DOUBLE -> value;
            case INT -> ofInt(logical, (Integer) value);
            case LONG -> ofLong(avro, logical, (Long) value);
            case BYTES -> bytes(value);
            case FIXED -> named(logical, "uuid") ? uuid(bytes(value)) : bytes(value);
            case STRING ->
                    named(logical, "uuid") ? UUID.fromString(value.toString()) : value.toString();
            case ENUM, NULL, UNION -> value.toString();
            case ARRAY -> {
                if (isMap(avro)) {
                    yield entries(present(avro.getElementType()), (Collection<?>) value);
                }
                List<@Nullable Object> elements = new ArrayList<>();
                for (Object element : (Collection<?>) value) {
                    elements.add(value(avro.getElementType(), element));
                }
                yield elements;
            }
            case MAP -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                ((Map<?, ?>) value)
                        .forEach((k, v) ->
                                entries.put(String.valueOf(k), value(avro.getValueType(), v)));
                yield entries;
            }
            case RECORD -> {
                Map<String, @Nullable Object> parts = new LinkedHashMap<>();
                GenericRecord row = (GenericRecord) value;
                for (org.apache.avro.Schema.Field field : avro.getFields()) {
                    parts.put(field.name(), value(field.schema(), row.get(field.pos())));
                }
                yield parts;
            }
        };
    }

    private static Map<Object, @Nullable Object> entries(
            org.apache.avro.Schema entry, Collection<?> records) {
        Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
        List<org.apache.avro.Schema.Field> parts = entry.getFields();
        for (Object record : records) {
            GenericRecord row = (GenericRecord) record;
            Object key = value(parts.getFirst().schema(), row.get(0));
            if (key != null) {
                entries.put(key, value(parts.getLast().schema(), row.get(1)));
            }
        }
        return entries;
    }

    private static Object ofInt(@Nullable LogicalType logical, int value) {
        if (named(logical, "date")) {
            return LocalDate.ofEpochDay(value);
        }
        return named(logical, "time-millis") ? LocalTime.ofNanoOfDay(value * 1_000_000L) : value;
    }

    private static Object ofLong(
            org.apache.avro.Schema avro, @Nullable LogicalType logical, long value) {
        String name = logical == null ? "" : (isLocal(avro) ? "local-" : "") + logical.getName();
        return switch (name) {
            case "time-micros" -> LocalTime.ofNanoOfDay(value * 1000);
            case "timestamp-millis" -> instant(value, 1000);
            case "timestamp-micros" -> instant(value, 1_000_000);
            case "timestamp-nanos" -> instant(value, 1_000_000_000);
            case "local-timestamp-millis" -> local(value, 1000);
            case "local-timestamp-micros" -> local(value, 1_000_000);
            case "local-timestamp-nanos" -> local(value, 1_000_000_000);
            default -> value;
        };
    }

    private static Instant instant(long value, long perSecond) {
        long nanos = Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond);
        return Instant.ofEpochSecond(Math.floorDiv(value, perSecond), nanos);
    }

    private static LocalDateTime local(long value, long perSecond) {
        return LocalDateTime.ofInstant(instant(value, perSecond), ZoneOffset.UTC);
    }

    private static UUID uuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static byte[] bytes(Object value) {
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
