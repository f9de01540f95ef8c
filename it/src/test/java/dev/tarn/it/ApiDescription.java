package dev.tarn.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Holds answers against the description of the API. */
record ApiDescription(JsonNode description) {
    /** Adds what is not as described. */
    void compare(JsonNode value, JsonNode schema, String where, List<String> wrong) {
        if (schema.isMissingNode()) {
            wrong.add(where + " is not described");
        } else if (schema.has("$ref")) {
            String name = schema.get("$ref").asText().replace("#", "");
            compare(value, description.at(name), where, wrong);
        } else if (schema.has("anyOf")) {
            List<List<String>> tried = new ArrayList<>();
            for (JsonNode one : schema.get("anyOf")) {
                List<String> found = new ArrayList<>();
                compare(value, one, where, found);
                tried.add(found);
            }
            if (tried.stream().noneMatch(List::isEmpty)) {
                wrong.addAll(tried.getFirst());
            }
        } else if (schema.has("type")) {
            compareType(value, schema, where, wrong);
        }
    }

    private void compareType(JsonNode value, JsonNode schema, String where, List<String> wrong) {
        switch (schema.get("type").asText()) {
            case "null" -> require(value.isNull(), value, where, wrong);
            case "string" -> require(value.isTextual(), value, where, wrong);
            case "integer" -> require(value.isIntegralNumber(), value, where, wrong);
            case "boolean" -> require(value.isBoolean(), value, where, wrong);
            case "array" -> {
                require(value.isArray(), value, where, wrong);
                for (int i = 0; i < value.size(); i++) {
                    compare(value.get(i), schema.get("items"), where + "[" + i + "]", wrong);
                }
            }
            default -> {
                require(value.isObject(), value, where, wrong);
                if (!schema.has("properties")) {
                    return;
                }
                schema.get("required")
                        .forEach(name ->
                                require(
                                        value.has(name.asText()),
                                        value,
                                        where + "." + name.asText(),
                                        wrong));
                value.properties()
                        .forEach(field ->
                                compare(
                                        field.getValue(),
                                        schema.get("properties").path(field.getKey()),
                                        where + "." + field.getKey(),
                                        wrong));
            }
        }
    }

    private static void require(boolean right, JsonNode value, String where, List<String> wrong) {
        if (!right) {
            wrong.add("%s is %s".formatted(where, value));
        }
    }
}
