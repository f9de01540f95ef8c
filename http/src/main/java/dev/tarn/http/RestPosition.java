package dev.tarn.http;

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
 * Where reading an API stands.
 *
 * @param load the snapshot that is under way
 * @param page which page is next; null for the first
 * @param since what this look asks for records behind of
 * @param greatest value of the cursor that has been read
 * @param before records that were known when this look began
 * @param known records that the next look may see again
 * @param at when a snapshot was complete
 */
record RestPosition(
        @Nullable String load,
        @Nullable String page,
        @Nullable String since,
        @Nullable String greatest,
        List<Marks.Mark> before,
        List<Marks.Mark> known,
        @Nullable String at) {
    private static final JsonFactory JSON = new JsonFactory();

    static final RestPosition START =
            new RestPosition(null, null, null, null, List.of(), List.of(), null);

    RestPosition {
        before = List.copyOf(before);
        known = List.copyOf(known);
    }

    static RestPosition ofLoad(String load, @Nullable String page) {
        return new RestPosition(load, page, null, null, List.of(), List.of(), null);
    }

    static RestPosition loaded(String at) {
        return new RestPosition(null, null, null, null, List.of(), List.of(), at);
    }

    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            write(json, "load", load);
            write(json, "page", page);
            write(json, "since", since);
            write(json, "greatest", greatest);
            write(json, "before", before);
            write(json, "known", known);
            write(json, "at", at);
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

    private static void write(JsonGenerator json, String name, List<Marks.Mark> marks)
            throws IOException {
        if (marks.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(name);
        for (Marks.Mark mark : marks) {
            json.writeStartArray();
            json.writeString(mark.hash());
            json.writeNumber(mark.count());
            if (mark.value() != null) {
                json.writeString(mark.value());
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    static RestPosition parse(String text) {
        String load = null;
        String page = null;
        String since = null;
        String greatest = null;
        List<Marks.Mark> before = List.of();
        List<Marks.Mark> known = List.of();
        String at = null;
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw HttpErrors.noPosition(text);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "load" -> load = json.getText();
                    case "page" -> page = json.getText();
                    case "since" -> since = json.getText();
                    case "greatest" -> greatest = json.getText();
                    case "before" -> before = marks(json);
                    case "known" -> known = marks(json);
                    case "at" -> at = json.getText();
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw HttpErrors.noPosition(text);
        }
        return new RestPosition(load, page, since, greatest, before, known, at);
    }

    private static List<Marks.Mark> marks(JsonParser json) throws IOException {
        List<Marks.Mark> marks = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_ARRAY) {
            String hash = json.nextTextValue();
            int count = json.nextIntValue(1);
            String value = json.nextTextValue();
            if (value != null) {
                json.nextToken();
            }
            marks.add(new Marks.Mark(hash, count, value));
        }
        return marks;
    }
}
