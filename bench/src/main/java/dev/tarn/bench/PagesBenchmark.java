package dev.tarn.bench;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.job.JobName;
import dev.tarn.pages.Pages;
import dev.tarn.spi.HttpProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every page of a project of ten thousand nodes, with a job of five thousand tasks and a million
 * rows of history each for runs of the project and runs of jobs.
 */
final class PagesBenchmark implements Benchmark {
    private static final int NODES = 10_000;
    private static final int TASKS = 5_000;
    private static final int ROWS = 1_000_000;
    private static final int REPETITIONS = 7;
    private static final double WANTED_SECONDS = 0.3;

    @Override
    public String name() {
        return "pages";
    }

    @Override
    public String title() {
        return "the slowest page with 10,000 nodes and 2 × 1,000,000 rows of history ÷ 300 ms";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        double scale = setup.scale().orElse(1);
        int nodes = (int) Math.round(NODES * scale);
        int tasks = (int) Math.round(TASKS * scale);
        int rows = (int) Math.round(ROWS * scale);
        Path folder = setup.fresh("project");
        write(folder, nodes, tasks);
        String jobRun;
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            setup.say("a run of %,d tasks".formatted(tasks));
            jobRun =
                    tarn.jobs()
                            .start(
                                    new JobName("wide"),
                                    Map.of(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    "bench")
                            .id()
                            .value();
        }
        setup.say("2 × %,d rows of history".formatted(rows));
        String run = fill(folder, nodes, rows);
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder));
                Pages pages = Pages.open(tarn, folder, Clock.systemUTC())) {
            setup.say("compiling");
            String unused = ask(pages, "/lineage");
            Map<String, Timing> timings = new LinkedHashMap<>();
            for (String page : pages(run, jobRun)) {
                setup.say(page);
                timings.put(page, measure(pages, page, setup.repetitions().orElse(REPETITIONS)));
            }
            return outcome(nodes, tasks, rows, timings);
        }
    }

    private static Outcome outcome(int nodes, int tasks, int rows, Map<String, Timing> timings) {
        Map.Entry<String, Timing> slowest =
                timings.entrySet().stream()
                        .max(Comparator.comparingDouble(e -> e.getValue().wall()))
                        .orElseThrow();
        List<Outcome.Line> lines = new ArrayList<>();
        timings.forEach((page, timing) -> lines.add(new Outcome.Line(page, timing)));
        return new Outcome(
                "%,d nodes, a job of %,d tasks, 2 × %,d rows of history; the slowest page is %s with %s"
                        .formatted(
                                nodes,
                                tasks,
                                rows,
                                slowest.getKey(),
                                JobsBenchmark.millis(slowest.getValue().wall())),
                lines,
                "the slowest page ÷ 300 ms",
                slowest.getValue().wall() / WANTED_SECONDS,
                slowest.getValue().cpu() / WANTED_SECONDS,
                Optional.of(1.0));
    }

    private static List<String> pages(String run, String jobRun) {
        return List.of(
                "/",
                "/runs",
                "/runs/" + run,
                "/jobs",
                "/jobs/wide",
                "/jobs/minutely",
                "/job-runs",
                "/job-runs?job=minutely",
                "/job-runs/" + jobRun,
                "/job-runs/" + jobRun + "?page=10",
                "/grid",
                "/catalog",
                "/catalog?q=node_99",
                "/assets/main.node_5",
                "/assets/main.node_5/lineage",
                "/assets/main.node_5/runs",
                "/lineage",
                "/lineage?focus=model.bench.node_500&depth=2",
                "/lineage?select=%2Bnode_9",
                "/checks",
                "/sql",
                "/sources",
                "/alerts",
                "/system",
                "/metrics");
    }

    /** Ten layers, each node after one of the layer before; and two jobs. */
    private static void write(Path folder, int nodes, int tasks) throws IOException {
        Files.createDirectories(folder.resolve("models"));
        Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(folder.resolve("dbt_project.yml"), "name: bench\nversion: \"1.0.0\"\n");
        Files.writeString(folder.resolve("tarn.yml"), "upkeep: {mode: \"off\"}\n");
        int layer = Math.max(1, nodes / 10);
        for (int i = 0; i < nodes; i++) {
            Files.writeString(
                    folder.resolve("models/node_%d.sql".formatted(i)),
                    i < layer
                            ? "select %d as id".formatted(i)
                            : "select id from {{ ref('node_%d') }}".formatted(i - layer));
        }
        StringBuilder yaml =
                new StringBuilder(
                        """
                        jobs:
                          - name: minutely
                            schedule: {every: 1m}
                            tasks: [{name: only, nothing: }]
                          - name: wide
                            tasks:
                        """);
        for (int i = 0; i < tasks; i++) {
            yaml.append(
                    i < 100
                            ? "      - {name: t%d, nothing: }\n".formatted(i)
                            : "      - {name: t%d, after: t%d, nothing: }\n".formatted(i, i - 100));
        }
        Files.writeString(folder.resolve("jobs/all.yml"), yaml);
    }

    /** Writes history straight into the catalog's database; the newest run of the project. */
    private static String fill(Path folder, int nodes, int rows) throws Exception {
        Path database = folder.resolve(".tarn/warehouse/catalog.db");
        Instant now = Clock.systemUTC().instant();
        String newest = "";
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            connection.setAutoCommit(false);
            try (PreparedStatement run =
                            connection.prepareStatement(
                                    "INSERT INTO runs VALUES (?, 'bench', 'build', 'main', 0, 'failed', ?, ?, ?, NULL, NULL, NULL)");
                    PreparedStatement task =
                            connection.prepareStatement(
                                    "INSERT INTO tasks VALUES (?, ?, 1, ?, ?, ?, 10, 100, ?)")) {
                int runs = Math.max(1, rows / Math.max(1, nodes));
                for (int r = 0; r < runs; r++) {
                    Instant at = now.minusSeconds(3_600L * (runs - r));
                    newest = dev.tarn.model.RunId.create(at, new java.util.Random(r)).value();
                    long nanos = at.getEpochSecond() * 1_000_000_000L;
                    run.setString(1, newest);
                    run.setLong(2, nanos);
                    run.setLong(3, nanos);
                    run.setLong(4, nanos + 60_000_000_000L);
                    run.executeUpdate();
                    for (int n = 0; n < nodes; n++) {
                        boolean bad = n % 1_000 == 7;
                        task.setString(1, newest);
                        task.setString(2, "model.bench.node_" + n);
                        task.setString(3, bad ? "failed" : "succeeded");
                        task.setLong(4, nanos + n * 1_000_000L);
                        task.setLong(5, nanos + n * 1_000_000L + 500_000);
                        task.setString(6, bad ? "It went wrong. [SQL_FAILED]" : null);
                        task.addBatch();
                    }
                    task.executeBatch();
                }
            }
            fillJobs(connection, rows, now);
            connection.commit();
        }
        return newest;
    }

    private static void fillJobs(Connection connection, int rows, Instant now) throws Exception {
        try (Statement statement = connection.createStatement()) {
            String numbers =
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                            .formatted(rows / 10);
            long nanos = now.getEpochSecond() * 1_000_000_000L;
            statement.execute(
                    """
                    INSERT INTO job_runs (id, job, definition, run_key, cause, started_by,
                        interval_start, interval_end, due_at, created_at, started_at, finished_at,
                        late, status, params)
                    %1$s SELECT printf('j260101-000000-%%08d', i), 'minutely', 'none', 'k' || i,
                        'SCHEDULE', 'every 1m', t, t, t, t, t, t + 1000000000, 0,
                        CASE WHEN i %% 50 = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END, ''
                    FROM (SELECT i, %2$d - 60000000000 * i AS t FROM n)
                    """
                            .formatted(numbers, nanos));
            statement.execute(
                    """
                    INSERT INTO job_tasks (run, task, job, kind, status, attempt, failures, losses,
                        priority, not_before, fence, cancel, started_at, finished_at, output)
                    SELECT r.id, 't' || k.i, 'minutely', 'nothing', 'SUCCEEDED', 1, 0, 0, 0,
                        r.due_at, 1, 0, r.due_at, r.finished_at, ''
                    FROM job_runs r, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1
                        FROM n WHERE i < 10) SELECT i FROM n) k
                    WHERE r.job = 'minutely'
                    """);
            statement.execute(
                    "INSERT INTO job_states (job, seen) VALUES ('minutely', '') ON CONFLICT DO NOTHING");
        }
    }

    private static Timing measure(Pages pages, String page, int repetitions) throws Exception {
        String unused = ask(pages, page);
        List<Timing> timings = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            timings.add(Timing.of(() -> ask(pages, page)));
        }
        return Timing.median(timings);
    }

    private static String ask(Pages pages, String address) {
        int mark = address.indexOf('?');
        Map<String, String> query = new LinkedHashMap<>();
        if (mark > 0) {
            for (String pair : address.substring(mark + 1).split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], java.net.URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        HttpProtocol.Answer answer =
                pages.answer(
                        new HttpProtocol.Call(
                                "GET",
                                mark > 0 ? address.substring(0, mark) : address,
                                query,
                                Map.of("host", "localhost"),
                                new byte[0],
                                ""));
        if (answer.status() != 200) {
            throw new IllegalStateException(
                    "%s answers %d: %s"
                            .formatted(
                                    address,
                                    answer.status(),
                                    new String(answer.body(), StandardCharsets.UTF_8)
                                            .replaceAll("<[^>]*>", " ")));
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
