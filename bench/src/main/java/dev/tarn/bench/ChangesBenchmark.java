package dev.tarn.bench;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes of a PostgreSQL come into a large table and into a small one. */
final class ChangesBenchmark implements Benchmark {
    private static final int CHANGES = 100_000;
    private static final int SMALL = 1_000_000;
    private static final int TIMES = 10;
    private static final int REPETITIONS = 3;

    @Override
    public String name() {
        return "cdc";
    }

    @Override
    public String title() {
        return "changes of a database landed in a table of ten times the rows ÷ in the small one";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        double scale = setup.scale().orElse(1);
        int changes = (int) Math.round(scale * CHANGES);
        int small = (int) Math.round(scale * SMALL);
        int repetitions = setup.repetitions().orElse(REPETITIONS);
        try (EmbeddedPostgres server =
                EmbeddedPostgres.builder()
                        .setDataDirectory(setup.fresh("postgres"))
                        .setCleanDataDirectory(true)
                        .setServerConfig("fsync", "off")
                        .setServerConfig("wal_level", "logical")
                        .setServerConfig("max_wal_size", "8GB")
                        .start()) {
            Timing few = landed(setup, server, "small", small, changes, repetitions);
            Timing many = landed(setup, server, "large", small * TIMES, changes, repetitions);
            return new Outcome(
                    "%,d changes into %,d and %,d rows; changes per second %.0f and %.0f"
                            .formatted(
                                    changes,
                                    small,
                                    small * TIMES,
                                    changes / few.wall(),
                                    changes / many.wall()),
                    List.of(
                            new Outcome.Line("into %,d rows".formatted(small * TIMES), many),
                            new Outcome.Line("into %,d rows".formatted(small), few)),
                    "into the large table ÷ into the small one",
                    many.wall() / few.wall(),
                    many.cpu() / few.cpu(),
                    Optional.of(1.2));
        }
    }

    private static Timing landed(
            Setup setup,
            EmbeddedPostgres server,
            String table,
            int rows,
            int changes,
            int repetitions)
            throws Exception {
        setup.say("loading %,d rows".formatted(rows));
        execute(
                server,
                "CREATE TABLE %s (id bigint PRIMARY KEY, v bigint, note text)".formatted(table));
        execute(
                server,
                "INSERT INTO %s SELECT i, i, 'note ' || i FROM generate_series(1, %d) i"
                        .formatted(table, rows));
        Path project = project(setup, server, table);
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            Ingest.land(tarn);
            List<Timing> timings = new ArrayList<>();
            for (int i = 0; i <= repetitions; i++) {
                change(server, table, rows, changes, i);
                setup.say("landing %,d changes, %d".formatted(changes, i));
                Timing timing = Timing.of(() -> Ingest.land(tarn));
                if (i > 0) {
                    timings.add(timing);
                }
            }
            return Timing.median(timings);
        }
    }

    /** Spread over the whole table: eight tenths updated, one deleted, one inserted. */
    private static void change(
            EmbeddedPostgres server, String table, int rows, int changes, int round)
            throws SQLException {
        int step = rows / changes;
        execute(
                server,
                "UPDATE %s SET v = v + 1 WHERE id %% %d = %d AND id / %d %% 10 < 8 AND id <= %d"
                        .formatted(table, step, round % step, step, rows));
        execute(
                server,
                "DELETE FROM %s WHERE id %% %d = %d AND id / %d %% 10 = 8 AND id <= %d"
                        .formatted(table, step, round % step, step, rows));
        execute(
                server,
                "INSERT INTO %s SELECT i, i, 'new' FROM generate_series(%d, %d) i"
                        .formatted(
                                table,
                                rows + round * changes / 10 + 1,
                                rows + (round + 1) * changes / 10));
    }

    private static Path project(Setup setup, EmbeddedPostgres server, String table)
            throws IOException {
        Path project = setup.fresh("project-" + table);
        Files.writeString(project.resolve("dbt_project.yml"), "name: live\nversion: \"1.0\"\n");
        Files.writeString(
                Files.createDirectories(project.resolve("models")).resolve("sources.yml"),
                """
                version: 2
                sources:
                  - name: live
                    schema: bronze
                    tables:
                      - name: %1$s
                        ingest:
                          connector: postgres
                          mode: cdc
                          url: postgresql://localhost:%2$d/postgres
                          user: postgres
                          table: %1$s
                          slot: tarn_%1$s
                          write: upsert
                """
                        .formatted(table, server.getPort()));
        return project;
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
