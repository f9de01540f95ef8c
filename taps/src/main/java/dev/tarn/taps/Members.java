package dev.tarn.taps;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                int from = (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
                json.finishToken();
                int to = (int) json.currentLocation().getByteOffset();
                members.put(name, Arrays.copyOfRange(text, from, to));
            }
            if (json.nextToken() != null) {
                throw new IOException("something is behind the object");
            }
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
