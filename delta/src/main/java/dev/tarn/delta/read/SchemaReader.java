package dev.tarn.delta.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the schema of a Delta table: columns, their ids, and what they are called in files. */
final class SchemaReader {
    private static final Pattern DECIMAL =
            Pattern.compile("decimal(?:\\(\\s*(\\d+)\\s*,\\s*(-?\\d+)\\s*\\))?");
    private static final String ID = "delta.columnMapping.id";
    private static final String PHYSICAL = "delta.columnMapping.physicalName";

    private final boolean mapped;
    private final Map<Integer, List<String>> names = new HashMap<>();
    private int lastId;

    private SchemaReader(boolean mapped) {
        this.mapped = mapped;
    }

    record Found(Schema schema, Map<Integer, List<String>> names) {}

    /**
     * @param mapped whether the table maps columns to other names
     */
    static Found read(JsonNode schema, boolean mapped) {
        SchemaReader reader = new SchemaReader(mapped);
        if (mapped) {
            reader.lastId = highest(schema);
        }
        List<Field> fields = reader.fields(schema, "");
        return new Found(new Schema(fields), Map.copyOf(reader.names));
    }

    /** What has no id of its own gets one beyond all others. */
    private static int highest(JsonNode node) {
        int highest = node.path("metadata").path(ID).asInt(0);
        for (JsonNode child : node) {
            if (child.isContainerNode()) {
                highest = Math.max(highest, highest(child));
            }
        }
        return highest;
    }

    private List<Field> fields(JsonNode struct, String parent) {
        List<Field> fields = new ArrayList<>();
        for (JsonNode node : struct.path("fields")) {
            String name = node.path("name").asText();
            JsonNode metadata = node.path("metadata");
            int id = mapped && metadata.has(ID) ? metadata.path(ID).asInt() : ++lastId;
            if (mapped && metadata.has(PHYSICAL)) {
                names.put(id, List.of(metadata.path(PHYSICAL).asText()));
            }
            fields.add(
                    new Field(
                            id,
                            name,
                            type(node.path("type"), parent + name),
                            !node.path("nullable").asBoolean(true),
                            Optional.empty(),
                            Optional.ofNullable(metadata.path("comment").textValue())));
        }
        return fields;
    }

    private Type type(JsonNode node, String path) {
        if (node.isTextual()) {
            return primitive(node.asText(), path);
        }
        return switch (node.path("type").asText()) {
            case "struct" -> new Type.Struct(fields(node, path + "."));
            case "array" ->
                    new Type.ListOf(
                            part(
                                    "element",
                                    node.path("elementType"),
                                    !node.path("containsNull").asBoolean(true),
                                    path));
            case "map" ->
                    new Type.MapOf(
                            part("key", node.path("keyType"), true, path),
                            part(
                                    "value",
                                    node.path("valueType"),
                                    !node.path("valueContainsNull").asBoolean(true),
                                    path));
            default -> throw ReadErrors.type(path, node.path("type").asText());
        };
    }

    private Field part(String name, JsonNode type, boolean required, String path) {
        int id = ++lastId;
        return new Field(
                id,
                name,
                type(type, path + "." + name),
                required,
                Optional.empty(),
                Optional.empty());
    }

    private static Type primitive(String name, String path) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "string" -> Primitive.VARCHAR;
            case "long" -> Primitive.BIGINT;
            case "integer", "short", "byte" -> Primitive.INTEGER;
            case "float" -> Primitive.FLOAT;
            case "double" -> Primitive.DOUBLE;
            case "boolean" -> Primitive.BOOLEAN;
            case "binary" -> Primitive.BINARY;
            case "date" -> Primitive.DATE;
            case "timestamp" -> Primitive.TIMESTAMPTZ;
            case "timestamp_ntz" -> Primitive.TIMESTAMP;
            case "variant" -> Primitive.VARIANT;
            // A column that has never held anything but nulls; files leave it out.
            case "void" -> Primitive.VARCHAR;
            default -> decimal(name, path);
        };
    }

    private static Type decimal(String name, String path) {
        Matcher matcher = DECIMAL.matcher(name);
        if (!matcher.matches()) {
            throw ReadErrors.type(path, name);
        }
        if (matcher.group(1) == null) {
            return new Type.Decimal(10, 0);
        }
        try {
            return new Type.Decimal(
                    Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        } catch (IllegalArgumentException e) {
            throw ReadErrors.type(path, name);
        }
    }
}
