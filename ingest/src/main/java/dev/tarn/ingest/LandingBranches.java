package dev.tarn.ingest;

import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sorts the files of a landing by who reads them, and gathers what reads their rows. */
final class LandingBranches {
    private final LandingTables tables;
    private final IngestOptions options;
    private final SchemaDecision decision;

    private final List<ScannedFile.Text> staged = new ArrayList<>();
    private final List<LineGroup> groups = new ArrayList<>();
    private final List<ScannedFile.Text> broken = new ArrayList<>();
    private final List<ScannedFile.Refused> refused = new ArrayList<>();
    private final Map<Schema, List<ScannedFile.Parquet>> parquet = new LinkedHashMap<>();
    private final Map<Schema, List<ScannedFile.Rows>> rows = new LinkedHashMap<>();

    private final List<Branch> branches = new ArrayList<>();
    private final Map<String, Long> records = new LinkedHashMap<>();

    LandingBranches(LandingTables tables, IngestOptions options, SchemaDecision decision) {
        this.tables = tables;
        this.options = options;
        this.decision = decision;
    }

    void add(ScannedFile file) {
        switch (file) {
            case ScannedFile.Text text -> {
                records.put(text.planned().name(), text.records());
                text(text);
            }
            case ScannedFile.Parquet file1 -> {
                records.put(file1.planned().name(), file1.records());
                parquet.computeIfAbsent(file1.schema(), s -> new ArrayList<>()).add(file1);
            }
            case ScannedFile.Rows file1 -> {
                records.put(file1.planned().name(), 0L);
                rows.computeIfAbsent(file1.schema(), s -> new ArrayList<>()).add(file1);
            }
            case ScannedFile.Refused file1 -> {
                records.put(file1.planned().name(), 1L);
                refused.add(file1);
            }
        }
    }

    private void text(ScannedFile.Text text) {
        Optional<EngineLines> lines =
                text.lines().filter(l -> !l.columns().isEmpty() && LineGroup.isExact(l, decision));
        ScannedFile.Text file = lines.isPresent() ? text : text.withoutLines();
        if (file.broken() > 0) {
            broken.add(file);
        }
        if (lines.isPresent()) {
            LineGroup.add(groups, file, lines.get());
            if (lines.get().goodAside() > 0) {
                staged.add(file);
            }
        } else if (file.regular() && isLarge(file)) {
            branches.add(csv(file));
        } else {
            staged.add(file);
        }
    }

    /** Puts everything the query will need into the session. */
    void stage(Instant ingestedAt) {
        parquet.forEach((schema, files) -> branches.add(parquet(schema, files)));
        int number = 0;
        for (Map.Entry<Schema, List<ScannedFile.Rows>> group : rows.entrySet()) {
            branches.add(tables.rows(++number, group.getValue(), group.getKey(), records));
        }
        for (LineGroup group : groups) {
            branches.add(tables.lines(group, branches.size(), options, decision));
        }
        if (!staged.isEmpty()) {
            branches.add(tables.text(staged, decision.variants()));
        }
        if (hasBroken()) {
            tables.broken(broken, refused, ingestedAt);
        }
    }

    List<Branch> branches() {
        return branches;
    }

    /** All records of each file, good or bad; a refused file counts as one. */
    Map<String, Long> records() {
        return records;
    }

    List<ScannedFile.Refused> refused() {
        return refused;
    }

    boolean hasBroken() {
        return !broken.isEmpty() || !refused.isEmpty();
    }

    private static boolean isLarge(ScannedFile.Text text) {
        return (text.format() == Format.CSV || text.format() == Format.TSV)
                && text.planned().file().bytes() >= FileIngest.LARGE_BYTES;
    }

    /** A branch in which the engine reads one delimited file, whose lines are its records. */
    private Branch csv(ScannedFile.Text file) {
        List<Field> columns =
                file.seen().names().stream()
                        .map(name -> Field.of(name, Primitive.VARCHAR))
                        .toList();
        String types =
                columns.stream()
                        .map(c -> Branch.literal(c.name()) + ": 'VARCHAR'")
                        .collect(Collectors.joining(", ", "{", "}"));
        String from =
                ("(SELECT *, %s AS _file, row_number() OVER () + %d AS _row FROM read_csv(%s,"
                                + " columns = %s, auto_detect = false, header = %b, delim = %s,"
                                + " quote = %s, escape = %s, nullstr = %s,"
                                + " allow_quoted_nulls = false, max_line_size = %d))")
                        .formatted(
                                Branch.literal(file.planned().name()),
                                options.header() ? 1 : 0,
                                Branch.literal(file.content().path().toString()),
                                types,
                                options.header(),
                                Branch.literal(String.valueOf(file.delimiter())),
                                Branch.literal(String.valueOf(options.quote())),
                                Branch.literal(String.valueOf(options.escape())),
                                Branch.literal(options.nullText()),
                                2 * CsvScanner.MOST_BYTES);
        return new Branch(from, columns, true, false);
    }

    /** A branch in which the engine reads all Parquet files of one schema. */
    private static Branch parquet(Schema schema, List<ScannedFile.Parquet> files) {
        Schema named = FileIngest.named(schema);
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < named.fields().size(); i++) {
            columns.add(
                    Branch.name(schema.fields().get(i).name())
                            + " AS "
                            + Branch.name(named.fields().get(i).name()));
        }
        String paths =
                files.stream()
                        .map(f -> Branch.literal(f.path().toString()))
                        .collect(Collectors.joining(", ", "[", "]"));
        String names =
                files.stream()
                        .map(f -> Branch.literal(f.planned().name()))
                        .collect(Collectors.joining(", ", "[", "]"));
        String from =
                ("(SELECT %s, %s[file_index::BIGINT + 1] AS _file,"
                                + " file_row_number::BIGINT + 1 AS _row"
                                + " FROM read_parquet(%s, hive_partitioning = false))")
                        .formatted(String.join(", ", columns), names, paths);
        return new Branch(from, named.fields(), false, false);
    }

    static String timestamp(Instant instant) {
        return "TIMESTAMPTZ '" + instant + "'";
    }
}
