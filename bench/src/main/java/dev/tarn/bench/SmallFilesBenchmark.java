package dev.tarn.bench;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.TableListing;
import dev.tarn.app.Tarn;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Many small files, all at once and a few at a time. */
final class SmallFilesBenchmark implements Benchmark {
    private static final int FILES = 2_000;
    private static final int BATCHES = 200;
    private static final int ROWS = 50;

    @Override
    public String name() {
        return "smallfiles";
    }

    @Override
    public String title() {
        return "small CSV files landed in 200 batches ÷ in one";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int files = (int) Math.round(setup.scale().orElse(1) * FILES);
        int batches = Math.max(1, files * BATCHES / FILES);
        Path warm = project(setup.fresh("warm-up"));
        drop(warm, 0, 10);
        build(warm, 10);

        Path atOnce = project(setup.fresh("at-once"));
        drop(atOnce, 0, files);
        setup.say("landing %,d files in one batch".formatted(files));
        Timing one = Timing.of(() -> build(atOnce, files));

        Path inTurn = project(setup.fresh("in-turn"));
        setup.say("landing them in %,d batches".formatted(batches));
        Timing many = new Timing(0, 0);
        Timing last = many;
        for (int i = 0; i < batches; i++) {
            int from = (int) ((long) files * i / batches);
            int to = (int) ((long) files * (i + 1) / batches);
            drop(inTurn, from, to);
            last = Timing.of(() -> build(inTurn, to));
            many = many.plus(last);
        }
        return new Outcome(
                "%,d files of %d rows; per file %.2f ms in one batch, %.2f ms in %,d batches"
                        .formatted(
                                files,
                                ROWS,
                                one.wall() * 1000 / files,
                                many.wall() * 1000 / files,
                                batches),
                List.of(
                        new Outcome.Line(batches + " batches", many),
                        new Outcome.Line("one batch", one),
                        new Outcome.Line("the last of the batches", last)),
                "batches ÷ one batch",
                many.wall() / one.wall(),
                many.cpu() / one.cpu(),
                Optional.empty());
    }

    private static Path project(Path folder) throws IOException {
        Files.writeString(
                folder.resolve("dbt_project.yml"),
                """
                name: small
                version: "1.0.0"
                config-version: 2
                profile: small
                model-paths: ["models"]
                """);
        Files.writeString(
                Files.createDirectories(folder.resolve("models")).resolve("sources.yml"),
                """
                version: 2
                sources:
                  - name: small
                    schema: small
                    tables:
                      - name: readings
                        ingest:
                          location: landing
                          format: csv
                """);
        Files.createDirectories(folder.resolve("landing"));
        return folder;
    }

    private static void drop(Path project, int from, int to) throws IOException {
        for (int file = from; file < to; file++) {
            StringBuilder csv = new StringBuilder("reading,sensor,taken_at,degrees\n");
            for (int row = 0; row < ROWS; row++) {
                csv.append(file * ROWS + row)
                        .append(",sensor-")
                        .append(row % 7)
                        .append(",2026-03-01 10:")
                        .append(10 + row)
                        .append(":00,")
                        .append(row % 30)
                        .append(".5\n");
            }
            Files.writeString(project.resolve("landing/readings_%06d.csv".formatted(file)), csv);
        }
    }

    /** A build as a process of its own would do it, without the start of the process. */
    private static void build(Path project, int files) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            RunReport report =
                    tarn.build(
                            BuildRequest.everything("bench"),
                            RunListener.SILENT,
                            new Cancellation());
            long rows = tarn.tables(At.MAIN).stream().mapToLong(TableListing::rows).sum();
            if (!report.problems().isEmpty() || rows != (long) files * ROWS) {
                throw new IllegalStateException(
                        "%,d rows after %,d files: %s".formatted(rows, files, report.problems()));
            }
        }
    }
}
