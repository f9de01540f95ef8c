package dev.tarn.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final String MESSAGE = "\"exception_message\":\"";

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
                return text.contains(MESSAGE) ? damaged(text.substring(brace)) : plain(text);
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

    /**
     * The driver cuts the end off when the text has characters beyond the basic plane; what is
     * whole is still read.
     */
    private static RawError damaged(String json) {
        String location = value(json, "location");
        int comma = location.indexOf(',');
        String position = value(json, "position");
        return new RawError(
                value(json, "exception_type"),
                json.contains("\"error_subtype\":\"COLUMN_N") ? "COLUMN_NOT_FOUND" : "",
                value(json, "exception_message").replace("\\n", "\n").replace("\\\"", "\""),
                value(json, "name"),
                value(json, "type"),
                List.of(),
                position.isEmpty() ? -1 : Integer.parseInt(position),
                comma < 0
                        ? 0
                        : Integer.parseInt(location.substring(comma + 1, location.length() - 1)));
    }

    private static String value(String json, String key) {
        Matcher matcher =
                Pattern.compile("\"" + key + "\":\"((?:\\\\.|[^\"\\\\]++)*+)\"").matcher(json);
        return matcher.find() ? matcher.group(1) : "";
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
