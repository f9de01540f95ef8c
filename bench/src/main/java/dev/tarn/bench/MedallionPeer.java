package dev.tarn.bench;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A project's work as a script for plain DuckDB would do it: sources, seeds, models and checks one
 * after the other, each table a Parquet file. It takes the compiled SQL of the project. What it
 * leaves out makes it quicker: it keeps no rows that cannot be read, does not number rows, and
 * knows nothing of transactions, partitions and histories.
 */
final class MedallionPeer {
    /** Where DuckDB makes null of what it cannot read, such rows are left out. */
    private static final Map<String, String> NEVER_NULL =
            Map.of(
                    "events", " WHERE occurred_at IS NOT NULL",
                    "products", " WHERE price IS NOT NULL");

    private final Project project;
    private final Path folder;
    private final PlainDuckDb duckdb;
    private final Map<String, Duration> durations = new TreeMap<>();

    /**
     * @param folder where the Parquet files go
     */
    MedallionPeer(Project project, Path folder, PlainDuckDb duckdb) {
        this.project = project;
        this.folder = folder;
        this.duckdb = duckdb;
    }

    /** Does all of it; returns how many rows each check found, by its id. */
    Map<String, Long> build() throws SQLException, IOException {
        Map<String, Long> failures = new TreeMap<>();
        for (Node node : project.nodes().values()) {
            long begin = System.nanoTime();
            switch (node) {
                case Node.Source source -> table(source.relation(), landed(source));
                case Node.Seed seed -> table(seed.relation(), seeded(seed));
                case Node.Model model -> model(model);
                case Node.Check check -> failures.put(check.id().value(), failures(check));
            }
            durations.put(node.id().value(), Duration.ofNanos(System.nanoTime() - begin));
        }
        return failures;
    }

    /** What each node took. */
    Map<String, Duration> durations() {
        return durations;
    }

    /** The rows of every table that was written. */
    Map<TableName, Long> counts() throws SQLException {
        Map<TableName, Long> counts = new TreeMap<>();
        for (Node node : project.nodes().values()) {
            switch (node) {
                case Node.Source source -> count(source.relation(), counts);
                case Node.Seed seed -> count(seed.relation(), counts);
                case Node.Model model -> {
                    if (isTable(model)) {
                        count(model.relation(), counts);
                    }
                }
                case Node.Check check -> {}
            }
        }
        return counts;
    }

    private void count(TableName name, Map<TableName, Long> counts) throws SQLException {
        counts.put(name, duckdb.number("SELECT count(*) FROM " + quoted(name)));
    }

    private void model(Node.Model model) throws SQLException, IOException {
        switch (model.materialization()) {
            case Materialization.Ephemeral e -> {}
            case Materialization.Function f -> {}
            case Materialization.TableFunction f -> {}
            case Materialization.View v -> view(model.relation(), model.sql().sql());
            case Materialization.Table t -> table(model.relation(), model.sql().sql());
            case Materialization.MaterializedView m -> table(model.relation(), model.sql().sql());
            case Materialization.Stream s -> table(model.relation(), model.sql().sql());
            case Materialization.Snapshot s -> table(model.relation(), model.sql().sql());
            case Materialization.Custom c -> table(model.relation(), model.sql().sql());
            case Materialization.Incremental i -> table(model.relation(), model.sql().sql());
        }
    }

    private static boolean isTable(Node.Model model) {
        return model.materialization() instanceof Materialization.Table
                || model.materialization() instanceof Materialization.Incremental;
    }

    private void table(TableName name, String sql) throws SQLException, IOException {
        Path file = folder.resolve(name.schema()).resolve(name.table() + ".parquet");
        Files.createDirectories(folder.resolve(name.schema()));
        duckdb.execute(
                "COPY (\n%s\n) TO %s (FORMAT parquet, COMPRESSION zstd)"
                        .formatted(sql, PlainDuckDb.literal(file)));
        view(name, "SELECT * FROM read_parquet(" + PlainDuckDb.literal(file) + ")");
    }

    private void view(TableName name, String sql) throws SQLException {
        duckdb.execute("CREATE SCHEMA IF NOT EXISTS \"" + name.schema() + '"');
        duckdb.execute("CREATE VIEW " + quoted(name) + " AS\n" + sql);
    }

    private long failures(Node.Check check) throws SQLException {
        return duckdb.number(
                "select failures, failures %s, failures %s from (select %s as failures from (\n%s\n))"
                        .formatted(
                                check.rules().errorIf(),
                                check.rules().warnIf(),
                                check.rules().failCalc(),
                                check.sql().sql()));
    }

    private String seeded(Node.Seed seed) {
        return "SELECT * FROM read_csv(%s, header = true, types = %s)"
                .formatted(
                        PlainDuckDb.literal(project.root().resolve(seed.file())),
                        types(seed.columnTypes()));
    }

    private String landed(Node.Source source) {
        IngestSpec spec =
                source.ingest()
                        .orElseThrow(
                                () -> new IllegalStateException(source.id() + " has no files"));
        String files = PlainDuckDb.literal(project.root().resolve(spec.location()).resolve("*"));
        String read =
                switch (spec.format().orElse(IngestSpec.Format.CSV)) {
                    case CSV, TSV ->
                            ("read_csv(%s, header = true, union_by_name = true, types = %s,"
                                            + " ignore_errors = true, filename = true)")
                                    .formatted(files, types(spec.columnTypes()));
                    case NDJSON ->
                            ("read_json(%s, format = 'newline_delimited', columns = %s,"
                                            + " ignore_errors = true, filename = true)")
                                    .formatted(files, types(spec.columnTypes()));
                    case JSON ->
                            ("read_json(%s, format = 'array', columns = %s,"
                                            + " ignore_errors = true, filename = true)")
                                    .formatted(files, types(spec.columnTypes()));
                    case PARQUET, AVRO, ORC, EXCEL ->
                            throw new IllegalStateException(
                                    source.id() + " has files that this script cannot read");
                };
        return "SELECT * EXCLUDE (filename), filename AS _file, 0::BIGINT AS _row,"
                + " now() AS _ingested_at FROM "
                + read
                + NEVER_NULL.getOrDefault(source.relation().table(), "");
    }

    private static String types(Map<String, String> types) {
        return types.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e ->
                        PlainDuckDb.literal(e.getKey()) + ": " + PlainDuckDb.literal(e.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String quoted(TableName name) {
        return '"' + name.schema() + "\".\"" + name.table() + '"';
    }
}
