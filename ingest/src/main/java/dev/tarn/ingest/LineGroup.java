package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowReaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Text files whose lines the engine gets together, and takes apart. */
final class LineGroup {
    /**
     * A record's text where it is taken apart. The engine does not look into what is not the same
     * every time, so it takes each record apart once, not once for every use of a part.
     */
    static final String RECORD = "CASE WHEN random() >= 0 THEN text END";

    private final Kind kind;
    private final List<ScannedFile.Text> files = new ArrayList<>();
    private final Map<String, String> columns = new LinkedHashMap<>();

    /** What files of one group have in common; for JSON, columns may differ. */
    private record Kind(boolean json, boolean returns, char delimiter, List<String> columns) {}

    private LineGroup(Kind kind) {
        this.kind = kind;
    }

    /** Adds a file to the first group it can be read with. */
    static void add(List<LineGroup> groups, ScannedFile.Text file, EngineLines lines) {
        boolean json = file.format() == Format.NDJSON;
        List<String> names = lines.columns().stream().map(c -> c.name).toList();
        Kind kind =
                new Kind(
                        json, json && lines.returns(), lines.delimiter(), json ? List.of() : names);
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

    /** The lines for the engine. */
    LineFeed feed(RowReaders readers) {
        return new LineFeed(readers, files, kind.returns());
    }

    /**
     * The part of the landing's query that reads the files.
     *
     * @param lines the relation of their lines
     */
    Branch branch(TableName lines, IngestOptions options, SchemaDecision decision) {
        List<Field> fields = new ArrayList<>();
        List<String> values = new ArrayList<>();
        int place = 0;
        for (String column : columns.values()) {
            place++;
            fields.add(Field.of(column, Primitive.VARCHAR));
            String value =
                    kind.json()
                            ? member(column, decision)
                            : "nullif(_parts[%d], %s)"
                                    .formatted(place, Branch.literal(options.nullText()));
            values.add(value + " AS " + Branch.name(column));
        }
        String from =
                ("(SELECT _file, _row, _raw_text, %s FROM (SELECT %s[part + 1] AS _file,"
                                + " number AS _row, text AS _raw_text, %s AS _parts FROM %s))")
                        .formatted(
                                String.join(", ", values),
                                list(f -> Branch.literal(f.planned().name())),
                                parts(decision),
                                lines);
        return new Branch(from, fields, true, true, certain(decision));
    }

    private static String member(String column, SchemaDecision decision) {
        String part = "_parts." + Branch.name(column);
        return isVariant(decision, column) ? "nullif(" + part + "::VARCHAR, 'null')" : part;
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

    private boolean takes(List<String> names) {
        return names.stream()
                .allMatch(n -> {
                    String known = columns.get(n.toLowerCase(Locale.ROOT));
                    return known == null || known.equals(n);
                });
    }

    private String parts(SchemaDecision decision) {
        if (!kind.json()) {
            String delimiter = Branch.literal(String.valueOf(kind.delimiter()));
            return "string_split(" + RECORD + ", " + delimiter + ")";
        }
        String structure =
                columns.values().stream()
                        .map(c ->
                                "\"%s\":\"%s\""
                                        .formatted(c, isVariant(decision, c) ? "JSON" : "VARCHAR"))
                        .collect(Collectors.joining(",", "{", "}"));
        return "from_json(" + RECORD + ", " + Branch.literal(structure) + ")";
    }

    private static boolean isVariant(SchemaDecision decision, String column) {
        return decision.variants().contains(column.toLowerCase(Locale.ROOT));
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
