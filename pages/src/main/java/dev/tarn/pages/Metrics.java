package dev.tarn.pages;

import dev.tarn.app.At;
import dev.tarn.app.Sources;
import dev.tarn.app.TableListing;
import dev.tarn.app.Trouble;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.spi.HttpProtocol;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers for Prometheus. Whatever is told here stands in docs/observability.md, and a test
 * compares the two. What is told of each table costs a look at its metadata, once for each of its
 * states.
 */
final class Metrics {
    /** Beyond so many tables or nodes the rest is not told one by one. */
    private static final int EACH_MAX = 2_000;

    private static final int RUNS = 200;

    private final Ground ground;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final Map<TableName, Known> known = new HashMap<>();

    private record Known(PublicationId version, TableListing listing) {}

    Metrics(Ground ground) {
        this.ground = ground;
    }

    /** A page was made. */
    void count(int status, Duration took) {
        answered.incrementAndGet();
        nanos.addAndGet(took.toNanos());
        if (status >= 500) {
            failed.incrementAndGet();
        }
    }

    HttpProtocol.Answer answer() {
        Exposition out = new Exposition();
        process(out);
        pages(out);
        new WorkMetrics(ground).write(out);
        runs(out);
        nodes(out);
        tables(out);
        sources(out);
        behind(out);
        disk(out);
        return Reply.text(200, Exposition.TYPE, out.toString());
    }

    private void process(Exposition out) {
        out.gauge("tarn_start_time_seconds", "When this server began.")
                .sample("tarn_start_time_seconds", seconds(ground.started()));
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        out.gauge("tarn_java_memory_bytes", "Memory that Java uses, by area.")
                .sample("tarn_java_memory_bytes", heap.getUsed(), "area", "heap")
                .sample("tarn_java_memory_bytes", other.getUsed(), "area", "other");
        resident()
                .ifPresent(bytes ->
                        out.gauge(
                                        "tarn_resident_memory_bytes",
                                        "Memory of the whole process, the engine included.")
                                .sample("tarn_resident_memory_bytes", bytes));
        out.gauge("tarn_threads", "Platform threads.")
                .sample("tarn_threads", ManagementFactory.getThreadMXBean().getThreadCount());
        long collecting =
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum();
        out.counter("tarn_java_gc_seconds_total", "Time Java spent collecting garbage.")
                .sample("tarn_java_gc_seconds_total", collecting / 1000.0);
    }

    private static Optional<Long> resident() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Optional.of(Long.parseLong(line.replaceAll("\\D", "")) * 1024);
                }
            }
        } catch (IOException e) {
            // Only Linux tells.
        }
        return Optional.empty();
    }

    private void pages(Exposition out) {
        out.counter("tarn_page_requests_total", "Pages that were asked for.")
                .sample("tarn_page_requests_total", answered.get());
        out.counter("tarn_page_failures_total", "Pages that ended with a status of 500 or above.")
                .sample("tarn_page_failures_total", failed.get());
        out.counter("tarn_page_seconds_total", "Time spent making pages.")
                .sample("tarn_page_seconds_total", nanos.get() / 1e9);
    }

    private void runs(Exposition out) {
        List<Run> runs = ground.tarn().runs(RUNS);
        out.gauge("tarn_runs_running", "Runs that go on now.")
                .sample(
                        "tarn_runs_running",
                        runs.stream().filter(r -> r.status() == RunStatus.RUNNING).count());
        out.gauge("tarn_recent_runs", "Of the newest %d runs, by status.".formatted(RUNS));
        for (RunStatus status : RunStatus.values()) {
            out.sample(
                    "tarn_recent_runs",
                    runs.stream().filter(r -> r.status() == status).count(),
                    "status",
                    word(status));
        }
        Optional<Run> last = runs.stream().filter(r -> r.finishedAt().isPresent()).findFirst();
        out.gauge("tarn_last_run_end_timestamp_seconds", "When the newest run ended.");
        last.flatMap(Run::finishedAt)
                .ifPresent(at -> out.sample("tarn_last_run_end_timestamp_seconds", seconds(at)));
        out.gauge("tarn_last_run_duration_seconds", "How long the newest ended run took.");
        last.ifPresent(r ->
                out.sample(
                        "tarn_last_run_duration_seconds",
                        HomePage.took(r, ground.now()).toMillis() / 1000.0));
        out.gauge("tarn_last_run_failed", "1 if the newest ended run failed or was lost, else 0.");
        last.ifPresent(r ->
                out.sample(
                        "tarn_last_run_failed",
                        r.status() == RunStatus.FAILED || r.status() == RunStatus.LOST ? 1 : 0));
        out.gauge(
                "tarn_last_publication_timestamp_seconds",
                "When something last became visible on main.");
        ground.tarn().publications(RefName.MAIN, 1).stream()
                .map(Publication::at)
                .forEach(at -> out.sample("tarn_last_publication_timestamp_seconds", seconds(at)));
    }

    private void nodes(Exposition out) {
        List<Trouble> troubles = ground.tarn().overview().troubles();
        out.gauge("tarn_nodes_in_trouble", "Nodes whose newest result is bad.")
                .sample(
                        "tarn_nodes_in_trouble",
                        troubles.stream().filter(Metrics::failed).count(),
                        "status",
                        "failed")
                .sample(
                        "tarn_nodes_in_trouble",
                        troubles.stream().filter(t -> !failed(t)).count(),
                        "status",
                        "warned");
        out.gauge(
                "tarn_node_failing_since_timestamp_seconds",
                "When a node that fails now began to.");
        troubles.stream()
                .filter(Metrics::failed)
                .limit(EACH_MAX)
                .forEach(t ->
                        out.sample(
                                "tarn_node_failing_since_timestamp_seconds",
                                seconds(t.since().startedAt().orElse(t.run().startedAt())),
                                "node",
                                t.latest().node()));
        List<Verdict> verdicts = ground.tarn().overview().verdicts(At.MAIN);
        out.gauge("tarn_checks", "Standing verdicts of checks on main, by outcome.");
        for (Verdict.Outcome outcome : Verdict.Outcome.values()) {
            out.sample(
                    "tarn_checks",
                    verdicts.stream().filter(v -> v.outcome() == outcome).count(),
                    "outcome",
                    word(outcome));
        }
    }

    private static boolean failed(Trouble trouble) {
        return trouble.latest().status() == TaskStatus.FAILED;
    }

    private void tables(Exposition out) {
        List<Versioned> relations = ground.tarn().overview().relations(At.MAIN);
        out.gauge("tarn_relations", "Tables and views on main.")
                .sample("tarn_relations", relations.size());
        List<TableListing> tables = listings(relations);
        out.gauge("tarn_table_rows", "Rows of a table on main.");
        tables.forEach(t -> out.sample("tarn_table_rows", t.rows(), "table", t.name().toString()));
        out.gauge("tarn_table_bytes", "Bytes of a table's data files.");
        tables.forEach(
                t -> out.sample("tarn_table_bytes", t.bytes(), "table", t.name().toString()));
        out.gauge("tarn_table_files", "Data files of a table.");
        tables.forEach(
                t -> out.sample("tarn_table_files", t.files(), "table", t.name().toString()));
        out.gauge(
                "tarn_table_changed_timestamp_seconds",
                "When rows of a table last changed: its freshness.");
        for (TableListing table : tables) {
            table.changed()
                    .ifPresent(at ->
                            out.sample(
                                    "tarn_table_changed_timestamp_seconds",
                                    seconds(at),
                                    "table",
                                    table.name().toString()));
        }
    }

    /** Of tables, each looked at once for each of its states. */
    private List<TableListing> listings(List<Versioned> relations) {
        synchronized (known) {
            List<TableName> unknown = new ArrayList<>();
            Map<TableName, PublicationId> now = new HashMap<>();
            relations.stream()
                    .filter(r -> r.pointer().isPresent())
                    .limit(EACH_MAX)
                    .forEach(r -> {
                        TableName name = TableName.parse(r.key().name());
                        now.put(name, r.version());
                        Known before = known.get(name);
                        if (before == null || !before.version().equals(r.version())) {
                            unknown.add(name);
                        }
                    });
            known.keySet().retainAll(now.keySet());
            for (TableListing listing : ground.tarn().overview().tables(At.MAIN, unknown)) {
                PublicationId version = now.get(listing.name());
                if (version != null) {
                    known.put(listing.name(), new Known(version, listing));
                }
            }
            return known.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(e -> e.getValue().listing())
                    .toList();
        }
    }

    private void sources(Exposition out) {
        Map<String, List<SourceReads.Part>> sources = SourceReads.read(ground.tarn(), At.MAIN);
        out.gauge("tarn_source_parts", "Files or streams of a source that were read.");
        sources.forEach(
                (name, parts) -> out.sample("tarn_source_parts", parts.size(), "source", name));
        out.gauge("tarn_source_rows", "Rows that these brought.");
        sources.forEach((name, parts) ->
                out.sample(
                        "tarn_source_rows",
                        parts.stream().mapToLong(SourceReads.Part::rows).sum(),
                        "source",
                        name));
        out.gauge("tarn_source_quarantined_rows", "Rows of these that did not fit.");
        sources.forEach((name, parts) ->
                out.sample(
                        "tarn_source_quarantined_rows",
                        parts.stream().mapToLong(SourceReads.Part::quarantined).sum(),
                        "source",
                        name));
        out.gauge(
                "tarn_source_read_timestamp_seconds", "When something of a source was last read.");
        SourceReads.last(ground.tarn(), At.MAIN, sources)
                .forEach((name, at) ->
                        out.sample(
                                "tarn_source_read_timestamp_seconds", seconds(at), "source", name));
    }

    /** As the sources said within the last minutes; those that cannot say so are left out. */
    private void behind(Exposition out) {
        List<Sources.Behind> all = ground.tarn().sources().known();
        out.gauge("tarn_source_behind_rows", "Rows of a source that wait to be read.");
        all.stream()
                .filter(b -> b.lag().rows() >= 0)
                .forEach(b ->
                        out.sample(
                                "tarn_source_behind_rows",
                                b.lag().rows(),
                                "source",
                                b.table().toString()));
        out.gauge("tarn_source_behind_bytes", "Bytes of a source that wait to be read.");
        all.stream()
                .filter(b -> b.lag().bytes() >= 0)
                .forEach(b ->
                        out.sample(
                                "tarn_source_behind_bytes",
                                b.lag().bytes(),
                                "source",
                                b.table().toString()));
    }

    private void disk(Exposition out) {
        try {
            FileStore store =
                    Files.getFileStore(Health.existing(ground.tarn().settings().workDirectory()));
            out.gauge("tarn_disk_free_bytes", "Free space where this server works.")
                    .sample("tarn_disk_free_bytes", store.getUsableSpace());
            out.gauge("tarn_disk_size_bytes", "All space there.")
                    .sample("tarn_disk_size_bytes", store.getTotalSpace());
        } catch (IOException e) {
            // Not told then: a missing sample is what alert rules look for.
            return;
        }
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
