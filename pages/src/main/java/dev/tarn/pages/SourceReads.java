package dev.tarn.pages;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How far sources were read, by what their positions say. */
final class SourceReads {
    private SourceReads() {}

    /**
     * One file or stream of a source.
     *
     * @param rows that went into the table
     * @param quarantined that did not
     * @param refused whether all of it could not be read
     * @param position as it is kept
     */
    record Part(
            String name,
            long rows,
            long quarantined,
            long bytes,
            boolean refused,
            Optional<Instant> at,
            String position) {}

    /** By source, {@code schema.table}. */
    static Map<String, List<Part>> read(Tarn tarn, At at) {
        Map<String, List<Part>> sources = new TreeMap<>();
        for (Versioned versioned : tarn.overview().positions(at)) {
            String name = versioned.key().name();
            int slash = name.indexOf('/');
            if (slash > 0 && versioned.entry() instanceof Entry.Position position) {
                sources.computeIfAbsent(name.substring(0, slash), s -> new ArrayList<>())
                        .add(part(name.substring(slash + 1), position.value()));
            }
        }
        return sources;
    }

    /**
     * When something of each was last read, by source. Where its place in a stream says no time,
     * its table does.
     */
    static Map<String, Instant> last(Tarn tarn, At at, Map<String, List<Part>> sources) {
        Map<String, Instant> last = new HashMap<>();
        List<TableName> silent = new ArrayList<>();
        sources.forEach((name, parts) ->
                parts.stream()
                        .flatMap(p -> p.at().stream())
                        .max(Instant::compareTo)
                        .ifPresentOrElse(
                                time -> last.put(name, time),
                                () -> silent.add(TableName.parse(name))));
        List<TableName> there = tarn.tableNames(at).stream().filter(silent::contains).toList();
        tarn.overview()
                .tables(at, there)
                .forEach(t -> t.changed().ifPresent(time -> last.put(t.name().toString(), time)));
        return last;
    }

    private static Part part(String name, String position) {
        Map<String, String> fields = Json.fields(position);
        return new Part(
                name,
                number(fields.get("rows")),
                number(fields.get("quarantined")),
                number(fields.get("bytes")),
                "true".equals(fields.get("refused")),
                time(fields.get("at")),
                position);
    }

    private static long number(@org.jspecify.annotations.Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private static Optional<Instant> time(@org.jspecify.annotations.Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
