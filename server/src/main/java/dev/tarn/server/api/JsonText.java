package dev.tarn.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps, lists, texts, numbers and times as JSON, and the other way round. */
final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    static byte[] bytes(@Nullable Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Optional<?> optional -> write(json, optional.isPresent() ? optional.get() : null);
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName(String.valueOf(entry.getKey()));
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case Iterable<?> list -> {
                json.writeStartArray();
                for (Object item : list) {
                    write(json, item);
                }
                json.writeEndArray();
            }
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Instant time -> json.writeString(time.toString());
            case Enum<?> word -> json.writeString(word.name().toLowerCase(Locale.ROOT));
            default -> json.writeString(value.toString());
        }
    }

    /**
     * The object a body is; an empty body is an empty object.
     *
     * @throws dev.tarn.model.TarnException {@code USAGE} with the place
     */
    static Map<String, @Nullable Object> object(byte[] body) {
        if (body.length == 0) {
            return Map.of();
        }
        try (JsonParser json = FACTORY.createParser(body)) {
            json.nextToken();
            Object value = read(json);
            if (json.nextToken() != null || !(value instanceof Map<?, ?> map)) {
                throw ApiErrors.notObject();
            }
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            map.forEach((k, v) -> object.put(String.valueOf(k), v));
            return object;
        } catch (JsonProcessingException e) {
            throw ApiErrors.malformed(
                    e.getOriginalMessage().replaceAll("\\s+", " ").replaceFirst("\\.$", ""),
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                    e.getLocation() == null ? 1 : e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value that a text is as JSON, or the text itself. */
    static @Nullable Object any(String text) {
        try (JsonParser json = FACTORY.createParser(text)) {
            json.nextToken();
            Object value = read(json);
            return json.nextToken() == null ? value : text;
        } catch (IOException e) {
            return text;
        }
    }

    /** An object as a server tells it, with its numbers as numbers. */
    static Map<String, @Nullable Object> told(String text) {
        try (JsonParser json = FACTORY.createParser(text)) {
            json.nextToken();
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            if (read(json, true) instanceof Map<?, ?> map) {
                map.forEach((k, v) -> object.put(String.valueOf(k), v));
            }
            return object;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object read(JsonParser json) throws IOException {
        return read(json, false);
    }

    private static @Nullable Object read(JsonParser json, boolean numbers) throws IOException {
        JsonToken token = json.currentToken();
        if (token == null) {
            return null;
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    map.put(name, read(json, numbers));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(json, numbers));
                }
                yield list;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                    numbers ? json.getNumberValue() : json.getText();
            default -> json.getText();
        };
    }
}
