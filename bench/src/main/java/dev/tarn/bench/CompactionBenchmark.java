package dev.tarn.bench;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathering many files of a table, beside DuckDB writing the same files into one. */
final class CompactionBenchmark implements Benchmark {
    private static final TableName TABLE = new TableName("small", "readings");
    private static final int BUILDS = 24;
    private static final int ROWS = 100_000;

    @Override
    public String name() {
        return "compaction";
    }

    @Override
    public String title() {
        return "gathering the files of a table ÷ DuckDB rewriting them";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int rows = (int) Math.round(setup.scale().orElse(1) * ROWS);
        int repetitions = setup.repetitions().orElse(3);
        List<Timing> ours = new ArrayList<>();
        List<Timing> peers = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i <= repetitions; i++) {
            setup.say("making a table of %d files, %d of %d".formatted(BUILDS, i, repetitions));
            Path project = project(setup.fresh("table-" + i));
            List<Path> files = fill(project, rows);
            bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            Timing peer = peer(files, setup.fresh("peer-" + i), (long) BUILDS * rows);
            Timing own = own(project, (long) BUILDS * rows);
            if (i > 0) {
                peers.add(peer);
                ours.add(own);
            }
        }
        Timing own = Timing.median(ours);
        Timing peer = Timing.median(peers);
        return new Outcome(
                "%d files of %,d rows, %,d kB; %.0f MB/s"
                        .formatted(BUILDS, rows, bytes / 1000, bytes / 1e6 / own.wall()),
                List.of(
                        new Outcome.Line("tarn maintain, committed, rows keep their ids", own),
                        new Outcome.Line("DuckDB COPY of the same files", peer)),
                "maintain ÷ COPY",
                own.wall() / peer.wall(),
                own.cpu() / peer.cpu(),
                Optional.empty());
    }

    private static Timing own(Path project, long rows) throws Exception {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            // The engine is running when a build looks after its tables.
            require(tarn, rows);
            Timing timing =
                    Timing.of(() ->
                            tarn.maintain(
                                    new MaintainRequest(
                                            RefName.MAIN,
                                            List.of(TABLE),
                                            Duration.ofHours(1),
                                            Long.MAX_VALUE,
                                            false),
                                    done -> {},
                                    () -> false));
            require(tarn, rows);
            long files = tarn.tables(At.MAIN).stream().mapToLong(t -> t.files()).max().orElse(0);
            if (files != 1) {
                throw new IllegalStateException("The table has %d files".formatted(files));
            }
            return timing;
        }
    }

    private static void require(Tarn tarn, long rows) {
        try (var answer =
                tarn.query("select count(*) from " + TABLE, At.MAIN, new Cancellation())) {
            if (!answer.next() || !(answer.value(0) instanceof Number n) || n.longValue() != rows) {
                throw new IllegalStateException("Rows were lost");
            }
        }
    }

    private static Timing peer(List<Path> files, Path folder, long rows) throws Exception {
        try (PlainDuckDb duckDb = new PlainDuckDb()) {
            String list =
                    files.stream()
                            .map(PlainDuckDb::literal)
                            .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
            String target = PlainDuckDb.literal(folder.resolve("all.parquet"));
            Timing timing =
                    Timing.of(() ->
                            duckDb.execute(
                                    "COPY (SELECT * FROM read_parquet(%s)) TO %s (FORMAT parquet, COMPRESSION zstd)"
                                            .formatted(list, target)));
            if (duckDb.number("SELECT count(*) FROM read_parquet(" + target + ")") != rows) {
                throw new IllegalStateException("DuckDB wrote other rows");
            }
            return timing;
        }
    }

    private static Path project(Path folder) throws IOException {
        Files.writeString(folder.resolve("dbt_project.yml"), "name: small\nversion: \"1.0.0\"\n");
        Files.writeString(folder.resolve("tarn.yml"), "upkeep: {mode: \"off\"}\n");
        Files.writeString(
                Files.createDirectories(folder.resolve("models")).resolve("sources.yml"),
                """
                version: 2
                sources:
                  - name: small
                    schema: small
                    tables:
                      - name: readings
                        ingest: {location: landing, format: csv}
                """);
        Files.createDirectories(folder.resolve("landing"));
        return folder;
    }

    private static List<Path> fill(Path project, int rows) throws Exception {
        for (int build = 0; build < BUILDS; build++) {
            try (PlainDuckDb duckDb = new PlainDuckDb()) {
                duckDb.execute(
                        "COPY (SELECT %d + range AS reading, 'sensor-' || hash(range) %% 997 AS sensor, TIMESTAMP '2026-03-01' + INTERVAL (range) SECOND AS taken_at, (hash(range * 7) %% 10000) / 100 AS degrees FROM range(%d)) TO %s (HEADER)"
                                .formatted(
                                        (long) build * rows,
                                        rows,
                                        PlainDuckDb.literal(
                                                project.resolve("landing/" + build + ".csv"))));
            }
            try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
                tarn.build(
                        BuildRequest.everything("bench"), RunListener.SILENT, new Cancellation());
            }
        }
        try (var found = Files.walk(project.resolve(".tarn/warehouse/tables"))) {
            return found.filter(f -> f.toString().contains("/data/tarn-")).sorted().toList();
        }
    }
}
