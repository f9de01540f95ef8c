package dev.tarn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The 22 queries of TPC-H on Tarn's tables, beside DuckDB on the very same files. */
final class TpchBenchmark implements Benchmark {
    private static final int QUERIES = 22;
    private static final int REPETITIONS = 5;
    private static final double TARGET = 1.10;
    private static final double SAME = 1e-9;

    @Override
    public String name() {
        return "tpch";
    }

    @Override
    public String title() {
        return "the 22 TPC-H queries on Tarn's tables ÷ plain DuckDB on the same files";
    }

    /** What both sides took for one query. */
    private record Pair(String query, Timing ours, Timing theirs) {}

    @Override
    public Outcome run(Setup setup) throws Exception {
        double scale = setup.scale().orElse(1);
        Path project = setup.fresh("project");
        setup.say("making data at scale " + scale);
        TpchData.write(project, scale);
        try (Tarn tarn = Tarn.open(OpenRequest.of(project));
                PlainDuckDb duckdb = new PlainDuckDb()) {
            setup.say("loading it into tables");
            load(tarn);
            views(duckdb, project.resolve(".tarn/warehouse/tables/tpch"));
            List<Pair> pairs = new ArrayList<>();
            for (int number = 1; number <= QUERIES; number++) {
                Pair pair = measure(number, tarn, duckdb, setup.repetitions().orElse(REPETITIONS));
                setup.say(
                        "%s  Tarn %4.0f ms, DuckDB %4.0f ms: %.2f"
                                .formatted(
                                        pair.query(),
                                        pair.ours().wall() * 1000,
                                        pair.theirs().wall() * 1000,
                                        pair.ours().wall() / pair.theirs().wall()));
                pairs.add(pair);
            }
            return outcome(scale, pairs);
        }
    }

    private static Outcome outcome(double scale, List<Pair> pairs) {
        Timing ours = sum(pairs.stream().map(Pair::ours));
        Timing theirs = sum(pairs.stream().map(Pair::theirs));
        List<Outcome.Line> lines = new ArrayList<>();
        lines.add(new Outcome.Line("Tarn, all", ours));
        lines.add(new Outcome.Line("DuckDB, all", theirs));
        for (Pair pair : pairs) {
            lines.add(new Outcome.Line("Tarn " + pair.query(), pair.ours()));
            lines.add(new Outcome.Line("DuckDB " + pair.query(), pair.theirs()));
        }
        return new Outcome(
                "TPC-H at scale %s, 22 queries".formatted(scale),
                lines,
                "geometric mean of Tarn ÷ DuckDB; of processor time, all ÷ all",
                mean(pairs.stream().map(p -> p.ours().wall() / p.theirs().wall())),
                ours.cpu() / theirs.cpu(),
                Optional.of(TARGET));
    }

    private static Timing sum(Stream<Timing> timings) {
        return timings.reduce(new Timing(0, 0), Timing::plus);
    }

    private static double mean(Stream<Double> ratios) {
        return Math.exp(ratios.mapToDouble(Math::log).average().orElse(0));
    }

    private static void load(Tarn tarn) {
        RunReport report =
                tarn.build(
                        BuildRequest.everything("bench"), RunListener.SILENT, new Cancellation());
        if (!report.problems().isEmpty()) {
            throw new IllegalStateException("Loading failed: " + report.problems());
        }
    }

    /** The peer's tables: views over the files that Tarn wrote. */
    private static void views(PlainDuckDb duckdb, Path tables) throws SQLException, IOException {
        duckdb.execute("CREATE SCHEMA tpch");
        duckdb.execute("SET search_path = 'tpch'");
        for (String table : TpchData.tables()) {
            try (Stream<Path> folders = Files.list(tables)) {
                Path folder =
                        folders.filter(f -> f.getFileName().toString().startsWith(table + "-"))
                                .findFirst()
                                .orElseThrow();
                duckdb.execute(
                        "CREATE VIEW tpch.%s AS SELECT * FROM read_parquet(%s)"
                                .formatted(
                                        table,
                                        PlainDuckDb.literal(folder.resolve("data/*.parquet"))));
            }
        }
    }

    /** Compares the results first, which warms both up, and then measures them in turns. */
    private static Pair measure(int number, Tarn tarn, PlainDuckDb duckdb, int repetitions)
            throws Exception {
        String query = "q%02d".formatted(number);
        String sql = sql(query);
        compare(query, rows(tarn, sql), duckdb.rows(sql));
        List<Timing> ours = new ArrayList<>();
        List<Timing> theirs = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            // Whoever comes second finds the caches warm, so both come first in turn.
            if (i % 2 == 0) {
                ours.add(Timing.of(() -> rows(tarn, sql)));
                theirs.add(Timing.of(() -> duckdb.rows(sql)));
            } else {
                theirs.add(Timing.of(() -> duckdb.rows(sql)));
                ours.add(Timing.of(() -> rows(tarn, sql)));
            }
        }
        return new Pair(query, Timing.median(ours), Timing.median(theirs));
    }

    private static List<List<@Nullable Object>> rows(Tarn tarn, String sql) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (Answer answer = tarn.queryAnew(sql, At.MAIN, new Cancellation())) {
            int columns = answer.schema().fields().size();
            while (answer.next()) {
                List<@Nullable Object> row = new ArrayList<>(columns);
                for (int i = 0; i < columns; i++) {
                    row.add(answer.value(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static void compare(
            String query, List<List<@Nullable Object>> ours, List<List<@Nullable Object>> theirs) {
        if (ours.size() != theirs.size()) {
            throw new IllegalStateException(
                    "%s: Tarn has %d rows, DuckDB %d".formatted(query, ours.size(), theirs.size()));
        }
        for (int i = 0; i < ours.size(); i++) {
            for (int j = 0; j < ours.get(i).size(); j++) {
                if (!same(ours.get(i).get(j), theirs.get(i).get(j))) {
                    throw new IllegalStateException(
                            "%s, row %d: Tarn has %s, DuckDB %s"
                                    .formatted(query, i + 1, ours.get(i), theirs.get(i)));
                }
            }
        }
    }

    /** Sums of doubles depend on the order of rows, which is not fixed. */
    private static boolean same(@Nullable Object ours, @Nullable Object theirs) {
        if (ours instanceof Number a && theirs instanceof Number b) {
            double difference = Math.abs(a.doubleValue() - b.doubleValue());
            return difference <= SAME * Math.max(1, Math.abs(b.doubleValue()));
        }
        return Objects.toString(ours).equals(Objects.toString(theirs));
    }

    private static String sql(String query) throws IOException {
        try (InputStream in = TpchBenchmark.class.getResourceAsStream("tpch/" + query + ".sql")) {
            if (in == null) {
                throw new IOException("No query " + query);
            }
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
