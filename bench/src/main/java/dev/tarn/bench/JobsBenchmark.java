package dev.tarn.bench;

import dev.tarn.app.Jobs;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.TaskRun;
import dev.tarn.schedule.JobViews;
import dev.tarn.schedule.Scheduler;
import dev.tarn.spi.JobTables.RunFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tasks that do nothing: how many one server gets done, and how long each waits at half that rate.
 * With {@code TARN_BENCH_POSTGRES} (a URL, user {@code postgres}) the catalog is there.
 */
final class JobsBenchmark implements Benchmark {
    private static final int RUNS = 4;
    private static final int TASKS = 5_000;
    private static final double WANTED_PER_MINUTE = 30_000;

    /** At half that rate: so many jobs are due each second, each of so many tasks. */
    private static final int STEADY_JOBS = 25;

    private static final int STEADY_TASKS = 10;
    private static final int STEADY_SECONDS = 30;

    @Override
    public String name() {
        return "jobs";
    }

    @Override
    public String title() {
        return "a task of a job that does nothing ÷ the 2 ms that 30,000 a minute allow";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int runs = Math.max(1, (int) Math.round(setup.scale().orElse(1) * RUNS));
        int seconds = Math.max(5, (int) Math.round(setup.scale().orElse(1) * STEADY_SECONDS));
        Path flood = project(setup, "flood", flood());
        Timing timing;
        try (Tarn tarn = Tarn.open(OpenRequest.of(flood));
                Scheduler unused = tarn.jobs().work()) {
            setup.say("warming up");
            floodOnce(tarn.jobs(), 1, "warm");
            setup.say("%d runs of %,d tasks".formatted(runs, TASKS));
            timing = Timing.of(() -> floodOnce(tarn.jobs(), runs, "run"));
        }
        double perMinute = runs * (double) TASKS / timing.wall() * 60;
        setup.say("%d s of %d tasks a second".formatted(seconds, STEADY_JOBS * STEADY_TASKS));
        Path steady = project(setup, "steady", steady(Clock.systemUTC().instant()));
        List<Long> waits = new ArrayList<>();
        Timing calm =
                Timing.of(() -> {
                    try (Tarn tarn = Tarn.open(OpenRequest.of(steady));
                            Scheduler unused = tarn.jobs().work()) {
                        pause(TimeUnit.SECONDS.toMillis(seconds));
                        waits.addAll(waits(tarn.jobs()));
                    }
                });
        waits.sort(Long::compare);
        return new Outcome(
                "%,.0f tasks a minute on one server with %s; due to started at %,d a minute: p50 %d ms, p99 %d ms, most %d ms of %,d tasks"
                        .formatted(
                                perMinute,
                                postgres().isPresent() ? "PostgreSQL" : "SQLite",
                                STEADY_JOBS * STEADY_TASKS * 60,
                                quantile(waits, 0.5),
                                quantile(waits, 0.99),
                                quantile(waits, 1),
                                waits.size()),
                List.of(
                        new Outcome.Line("%,d tasks".formatted(runs * TASKS), timing),
                        new Outcome.Line(
                                "%d s of %,d tasks a second"
                                        .formatted(seconds, STEADY_JOBS * STEADY_TASKS),
                                calm)),
                "a task ÷ 2 ms",
                WANTED_PER_MINUTE / perMinute,
                timing.cpu() / (runs * (double) TASKS) / (60 / WANTED_PER_MINUTE),
                Optional.of(1.0));
    }

    private static Optional<String> postgres() {
        return Optional.ofNullable(System.getenv("TARN_BENCH_POSTGRES"));
    }

    private static Path project(Setup setup, String name, String jobs) throws IOException {
        Path folder = setup.fresh(name);
        Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(folder.resolve("dbt_project.yml"), "name: bench\nversion: \"1.0.0\"\n");
        Files.writeString(folder.resolve("password"), "none");
        Files.writeString(
                folder.resolve("tarn.yml"),
                "upkeep: {mode: \"off\"}\n"
                        + postgres()
                                .map(url ->
                                        "catalog: {url: \"%s\", user: postgres, password: \"file:%s\"}\n"
                                                .formatted(url, folder.resolve("password")))
                                .orElse(""));
        Files.writeString(folder.resolve("jobs/all.yml"), jobs);
        return folder;
    }

    private static String flood() {
        StringBuilder yaml = new StringBuilder("jobs:\n  - name: flood\n    tasks:\n");
        for (int i = 0; i < TASKS; i++) {
            yaml.append("      - {name: t%d, nothing: }\n".formatted(i));
        }
        return yaml.toString();
    }

    private static String steady(Instant now) {
        StringBuilder yaml = new StringBuilder("jobs:\n");
        for (int job = 0; job < STEADY_JOBS; job++) {
            Instant from = now.plusMillis(1_000L + job * (1_000 / STEADY_JOBS));
            yaml.append(
                    "  - name: steady%d\n    schedule: {every: 1s, from: \"%s\"}\n    runs_at_a_time: 100\n    tasks:\n"
                            .formatted(
                                    job, from.truncatedTo(java.time.temporal.ChronoUnit.MILLIS)));
            for (int task = 0; task < STEADY_TASKS; task++) {
                yaml.append("      - {name: t%d, nothing: }\n".formatted(task));
            }
        }
        return yaml.toString();
    }

    private static void floodOnce(Jobs jobs, int runs, String key) throws InterruptedException {
        JobName flood = new JobName("flood");
        for (int i = 0; i < runs; i++) {
            JobRun unused =
                    jobs.start(flood, Map.of(), Optional.empty(), Optional.of(key + i), "bench");
        }
        while (!jobs.runs(RunFilter.of(flood, JobRun.Status.QUEUED, JobRun.Status.RUNNING))
                .isEmpty()) {
            pause(10);
        }
        if (!jobs.runs(RunFilter.of(flood, JobRun.Status.FAILED)).isEmpty()) {
            throw new IllegalStateException("Runs failed.");
        }
    }

    /** Milliseconds from when a run was due to when each of its tasks began. */
    private static List<Long> waits(Jobs jobs) {
        List<Long> waits = new ArrayList<>();
        RunFilter ended =
                new RunFilter(
                        Optional.empty(),
                        Set.of(JobRun.Status.SUCCEEDED),
                        Optional.empty(),
                        Integer.MAX_VALUE);
        // The first seconds warm up.
        List<JobRun> runs = jobs.runs(ended);
        Instant first =
                runs.stream().map(JobRun::dueAt).min(Instant::compareTo).orElse(Instant.EPOCH);
        for (JobRun run : runs) {
            if (run.dueAt().isBefore(first.plusSeconds(5))) {
                continue;
            }
            for (JobViews.Step step : jobs.run(run.id()).steps()) {
                TaskRun task = step.task();
                task.startedAt()
                        .ifPresent(at -> waits.add(Duration.between(run.dueAt(), at).toMillis()));
            }
        }
        return waits;
    }

    static long quantile(List<Long> sorted, double part) {
        return sorted.isEmpty()
                ? 0
                : sorted.get(
                        (int) Math.min(sorted.size() - 1, Math.ceil(sorted.size() * part) - 1));
    }

    static void pause(long millis) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }

    static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.0f ms", seconds * 1_000);
    }
}
