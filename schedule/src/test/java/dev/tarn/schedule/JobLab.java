package dev.tarn.schedule;

import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.project.JobFiles;
import dev.tarn.spi.AlertStore;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.JobTables.RunFilter;
import dev.tarn.spi.Tracer;
import dev.tarn.state.StateConfig;
import dev.tarn.state.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Jobs on a real catalog, with a clock that tests set and any number of servers. */
final class JobLab implements AutoCloseable {
    private static final long LONGEST_SECONDS = 30;
    private static final RandomGenerator RANDOM = new java.util.Random(1);

    private final Path project;
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final StateStore state;
    private final List<Scheduler> servers = new ArrayList<>();
    final FakeDoing doing = new FakeDoing();
    final JobControl control;
    final JobViews views;
    private final Definitions definitions = new FromFolder();

    JobLab(Path folder) {
        this(folder, StateConfig.Sqlite.in(folder));
    }

    JobLab(Path folder, StateConfig config) {
        project = folder;
        doing.folder = folder;
        state = StateStore.open(config, clock());
        control = new JobControl(store(), definitions, clock(), RANDOM, Tracer.OFF);
        views = new JobViews(store(), definitions, clock());
    }

    AlertStore alerts() {
        return state.alerts();
    }

    JobStore store() {
        return state.jobs();
    }

    Definitions definitions() {
        return definitions;
    }

    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    void jobs(String yaml) {
        try {
            Files.createDirectories(project.resolve("jobs"));
            Files.writeString(project.resolve("jobs/all.yml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets the clock. */
    synchronized void at(String time) {
        now = Instant.parse(time);
        servers.forEach(Scheduler::wake);
    }

    synchronized void later(Duration time) {
        now = now.plus(time);
        servers.forEach(Scheduler::wake);
    }

    Scheduler server() {
        Scheduler.Settings quick =
                new Scheduler.Settings(
                        16,
                        4,
                        Duration.ofMillis(5),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(5),
                        Duration.ofDays(90),
                        Optional.empty());
        Scheduler server =
                Scheduler.start(
                        store(), definitions, doing, clock(), System::nanoTime, RANDOM, quick);
        servers.add(server);
        return server;
    }

    /** Plans once, as a server does that looks just now. */
    void plan() {
        store().change(tables -> {
            RunLogic logic = new RunLogic(tables, definitions, definitions.current(), now, RANDOM);
            definitions
                    .current()
                    .jobs()
                    .values()
                    .forEach(known ->
                            new Planner(tables, logic, now)
                                    .plan(known, tables.state(known.job().name())));
            return logic;
        });
    }

    JobRunId start(String job) {
        return control.start(
                        new JobName(job),
                        new JobControl.StartRequest(
                                Map.of(), Optional.empty(), Optional.empty(), "test"))
                .id();
    }

    JobControl.BackfillRequest past(JobRun.Interval range, int parallel) {
        return new JobControl.BackfillRequest(
                Optional.of(range), parallel, Optional.empty(), Map.of(), "ann");
    }

    List<JobRun> runs(String job) {
        return views.runs(
                        new RunFilter(
                                Optional.of(new JobName(job)), Set.of(), Optional.empty(), 1_000))
                .reversed();
    }

    JobRun run(JobRunId id) {
        return views.run(id).run();
    }

    TaskRun task(JobRunId id, String task) {
        return views.run(id).steps().stream()
                .map(JobViews.Step::task)
                .filter(t -> t.task().equals(new TaskName(task)))
                .findFirst()
                .orElseThrow();
    }

    String waitsFor(JobRunId id, String task) {
        return views.run(id).steps().stream()
                .filter(s -> s.task().task().equals(new TaskName(task)))
                .findFirst()
                .flatMap(JobViews.Step::waitsFor)
                .orElse("nothing");
    }

    JobRun ended(JobRunId id) {
        until(() -> run(id).status().isEnd());
        return run(id);
    }

    void until(BooleanSupplier there) {
        CountDownLatch never = new CountDownLatch(1);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (!there.getAsBoolean()) {
            if (System.nanoTime() - giveUp > 0) {
                throw new AssertionError("It does not come about");
            }
            try {
                boolean unused = never.await(3, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        servers.forEach(Scheduler::close);
        state.close();
    }

    /** Reads the folder each time. */
    private final class FromFolder implements Definitions {
        @Override
        public Current current() {
            JobFiles.Reading reading = JobFiles.read(project);
            if (!reading.problems().isEmpty()) {
                throw new AssertionError(reading.problems().toString());
            }
            Map<JobName, Known> jobs = new LinkedHashMap<>();
            reading.jobs().forEach((name, d) -> jobs.put(name, new Known(d.job(), d.definition())));
            return new Current(jobs, reading.pools(), reading.breakers());
        }

        @Override
        public Job read(JobDefinition definition) {
            return JobFiles.read(definition);
        }
    }
}
