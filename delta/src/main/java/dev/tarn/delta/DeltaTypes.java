package dev.tarn.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.List;

/**
 * Columns in Delta's language. What Delta has no type for is told as what the file holds: times as
 * microseconds since midnight, timestamps in nanoseconds as nanoseconds since 1970, UUIDs as their
 * 16 bytes. Such columns say so in their metadata under {@code tarn.type}.
 */
final class DeltaTypes {
    static final String ID = "delta.columnMapping.id";
    static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DeltaTypes() {}

    /**
     * The columns that Delta can tell. Left out are those added later with a default for the rows
     * that were there: Delta would read these as null.
     */
    static List<Field> told(Schema schema, Columns columns) {
        return schema.fields().stream().filter(f -> isTold(f, columns)).toList();
    }

    private static boolean isTold(Field field, Columns columns) {
        return field.initialDefault().isEmpty() || columns.isOriginal(field);
    }

    static ObjectNode struct(List<Field> fields, Columns columns) {
        ObjectNode struct = JSON.objectNode();
        struct.put("type", "struct");
        ArrayNode parts = struct.putArray("fields");
        for (Field field : fields) {
            if (isTold(field, columns)) {
                parts.add(field(field, columns));
            }
        }
        return struct;
    }

    private static ObjectNode field(Field field, Columns columns) {
        ObjectNode told = JSON.objectNode();
        told.put("name", field.name());
        told.set("type", type(field.type(), columns));
        told.put("nullable", !field.required());
        ObjectNode metadata = told.putObject("metadata");
        metadata.put(ID, field.id());
        metadata.put(PHYSICAL_NAME, columns.physicalName(field));
        field.doc().ifPresent(doc -> metadata.put("comment", doc));
        if (field.type() instanceof Type.Primitive p && isDisguised(p)) {
            metadata.put("tarn.type", p.sql());
        }
        ArrayNode changes = JSON.arrayNode();
        changes(changes, field, "", columns);
        if (!changes.isEmpty()) {
            metadata.set("delta.typeChanges", changes);
        }
        return told;
    }

    /** Widenings of a column, or of what its lists and maps hold. */
    private static void changes(ArrayNode changes, Field field, String path, Columns columns) {
        List<Type> past = columns.types(field);
        for (int i = 1; i < past.size(); i++) {
            if (isSimple(past.get(i - 1)) && isSimple(past.get(i))) {
                ObjectNode change = changes.addObject();
                change.set("fromType", type(past.get(i - 1), columns));
                change.set("toType", type(past.get(i), columns));
                if (!path.isEmpty()) {
                    change.put("fieldPath", path);
                }
            }
        }
        String below = path.isEmpty() ? "" : path + ".";
        switch (field.type()) {
            case Type.ListOf l -> changes(changes, l.element(), below + "element", columns);
            case Type.MapOf m -> {
                changes(changes, m.key(), below + "key", columns);
                changes(changes, m.value(), below + "value", columns);
            }
            case Type.Struct s -> {}
            case Type.Primitive p -> {}
            case Type.Decimal d -> {}
        }
    }

    private static boolean isSimple(Type type) {
        return type instanceof Type.Primitive || type instanceof Type.Decimal;
    }

    private static boolean isDisguised(Type.Primitive type) {
        return switch (type) {
            case TIME, TIMESTAMP_NS, UUID -> true;
            case BOOLEAN,
                    INTEGER,
                    BIGINT,
                    FLOAT,
                    DOUBLE,
                    DATE,
                    TIMESTAMP,
                    TIMESTAMPTZ,
                    VARCHAR,
                    BINARY,
                    VARIANT ->
                    false;
        };
    }

    private static JsonNode type(Type type, Columns columns) {
        return switch (type) {
            case Type.Primitive p -> JSON.textNode(primitive(p));
            case Type.Decimal d ->
                    JSON.textNode("decimal(%d,%d)".formatted(d.precision(), d.scale()));
            case Type.Struct s -> struct(s.fields(), columns);
            case Type.ListOf l -> {
                ObjectNode list = JSON.objectNode();
                list.put("type", "array");
                list.set("elementType", type(l.element().type(), columns));
                list.put("containsNull", !l.element().required());
                yield list;
            }
            case Type.MapOf m -> {
                ObjectNode map = JSON.objectNode();
                map.put("type", "map");
                map.set("keyType", type(m.key().type(), columns));
                map.set("valueType", type(m.value().type(), columns));
                map.put("valueContainsNull", !m.value().required());
                yield map;
            }
        };
    }

    private static String primitive(Type.Primitive type) {
        return switch (type) {
            case BOOLEAN -> "boolean";
            case INTEGER -> "integer";
            case BIGINT, TIME, TIMESTAMP_NS -> "long";
            case FLOAT -> "float";
            case DOUBLE -> "double";
            case DATE -> "date";
            case TIMESTAMP -> "timestamp_ntz";
            case TIMESTAMPTZ -> "timestamp";
            case VARCHAR -> "string";
            case UUID, BINARY -> "binary";
            case VARIANT -> "variant";
        };
    }

    /** Whether a column, or a part of it, is or was of a type. */
    static boolean uses(List<Field> fields, Columns columns, Type.Primitive wanted) {
        return fields.stream().anyMatch(f -> uses(f.type(), columns, wanted));
    }

    private static boolean uses(Type type, Columns columns, Type.Primitive wanted) {
        return switch (type) {
            case Type.Primitive p -> p == wanted;
            case Type.Decimal d -> false;
            case Type.Struct s -> uses(s.fields(), columns, wanted);
            case Type.ListOf l -> uses(List.of(l.element()), columns, wanted);
            case Type.MapOf m -> uses(List.of(m.key(), m.value()), columns, wanted);
        };
    }

    /** Whether a column, or a part of it, has become wider. */
    static boolean widened(List<Field> fields, Columns columns) {
        return fields.stream().anyMatch(f -> widened(f, columns));
    }

    private static boolean widened(Field field, Columns columns) {
        return switch (field.type()) {
            case Type.Primitive p -> columns.types(field).size() > 1;
            case Type.Decimal d -> columns.types(field).size() > 1;
            case Type.Struct s -> widened(s.fields(), columns);
            case Type.ListOf l -> widened(l.element(), columns);
            case Type.MapOf m -> widened(m.key(), columns) || widened(m.value(), columns);
        };
    }
}
