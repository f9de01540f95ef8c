package dev.tarn.bench;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Samples;
import dev.tarn.app.TableListing;
import dev.tarn.app.Tarn;
import dev.tarn.demo.DemoSummary;
import dev.tarn.model.TableName;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.Verdict;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The demo from raw files to gold: Tarn beside a script for DuckDB with the same SQL. */
final class MedallionBenchmark implements Benchmark {
    private static final double MILLIONS = 10;
    private static final double WARM_UP = 0.01;
    private static final double TARGET = 1.15;
    private static final int SLOWEST = 8;

    /** Where tests keep the rows that fail them; the script only counts these. */
    private static final String KEPT_FAILURES = "dbt_test__audit";

    @Override
    public String name() {
        return "medallion";
    }

    @Override
    public String title() {
        return "build of the demo ÷ its SQL in plain DuckDB, from the same files to Parquet";
    }

    /** What one side made: rows by table, failures by check. */
    private record Made(Map<TableName, Long> rows, Map<String, Long> failures) {}

    @Override
    public Outcome run(Setup setup) throws Exception {
        double scale = setup.scale().orElse(MILLIONS);
        Path small = setup.fresh("warm-up");
        Samples.demo(small, WARM_UP);
        tarn(setup, small, "warm-up-warehouse", true);
        peer(setup, small, "warm-up-parquet", true);

        setup.say("making %s million events".formatted(plain(scale)));
        Path shop = setup.fresh("shop");
        DemoSummary made = Samples.demo(shop, scale);
        List<Timing> ours = new ArrayList<>();
        List<Timing> theirs = new ArrayList<>();
        for (int i = 0; i < setup.repetitions().orElse(1); i++) {
            setup.say("building with Tarn");
            Made[] result = new Made[2];
            ours.add(Timing.of(() -> result[0] = tarn(setup, shop, "warehouse", false)));
            setup.say("building with plain DuckDB");
            theirs.add(Timing.of(() -> result[1] = peer(setup, shop, "parquet", false)));
            compare(result[0], result[1]);
        }
        Timing our = Timing.median(ours);
        Timing their = Timing.median(theirs);
        return new Outcome(
                "%s million events, %,d rows in %,d files, %,d MB"
                        .formatted(
                                plain(scale), made.rows(), made.files(), made.bytes() / 1_000_000),
                List.of(new Outcome.Line("Tarn", our), new Outcome.Line("DuckDB", their)),
                "Tarn ÷ DuckDB",
                our.wall() / their.wall(),
                our.cpu() / their.cpu(),
                Optional.of(TARGET));
    }

    private static Made tarn(Setup setup, Path project, String folder, boolean quiet)
            throws Exception {
        Path warehouse = setup.fresh(folder);
        try (Tarn tarn = Tarn.open(request(project, warehouse))) {
            RunReport report =
                    tarn.build(
                            BuildRequest.everything("bench"),
                            RunListener.SILENT,
                            new Cancellation());
            if (!report.problems().isEmpty()) {
                throw new IllegalStateException("The build failed: " + report.problems());
            }
            if (!quiet) {
                tellSlowest(
                        setup,
                        report.tasks().stream()
                                .collect(
                                        Collectors.toMap(
                                                Task::node, MedallionBenchmark::duration)));
            }
            return new Made(
                    tarn.tables(At.MAIN).stream()
                            .filter(t -> t.kind().equals("table"))
                            .filter(t -> !t.name().table().endsWith("__quarantine"))
                            .filter(t -> !t.name().schema().endsWith(KEPT_FAILURES))
                            .collect(Collectors.toMap(TableListing::name, TableListing::rows)),
                    report.verdicts().stream()
                            .collect(Collectors.toMap(Verdict::check, Verdict::failures)));
        }
    }

    private static void tellSlowest(Setup setup, Map<String, Duration> durations) {
        durations.entrySet().stream()
                .sorted(Map.Entry.<String, Duration>comparingByValue().reversed())
                .limit(SLOWEST)
                .forEach(e ->
                        setup.say("  %,6d ms  %s".formatted(e.getValue().toMillis(), e.getKey())));
    }

    private static Made peer(Setup setup, Path project, String folder, boolean quiet)
            throws Exception {
        Path parquet = setup.fresh(folder);
        try (Tarn tarn = Tarn.open(request(project, setup.fresh("unused")));
                PlainDuckDb duckdb = new PlainDuckDb()) {
            MedallionPeer peer = new MedallionPeer(tarn.project(), parquet, duckdb);
            Map<String, Long> failures = peer.build();
            if (!quiet) {
                tellSlowest(setup, peer.durations());
            }
            return new Made(peer.counts(), failures);
        }
    }

    private static OpenRequest request(Path project, Path warehouse) {
        return new OpenRequest(
                project,
                Optional.of(warehouse.toString()),
                Map.of(),
                Optional.empty(),
                Map.of(),
                Clock.systemUTC(),
                note -> {});
    }

    private static void compare(Made ours, Made theirs) {
        List<String> differences = new ArrayList<>();
        differences("rows of ", ours.rows(), theirs.rows(), differences);
        differences("failures of ", ours.failures(), theirs.failures(), differences);
        if (!differences.isEmpty()) {
            throw new IllegalStateException(
                    "Tarn and DuckDB differ:\n" + String.join("\n", differences));
        }
    }

    private static <K extends Comparable<K>> void differences(
            String what, Map<K, Long> ours, Map<K, Long> theirs, List<String> differences) {
        Map<K, Long> all = new TreeMap<>(ours);
        theirs.forEach(all::putIfAbsent);
        for (K key : all.keySet()) {
            Long our = ours.get(key);
            Long their = theirs.get(key);
            if (our == null || !our.equals(their)) {
                differences.add("%s%s: %s and %s".formatted(what, key, our, their));
            }
        }
    }

    private static Duration duration(Task task) {
        return task.startedAt()
                .flatMap(from -> task.finishedAt().map(to -> Duration.between(from, to)))
                .orElse(Duration.ZERO);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
