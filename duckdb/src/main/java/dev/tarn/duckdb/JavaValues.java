package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;

/** Turns what the driver returns into the values that the port promises. */
final class JavaValues {
    private JavaValues() {}

    static @Nullable Object of(@Nullable Object value, Type type) throws SQLException {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case Type.Primitive primitive -> primitive(value, primitive);
            case Type.Decimal decimal -> decimal(value);
            case Type.Struct struct -> struct((Struct) value, struct.fields());
            case Type.ListOf list -> list((Array) value, list.element().type());
            case Type.MapOf map -> map((Map<?, ?>) value, map);
        };
    }

    private static @Nullable Object primitive(Object value, Type.Primitive type)
            throws SQLException {
        return switch (type) {
            case BOOLEAN, FLOAT, DOUBLE, UUID, DATE, TIME -> value;
            case INTEGER -> ((Number) value).intValue();
            case BIGINT -> ((Number) value).longValue();
            case TIMESTAMP, TIMESTAMP_NS ->
                    value instanceof Timestamp timestamp ? timestamp.toLocalDateTime() : value;
            case TIMESTAMPTZ -> value instanceof OffsetDateTime moment ? moment.toInstant() : value;
            case VARCHAR -> value instanceof Blob blob ? bytes(blob) : value.toString();
            case BINARY -> value instanceof Blob blob ? bytes(blob) : value;
            case VARIANT -> free(value);
        };
    }

    private static BigDecimal decimal(Object value) {
        return switch (value) {
            case BigDecimal decimal -> decimal;
            case BigInteger integer -> new BigDecimal(integer);
            default -> new BigDecimal(value.toString());
        };
    }

    private static Map<String, @Nullable Object> struct(Struct value, List<Field> fields)
            throws SQLException {
        Object[] attributes = value.getAttributes();
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            result.put(fields.get(i).name(), of(attributes[i], fields.get(i).type()));
        }
        return Collections.unmodifiableMap(result);
    }

    private static List<@Nullable Object> list(Array value, Type element) throws SQLException {
        List<@Nullable Object> result = new ArrayList<>();
        for (Object item : (Object[]) value.getArray()) {
            result.add(of(item, element));
        }
        return Collections.unmodifiableList(result);
    }

    private static Map<@Nullable Object, @Nullable Object> map(Map<?, ?> value, Type.MapOf type)
            throws SQLException {
        Map<@Nullable Object, @Nullable Object> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            result.put(
                    of(entry.getKey(), type.key().type()),
                    of(entry.getValue(), type.value().type()));
        }
        return Collections.unmodifiableMap(result);
    }

    /** A value whose type only the value itself knows. */
    private static @Nullable Object free(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case Timestamp timestamp -> timestamp.toLocalDateTime();
            case OffsetDateTime moment -> moment.toInstant();
            case Blob blob -> bytes(blob);
            case JsonNode json -> json.toString();
            case BigInteger integer -> new BigDecimal(integer);
            case Byte small -> small.intValue();
            case Short small -> small.intValue();
            case org.duckdb.DuckDBStruct struct -> {
                Map<String, @Nullable Object> result = new LinkedHashMap<>();
                for (Map.Entry<String, Object> entry : struct.getMap().entrySet()) {
                    result.put(entry.getKey(), free(entry.getValue()));
                }
                yield Collections.unmodifiableMap(result);
            }
            case Array array -> {
                List<@Nullable Object> result = new ArrayList<>();
                for (Object item : (Object[]) array.getArray()) {
                    result.add(free(item));
                }
                yield Collections.unmodifiableList(result);
            }
            case Map<?, ?> map -> {
                Map<@Nullable Object, @Nullable Object> result = new LinkedHashMap<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    result.put(free(entry.getKey()), free(entry.getValue()));
                }
                yield Collections.unmodifiableMap(result);
            }
            default -> value;
        };
    }

    private static byte[] bytes(Blob blob) throws SQLException {
        return blob.getBytes(1, Math.toIntExact(blob.length()));
    }
}
