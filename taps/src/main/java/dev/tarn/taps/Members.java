package dev.tarn.taps;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The members of an object, each as the bytes it is. */
record Members(Map<String, byte[]> raw) {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxNumberLength(100_000)
                                    .build())
                    .build();

    static final Members NONE = new Members(Map.of());

    /**
     * @throws IOException if the text is no JSON object
     */
    static Members of(byte[] text) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            return of(text, json, JsonLocation::getByteOffset);
        } catch (IOException odd) {
            return ofOdd(text);
        }
    }

    /**
     * What a member has inside is for whoever takes its rows to judge: a name with half of a
     * character, bytes that are no text, numbers that JSON does not have. So the text is read as if
     * each byte were a character.
     */
    private static Members ofOdd(byte[] text) throws IOException {
        try (JsonParser json = JSON.createParser(new String(text, StandardCharsets.ISO_8859_1))) {
            json.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature());
            return of(text, json, JsonLocation::getCharOffset);
        }
    }

    private static Members of(byte[] text, JsonParser json, ToLongFunction<JsonLocation> offset)
            throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("no object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            int from = (int) offset.applyAsLong(json.currentTokenLocation());
            json.skipChildren();
            json.finishToken();
            int to = (int) offset.applyAsLong(json.currentLocation());
            members.put(name, Arrays.copyOfRange(text, from, to));
        }
        if (json.nextToken() != null) {
            throw new IOException("something is behind the object");
        }
        return new Members(members);
    }

    Optional<byte[]> member(String name) {
        return Optional.ofNullable(raw.get(name))
                .filter(r -> !new String(r, StandardCharsets.UTF_8).equals("null"));
    }

    /** A member that is a text; empty if it is not. */
    String text(String name) throws IOException {
        byte[] bytes = raw.get(name);
        if (bytes == null || bytes.length == 0 || bytes[0] != '"') {
            return "";
        }
        try (JsonParser json = JSON.createParser(bytes)) {
            json.nextToken();
            return json.getText();
        }
    }

    /** A member that is an object; without members if it is not. */
    Members object(String name) throws IOException {
        byte[] bytes = raw.get(name);
        return bytes == null || bytes.length == 0 || bytes[0] != '{' ? NONE : of(bytes);
    }
}
