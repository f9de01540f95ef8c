package dev.tarn.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * What DuckDB says of an error, taken apart.
 *
 * @param kind such as {@code Binder}; empty when DuckDB did not say
 * @param position bytes before the place, -1 when unknown
 * @param length bytes of the place
 */
record RawError(
        String kind,
        String subtype,
        String message,
        String name,
        String entry,
        List<String> candidates,
        int position,
        int length) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static RawError of(SQLException error) {
        String text = Objects.requireNonNullElse(error.getMessage(), "");
        int brace = text.indexOf('{');
        if (brace >= 0) {
            try {
                JsonNode node = JSON.readTree(text.substring(brace));
                if (node.has("exception_message")) {
                    return parsed(node);
                }
            } catch (JsonProcessingException notJson) {
                return plain(text);
            }
        }
        return plain(text);
    }

    private static RawError parsed(JsonNode node) {
        String location = node.path("location").asText("");
        int position = node.path("position").asInt(-1);
        int length = 0;
        int comma = location.indexOf(',');
        if (comma > 0) {
            length = Integer.parseInt(location.substring(comma + 1, location.length() - 1));
        }
        String candidates = node.path("candidates").asText("");
        return new RawError(
                node.path("exception_type").asText(""),
                node.path("error_subtype").asText(""),
                node.path("exception_message").asText(""),
                node.path("name").asText(""),
                node.path("type").asText(""),
                candidates.isEmpty() ? List.of() : List.of(candidates.split(",")),
                position,
                length);
    }

    /** Older form: {@code Kind Error: message}. */
    private static RawError plain(String text) {
        int colon = text.indexOf(" Error: ");
        String kind = colon > 0 && colon < 30 ? text.substring(0, colon) : "";
        String message = kind.isEmpty() ? text : text.substring(colon + " Error: ".length());
        int line = message.indexOf("\n\nLINE ");
        return new RawError(
                kind,
                "",
                line < 0 ? message : message.substring(0, line),
                "",
                "",
                List.of(),
                -1,
                0);
    }

    boolean is(String otherKind) {
        return kind.equalsIgnoreCase(otherKind);
    }
}
