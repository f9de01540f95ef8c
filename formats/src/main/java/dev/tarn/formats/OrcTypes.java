package dev.tarn.formats;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.MapColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;
import org.jspecify.annotations.Nullable;

/** ORC's types and values as ours. */
final class OrcTypes {
    private OrcTypes() {}

    static Schema schema(Path file, TypeDescription orc) {
        return new Schema(fields(file, "", orc));
    }

    private static List<Field> fields(Path file, String prefix, TypeDescription orc) {
        List<Field> fields = new ArrayList<>();
        List<String> names = orc.getFieldNames();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            fields.add(field(file, name, prefix + name, orc.getChildren().get(i)));
        }
        return fields;
    }

    /** A column with the id that Iceberg gives it; 0 for none. */
    private static Field field(Path file, String name, String path, TypeDescription orc) {
        @Nullable String id = orc.getAttributeValue("iceberg.id");
        return new Field(
                id != null && id.matches("[1-9]\\d{0,9}") ? (int) Long.parseLong(id) : 0,
                name,
                type(file, path, orc),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** What Iceberg says of a type that ORC has no name for. */
    private static boolean says(TypeDescription orc, String attribute, String value) {
        return value.equals(orc.getAttributeValue("iceberg." + attribute));
    }

    private static Type type(Path file, String column, TypeDescription orc) {
        return switch (orc.getCategory()) {
            case BOOLEAN -> Primitive.BOOLEAN;
            case BYTE, SHORT, INT -> Primitive.INTEGER;
            case LONG -> isTime(orc) ? Primitive.TIME : Primitive.BIGINT;
            case FLOAT -> Primitive.FLOAT;
            case DOUBLE -> Primitive.DOUBLE;
            case STRING, CHAR, VARCHAR -> Primitive.VARCHAR;
            case DATE -> Primitive.DATE;
            case TIMESTAMP -> isNanos(orc) ? Primitive.TIMESTAMP_NS : Primitive.TIMESTAMP;
            case TIMESTAMP_INSTANT -> Primitive.TIMESTAMPTZ;
            case BINARY -> isUuid(orc) ? Primitive.UUID : Primitive.BINARY;
            case DECIMAL -> new Type.Decimal(orc.getPrecision(), orc.getScale());
            case LIST ->
                    new Type.ListOf(field(file, "element", column, orc.getChildren().getFirst()));
            case MAP ->
                    new Type.MapOf(
                            field(file, "key", column, orc.getChildren().getFirst()).asRequired(),
                            field(file, "value", column, orc.getChildren().getLast()));
            case STRUCT -> new Type.Struct(fields(file, column + ".", orc));
            default ->
                    throw FormatErrors.unsupportedType(file, column, orc.getCategory().getName());
        };
    }

    static @Nullable Object value(TypeDescription orc, ColumnVector column, int row) {
        int at = column.isRepeating ? 0 : row;
        if (!column.noNulls && column.isNull[at]) {
            return null;
        }
        return switch (orc.getCategory()) {
            case BOOLEAN -> number(column, at) != 0;
            case BYTE, SHORT, INT -> (int) number(column, at);
            case LONG ->
                    isTime(orc)
                            ? LocalTime.ofNanoOfDay(number(column, at) * 1000)
                            : (Object) number(column, at);
            case FLOAT -> (float) ((DoubleColumnVector) column).vector[at];
            case DOUBLE -> ((DoubleColumnVector) column).vector[at];
            case DATE -> LocalDate.ofEpochDay(number(column, at));
            case STRING, CHAR, VARCHAR -> new String(bytes(column, at), StandardCharsets.UTF_8);
            case BINARY -> isUuid(orc) ? uuid(bytes(column, at)) : bytes(column, at);
            case DECIMAL ->
                    ((DecimalColumnVector) column)
                            .vector[at]
                            .getHiveDecimal()
                            .bigDecimalValue()
                            .setScale(orc.getScale());
            case TIMESTAMP -> LocalDateTime.ofInstant(instant(column, at), ZoneOffset.UTC);
            case TIMESTAMP_INSTANT -> instant(column, at);
            case LIST -> list(orc, (ListColumnVector) column, at);
            case MAP -> map(orc, (MapColumnVector) column, at);
            case STRUCT -> struct(orc, (StructColumnVector) column, at);
            default -> throw new IllegalArgumentException(orc.getCategory().getName());
        };
    }

    private static boolean isTime(TypeDescription orc) {
        return says(orc, "long-type", "TIME");
    }

    private static boolean isUuid(TypeDescription orc) {
        return says(orc, "binary-type", "UUID");
    }

    private static boolean isNanos(TypeDescription orc) {
        return says(orc, "timestamp-unit", "NANOS");
    }

    private static UUID uuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static long number(ColumnVector column, int at) {
        return ((LongColumnVector) column).vector[at];
    }

    private static byte[] bytes(ColumnVector column, int at) {
        BytesColumnVector texts = (BytesColumnVector) column;
        int start = texts.start[at];
        return Arrays.copyOfRange(texts.vector[at], start, start + texts.length[at]);
    }

    private static Instant instant(ColumnVector column, int at) {
        TimestampColumnVector times = (TimestampColumnVector) column;
        long seconds = Math.floorDiv(times.time[at], 1000L);
        return Instant.ofEpochSecond(seconds, times.nanos[at]);
    }

    private static List<@Nullable Object> list(
            TypeDescription orc, ListColumnVector column, int at) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < column.lengths[at]; i++) {
            int place = (int) column.offsets[at] + i;
            elements.add(value(orc.getChildren().getFirst(), column.child, place));
        }
        return elements;
    }

    private static Map<Object, @Nullable Object> map(
            TypeDescription orc, MapColumnVector column, int at) {
        Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < column.lengths[at]; i++) {
            int place = (int) column.offsets[at] + i;
            Object key = value(orc.getChildren().getFirst(), column.keys, place);
            if (key != null) {
                entries.put(key, value(orc.getChildren().getLast(), column.values, place));
            }
        }
        return entries;
    }

    private static Map<String, @Nullable Object> struct(
            TypeDescription orc, StructColumnVector column, int at) {
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        for (int i = 0; i < orc.getChildren().size(); i++) {
            parts.put(
                    orc.getFieldNames().get(i),
                    value(orc.getChildren().get(i), column.fields[i], at));
        }
        return parts;
    }
}
