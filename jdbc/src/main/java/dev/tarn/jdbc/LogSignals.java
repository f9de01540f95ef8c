package dev.tarn.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.jdbc.ChangeBuffer.Change;
import dev.tarn.jdbc.LogRelation.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What people ask for by rows of a table in the source, in the form that Debezium's users know:
 * {@code execute-snapshot} with tables, by name or pattern, loads these again.
 *
 * @param tables as they stand in the rows
 * @param unclear what could not be understood
 */
record LogSignals(List<String> tables, List<String> unclear) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String LOAD = "execute-snapshot";

    LogSignals {
        tables = List.copyOf(tables);
        unclear = List.copyOf(unclear);
    }

    /**
     * @param rows that were written to the table of signals
     * @param isNew which of them count
     */
    static LogSignals of(
            Optional<ChangeBuffer> rows,
            IntFunction<LogRelation> relations,
            Predicate<Change> isNew) {
        List<String> tables = new ArrayList<>();
        List<String> unclear = new ArrayList<>();
        rows.ifPresent(buffer ->
                buffer.read(change -> {
                    if (change.kind() == 'I' && isNew.test(change)) {
                        read(change, relations.apply(change.version()), tables, unclear);
                    }
                }));
        return new LogSignals(tables, unclear);
    }

    private static void read(
            Change change, LogRelation relation, List<String> tables, List<String> unclear) {
        Row row = Row.of(change.row().duplicate());
        String type = text(relation, row, "type");
        String data = text(relation, row, "data");
        if (!type.equals(LOAD)) {
            unclear.add(type.isEmpty() ? "a row without a 'type'" : "'" + type + "'");
            return;
        }
        List<String> named = data.startsWith("{") ? named(data) : List.of(data);
        if (named.isEmpty() || named.contains("")) {
            unclear.add("'%s' with %s".formatted(type, data.isEmpty() ? "no table" : data));
            return;
        }
        tables.addAll(named);
    }

    private static String text(LogRelation relation, Row row, String column) {
        for (LogRelation.Told told : relation.told()) {
            if (told.name().equalsIgnoreCase(column)) {
                byte @Nullable [] value = row.value(relation.indexOf(told.name()));
                return value == null ? "" : new String(value, StandardCharsets.UTF_8).strip();
            }
        }
        return "";
    }

    /** The tables in {@code {"data-collections": [...]}}; none where it is something else. */
    private static List<String> named(String data) {
        List<String> tables = new ArrayList<>();
        try (JsonParser json = JSON.createParser(data)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isList = json.currentName().equals("data-collections");
                if (json.nextToken() != JsonToken.START_ARRAY || !isList) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    tables.add(json.getValueAsString("").strip());
                }
            }
            return json.currentToken() == JsonToken.END_OBJECT ? tables : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    boolean isEmpty() {
        return tables.isEmpty() && unclear.isEmpty();
    }

    /**
     * Whether a table is meant.
     *
     * @param name with its schema
     * @param written as the source's settings call it
     */
    boolean names(String name, String written) {
        return tables.stream()
                .anyMatch(t -> t.equals(name) || t.equals(written) || matches(t, name));
    }

    private static boolean matches(String pattern, String name) {
        try {
            return Pattern.matches(pattern, name);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    Optional<String> warning() {
        return unclear.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "signals that were passed over: %s. Only '%s' is heard, with %s as its data"
                                .formatted(
                                        String.join(", ", unclear),
                                        LOAD,
                                        "{\"data-collections\": [\"schema.table\"]}"));
    }
}
