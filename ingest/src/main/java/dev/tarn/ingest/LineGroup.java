package dev.tarn.ingest;

import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Text files that the engine reads together, line by line. The number of a line among those of all
 * files says which lines are left out, and in which line of its file a record stood.
 */
final class LineGroup {
    /**
     * A record's text where it is taken apart. The engine does not look into what is not the same
     * every time, so it takes each record apart once, not once for every use of a part.
     */
    private static final String RECORD = "CASE WHEN random() >= 0 THEN _raw_text END";

    private static final long LEAST_BYTES = 2L << 20;

    private final Kind kind;
    private final List<ScannedFile.Text> files = new ArrayList<>();
    private final Map<String, String> columns = new LinkedHashMap<>();

    /** What files of one group have in common; for JSON, columns may differ. */
    private record Kind(
            boolean json,
            FileContent.Compression compression,
            boolean returns,
            char delimiter,
            List<String> columns) {}

    private LineGroup(Kind kind) {
        this.kind = kind;
    }

    /** Adds a file to the first group it can be read with. */
    static void add(List<LineGroup> groups, ScannedFile.Text file, EngineLines lines) {
        boolean json = file.format() == Format.NDJSON;
        List<String> names = lines.columns().stream().map(c -> c.name).toList();
        Kind kind =
                new Kind(
                        json,
                        file.content().compression(),
                        json && lines.returns(),
                        lines.delimiter(),
                        json ? List.of() : names);
        LineGroup group =
                groups.stream()
                        .filter(g -> g.kind.equals(kind) && g.takes(names))
                        .findFirst()
                        .orElse(null);
        if (group == null) {
            group = new LineGroup(kind);
            groups.add(group);
        }
        group.files.add(file);
        for (String name : names) {
            group.columns.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
        }
    }

    /** The numbers of the lines to leave out, among the lines of all files. */
    List<List<? extends @Nullable Object>> leftOut() {
        List<List<? extends @Nullable Object>> numbers = new ArrayList<>();
        long before = 0;
        for (ScannedFile.Text file : files) {
            EngineLines lines = file.lines().orElseThrow();
            for (long number : lines.passedOver()) {
                numbers.add(List.of(before + number));
            }
            for (EngineLines.Line line : lines.aside()) {
                numbers.add(List.of(before + line.number()));
            }
            before += lines.lines();
        }
        return numbers;
    }

    /**
     * The part of the landing's query that reads the files.
     *
     * @param leftOut the table with the numbers of lines to leave out; empty when there are none
     */
    Branch branch(Optional<String> leftOut, IngestOptions options, SchemaDecision decision) {
        List<Field> fields = new ArrayList<>();
        List<String> values = new ArrayList<>();
        int place = 0;
        for (String column : columns.values()) {
            place++;
            fields.add(Field.of(column, Primitive.VARCHAR));
            String value =
                    kind.json()
                            ? "_parts." + Branch.name(column)
                            : "nullif(_parts[%d], %s)"
                                    .formatted(place, Branch.literal(options.nullText()));
            values.add(value + " AS " + Branch.name(column));
        }
        String from =
                ("(SELECT _file, _row, _raw_text, %s FROM (SELECT _file, _row, _raw_text,"
                                + " %s AS _parts FROM (SELECT %s[_index + 1] AS _file,"
                                + " _number - %s[_index + 1] AS _row, %s AS _raw_text"
                                + " FROM (SELECT _line, file_index::BIGINT AS _index,"
                                + " row_number() OVER () AS _number FROM %s))"
                                + " WHERE _raw_text IS NOT NULL))")
                        .formatted(
                                String.join(", ", values),
                                parts(),
                                list(f -> Branch.literal(f.planned().name())),
                                offsets(),
                                leftOut.map(table ->
                                                "CASE WHEN _number IN (SELECT number FROM "
                                                        + table
                                                        + ") THEN NULL ELSE "
                                                        + line()
                                                        + " END")
                                        .orElse(line()),
                                read());
        return new Branch(from, fields, true, true, certain(decision));
    }

    private String line() {
        return kind.returns() ? "_line || chr(13)" : "_line";
    }

    /** The columns of which no value can fail to be cast, in any of the files. */
    private Set<String> certain(SchemaDecision decision) {
        Set<String> certain = new HashSet<>(columns.keySet());
        for (ScannedFile.Text file : files) {
            for (LineColumn column : file.lines().orElseThrow().columns()) {
                Type type =
                        decision.columns()
                                .find(column.name)
                                .map(Field::type)
                                .orElse(Primitive.VARCHAR);
                if (!column.isCertain(type)) {
                    certain.remove(column.name.toLowerCase(Locale.ROOT));
                }
            }
        }
        return certain;
    }

    /** The same files in groups of about the same size, which the engine reads at the same time. */
    List<LineGroup> split(int most) {
        long bytes = files.stream().mapToLong(f -> f.planned().file().bytes()).sum();
        long each = Math.max(LEAST_BYTES, bytes / most + 1);
        List<LineGroup> parts = new ArrayList<>();
        long taken = 0;
        for (ScannedFile.Text file : files) {
            if (parts.size() <= taken / each) {
                LineGroup part = new LineGroup(kind);
                part.columns.putAll(columns);
                parts.add(part);
            }
            parts.getLast().files.add(file);
            taken += file.planned().file().bytes();
        }
        return parts;
    }

    private boolean takes(List<String> names) {
        return names.stream()
                .allMatch(n -> {
                    String known = columns.get(n.toLowerCase(Locale.ROOT));
                    return known == null || known.equals(n);
                });
    }

    private String parts() {
        if (!kind.json()) {
            String delimiter = Branch.literal(String.valueOf(kind.delimiter()));
            return "string_split(" + RECORD + ", " + delimiter + ")";
        }
        String structure =
                columns.values().stream()
                        .map(c -> "\"" + c + "\":\"VARCHAR\"")
                        .collect(Collectors.joining(",", "{", "}"));
        return "from_json(" + RECORD + ", " + Branch.literal(structure) + ")";
    }

    private String read() {
        return ("read_csv(%s, columns = {'_line': 'VARCHAR'}, auto_detect = false,"
                        + " header = false, delim = chr(1), quote = '', escape = '',"
                        + " nullstr = '', compression = '%s')")
                .formatted(
                        list(f -> Branch.literal(f.content().path().toString())),
                        kind.compression() == FileContent.Compression.GZIP ? "gzip" : "none");
    }

    private String offsets() {
        List<String> offsets = new ArrayList<>();
        long before = 0;
        for (ScannedFile.Text file : files) {
            offsets.add(before + "::BIGINT");
            before += file.lines().orElseThrow().lines();
        }
        return "[" + String.join(", ", offsets) + "]";
    }

    private String list(Function<ScannedFile.Text, String> part) {
        return files.stream().map(part).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Whether the engine gives the same values for a file as we would. */
    static boolean isExact(EngineLines lines, SchemaDecision decision) {
        return lines.columns().stream().allMatch(column -> isExact(column, decision));
    }

    private static boolean isExact(LineColumn column, SchemaDecision decision) {
        Type type = decision.columns().find(column.name).map(Field::type).orElse(Primitive.VARCHAR);
        String key = column.name.toLowerCase(Locale.ROOT);
        return column.isExactAs(type, decision.inferred().contains(key));
    }
}
