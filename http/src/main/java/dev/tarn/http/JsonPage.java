package dev.tarn.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds records and single values in a JSON text, in one pass; records are left as the bytes they
 * are.
 */
final class JsonPage {
    private static final int MOST_DEPTH = 1000;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxNumberLength(100_000)
                                    .maxNestingDepth(MOST_DEPTH)
                                    .build())
                    .build();

    private final JsonParser json;
    private final JsonPath records;
    private final Collection<JsonPath> wanted;
    private final List<String> place = new ArrayList<>();
    private final List<Slice> found = new ArrayList<>();
    private final Map<JsonPath, String> values = new HashMap<>();
    private final boolean scalars;
    private boolean isThere;

    private JsonPage(
            JsonParser json, JsonPath records, Collection<JsonPath> wanted, boolean scalars) {
        this.scalars = scalars;
        this.json = json;
        this.records = records;
        this.wanted = wanted;
    }

    /** Some bytes of a text. */
    record Slice(int from, int to) {}

    /**
     * What was found.
     *
     * @param values scalars by their path; those that are null or not there are missing
     * @param isThere whether there is a place for records
     */
    record Found(List<Slice> records, Map<JsonPath, String> values, boolean isThere) {}

    /**
     * @param text in UTF-8
     * @throws IOException if it is no JSON
     */
    static Found read(byte[] text, JsonPath records, Collection<JsonPath> wanted)
            throws IOException {
        return read(text, new Slice(0, text.length), records, wanted, true);
    }

    private static Found read(
            byte[] text, Slice part, JsonPath records, Collection<JsonPath> wanted, boolean scalars)
            throws IOException {
        try (JsonParser json = JSON.createParser(text, part.from(), part.to() - part.from())) {
            JsonPage page = new JsonPage(json, records, wanted, scalars);
            if (json.nextToken() == null) {
                throw new JsonParseException(json, "it is empty");
            }
            page.value();
            if (json.nextToken() != null) {
                throw new JsonParseException(json, "there is something behind its end");
            }
            return new Found(List.copyOf(page.found), Map.copyOf(page.values), page.isThere);
        }
    }

    /** A scalar of a record; empty if it is null, not there, or no scalar. */
    static Optional<String> scalar(byte[] text, Slice record, JsonPath path) throws IOException {
        return Optional.ofNullable(
                read(text, record, JsonPath.NOWHERE, List.of(path), false).values().get(path));
    }

    private void value() throws IOException {
        JsonToken token = json.currentToken();
        boolean isRecords = records.is(place);
        isThere |= isRecords || records.isMany();
        if (token.isScalarValue()) {
            wanted.stream()
                    .filter(w -> w.is(place))
                    .filter(w -> token != JsonToken.VALUE_NULL)
                    .forEach(this::keep);
            if (isRecords && token != JsonToken.VALUE_NULL) {
                whole();
            }
            return;
        }
        Optional<JsonPath> asked = wanted.stream().filter(w -> w.is(place)).findFirst();
        if (scalars && asked.isPresent()) {
            throw new JsonParseException(
                    json,
                    "there is %s at '%s', which 'paginate' names for a text or a number"
                            .formatted(
                                    token == JsonToken.START_OBJECT ? "an object" : "a list",
                                    asked.get()));
        }
        if (isRecords && token == JsonToken.START_OBJECT) {
            whole();
            return;
        }
        if (!isRecords
                && !records.goesThrough(place)
                && wanted.stream().noneMatch(w -> w.goesThrough(place))) {
            json.skipChildren();
            return;
        }
        members(token == JsonToken.START_OBJECT, isRecords);
    }

    private void members(boolean named, boolean areRecords) throws IOException {
        int number = 0;
        while (true) {
            JsonToken token = json.nextToken();
            if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                return;
            }
            String name = named ? json.currentName() : String.valueOf(number++);
            if (named) {
                json.nextToken();
            }
            if (areRecords) {
                whole();
                continue;
            }
            place.add(name);
            value();
            place.removeLast();
        }
    }

    /** Takes the value that begins here as a record. */
    private void whole() throws IOException {
        int from = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        json.finishToken();
        found.add(new Slice(from, (int) json.currentLocation().getByteOffset()));
    }

    private void keep(JsonPath path) {
        try {
            values.putIfAbsent(path, json.getText());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
