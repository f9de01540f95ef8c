package dev.tarn.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON objects as records, one a line or one after the other in a list. */
final class JsonRows implements TextRows {
    /** Of one file: more are not members of records but values that stand in the place of names. */
    private static final int MOST_NAMES = 10_000;

    private final JsonPieces pieces;
    private final Map<String, String> knownNames = new HashMap<>();
    private final Map<String, String> firstSpellings = new HashMap<>();
    private Map<String, JsonText.Value> values = Map.of();
    private Optional<String> problem = Optional.empty();

    private JsonRows(JsonPieces pieces) {
        this.pieces = pieces;
    }

    /** Each line is a record, from 1. */
    static JsonRows lines(InputStream in) {
        return new JsonRows(new JsonPieces(in, true));
    }

    /** Each element of the list, or each object, is a record, from 1. */
    static JsonRows elements(InputStream in) {
        return new JsonRows(new JsonPieces(in, false));
    }

    @Override
    public Collection<String> header() {
        return List.of();
    }

    @Override
    public boolean next() throws IOException {
        if (!pieces.next()) {
            return false;
        }
        values = Map.of();
        problem = pieces.problem();
        if (problem.isEmpty()) {
            try {
                values = named(JsonText.object(pieces.text()));
            } catch (JsonText.Refused e) {
                problem = Optional.of(e.reason());
            }
        }
        return true;
    }

    @Override
    public long row() {
        return pieces.number();
    }

    @Override
    public Optional<String> problem() {
        return problem;
    }

    @Override
    public String raw() {
        return pieces.text();
    }

    @Override
    public Collection<String> columns() {
        return values.keySet();
    }

    @Override
    public @Nullable String text(String column) {
        JsonText.Value value = values.get(column);
        return value == null ? null : value.text();
    }

    @Override
    public @Nullable String json(String column) {
        JsonText.Value value = values.get(column);
        return value == null ? null : value.json();
    }

    @Override
    public JsonShape shape(String column) {
        JsonText.Value value = values.get(column);
        return value == null ? JsonShape.Scalar.NOTHING : value.shape();
    }

    @Override
    public void close() throws IOException {
        pieces.close();
    }

    /** The values under names of columns, in lower case where only case differs between records. */
    private Map<String, JsonText.Value> named(Map<String, JsonText.Value> object)
            throws JsonText.Refused {
        requireRoom(object.keySet());
        Map<String, JsonText.Value> renamed = new LinkedHashMap<>();
        for (Map.Entry<String, JsonText.Value> member : object.entrySet()) {
            String name = knownNames.get(member.getKey());
            if (name == null) {
                name = canonical(ColumnNames.of(member.getKey()));
                knownNames.put(member.getKey(), name);
            }
            if (renamed.put(name, member.getValue()) != null) {
                throw new JsonText.Refused(
                        "has names that differ only in case from '" + member.getKey() + "'");
            }
        }
        return renamed;
    }

    private void requireRoom(Collection<String> names) throws JsonText.Refused {
        long fresh = names.stream().filter(name -> !knownNames.containsKey(name)).count();
        if (knownNames.size() + fresh > MOST_NAMES) {
            throw new JsonText.Refused(
                    "has names that would make more than %,d columns".formatted(MOST_NAMES));
        }
    }

    private String canonical(String name) {
        String first = firstSpellings.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
        return first == null ? name : first;
    }
}
