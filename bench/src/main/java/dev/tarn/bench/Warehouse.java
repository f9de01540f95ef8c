package dev.tarn.bench;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.Executed;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A warehouse of a benchmark, with SQL on its main line. */
final class Warehouse implements AutoCloseable {
    private final Path folder;
    private final Tarn tarn;

    private Warehouse(Path folder) {
        this.folder = folder;
        this.tarn = Tarn.open(OpenRequest.of(folder));
    }

    /**
     * A new one, in which nothing is done but what is asked for.
     *
     * @param settings more lines of {@code tarn.yml}
     */
    static Warehouse fresh(Setup setup, String name, String... settings) throws IOException {
        Path folder = setup.fresh(name);
        Files.writeString(folder.resolve("dbt_project.yml"), "name: bench\nversion: \"1.0.0\"\n");
        Files.writeString(
                folder.resolve("tarn.yml"),
                "upkeep: {mode: \"off\"}\n" + String.join("\n", List.of(settings)) + "\n");
        return new Warehouse(folder);
    }

    Tarn tarn() {
        return tarn;
    }

    Executed sql(String sql) {
        return sql(sql, RefName.MAIN);
    }

    Executed sql(String sql, RefName ref) {
        return tarn.execute(SqlText.of(sql), ref, new Cancellation());
    }

    /** The number that a query gives. */
    long number(String sql) {
        return number(sql, At.MAIN);
    }

    long number(String sql, At at) {
        try (Answer answer = tarn.queryAnew(sql, at, new Cancellation())) {
            if (answer.next() && answer.value(0) instanceof Number number) {
                return number.longValue();
            }
        }
        throw new IllegalStateException("No number: " + sql);
    }

    /** The data files of all tables, those of older states too. */
    List<Path> files() throws IOException {
        try (var found = Files.walk(folder.resolve(".tarn/warehouse/tables"))) {
            return found.filter(f -> f.toString().endsWith(".parquet")).sorted().toList();
        }
    }

    @Override
    public void close() {
        tarn.close();
    }
}
