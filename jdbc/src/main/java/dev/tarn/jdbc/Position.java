package dev.tarn.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where reading a table stands.
 *
 * @param table what tells it from another of the same name
 * @param load the load that is under way; null when the table has been loaded
 * @param key the key of the last row that the load has read; empty at its start
 * @param ceiling the greatest cursor value when the load began
 * @param rows how many rows the load has read
 * @param cursor the greatest cursor value that has been read
 * @param window how many rows had a value within the lag before it
 * @param at when a load was complete
 * @param by the columns that name a row of the table here; empty where they cannot change
 */
record Position(
        @Nullable String table,
        @Nullable String load,
        List<String> key,
        @Nullable String ceiling,
        long rows,
        @Nullable String cursor,
        long window,
        @Nullable String at,
        List<String> by) {
    private static final JsonFactory JSON = new JsonFactory();

    Position {
        key = List.copyOf(key);
        by = List.copyOf(by);
    }

    Position(
            @Nullable String table,
            @Nullable String load,
            List<String> key,
            @Nullable String ceiling,
            long rows,
            @Nullable String cursor,
            long window,
            @Nullable String at) {
        this(table, load, key, ceiling, rows, cursor, window, at, List.of());
    }

    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            write(json, "table", table);
            write(json, "load", load);
            write(json, "key", key);
            write(json, "ceiling", ceiling);
            json.writeNumberField("rows", rows);
            write(json, "cursor", cursor);
            json.writeNumberField("window", window);
            write(json, "at", at);
            write(json, "by", by);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void write(JsonGenerator json, String name, List<String> values)
            throws IOException {
        if (!values.isEmpty()) {
            json.writeArrayFieldStart(name);
            for (String value : values) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
    }

    static Position parse(String text) {
        String table = null;
        String load = null;
        List<String> key = new ArrayList<>();
        List<String> by = new ArrayList<>();
        String ceiling = null;
        long rows = 0;
        String cursor = null;
        long window = 0;
        String at = null;
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "table" -> table = json.getText();
                    case "load" -> load = json.getText();
                    case "ceiling" -> ceiling = json.getText();
                    case "rows" -> rows = json.getLongValue();
                    case "cursor" -> cursor = json.getText();
                    case "window" -> window = json.getLongValue();
                    case "at" -> at = json.getText();
                    case "key", "by" -> {
                        while (token == JsonToken.START_ARRAY
                                && json.nextToken() != JsonToken.END_ARRAY) {
                            (name.equals("by") ? by : key).add(json.getText());
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Position(table, load, key, ceiling, rows, cursor, window, at, by);
    }
}
