package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Jobs;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.JobTables.RunFilter;
import dev.tarn.state.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real servers while they work on jobs: every run that was asked for ends well, and what each
 * publishes is published once.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run.
 */
final class JobsSurviveKillsTest {
    private static final int RUNS = 6;
    private static final long LONGEST_SECONDS = 170;

    /** A task that is lost ten times is given up, so where many are killed each lives longer. */
    private static final int MANY = 8;

    private final Random random = new Random(Long.getLong("tarn.crash.seed", 20261121));
    private final int kills = Integer.getInteger("tarn.crash.kills", 4);

    @TempDir Path folder;

    @Test
    void aKilledServerLosesNoRunAndPublishesNothingTwice() throws Exception {
        Path project = project("");
        JobRunId last = start(project);
        for (int kill = 0; kill < kills; kill++) {
            Program server = Program.start(project, "serve", "--port", "0");
            pause((kills > MANY ? 4L : 1L) * (1_500 + random.nextInt(2_500)));
            server.kill();
        }
        Program server = Program.start(project, "serve", "--port", "0");
        try {
            awaitEnd(project, server);
        } finally {
            server.kill();
        }
        check(project, last);
    }

    @Test
    void severalServersOnOnePostgresShareTheWork() throws Exception {
        try (PostgresServer postgres = PostgresServer.start()) {
            Path project =
                    project(
                            """
                            catalog:
                              url: %s
                              user: postgres
                              password: file:%s
                            """
                                    .formatted(
                                            postgres.createDatabase("jobs"),
                                            Files.writeString(folder.resolve("password"), "none")));
            JobRunId last = start(project);
            List<Program> servers = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    servers.add(Program.start(project, "serve", "--port", "0"));
                }
                for (int kill = 0; kill < Math.max(1, kills / 2); kill++) {
                    pause(2_000 + random.nextInt(2_000));
                    servers.removeFirst().kill();
                    servers.add(Program.start(project, "serve", "--port", "0"));
                }
                awaitEnd(project, servers.getFirst());
            } finally {
                for (Program server : servers) {
                    server.kill();
                }
            }
            check(project, last);
        }
    }

    /** A process that sleeps is taken for dead; what it says when it wakes counts for nothing. */
    @Test
    void aServerThatWakesLateDoesNothingTwice() throws Exception {
        try (PostgresServer postgres = PostgresServer.start()) {
            Path project =
                    project(
                            """
                            catalog:
                              url: %s
                              user: postgres
                              password: file:%s
                            """
                                    .formatted(
                                            postgres.createDatabase("sleepers"),
                                            Files.writeString(folder.resolve("password"), "none")));
            JobRunId last = start(project);
            List<Program> servers = new ArrayList<>();
            long sleeper = 0;
            try {
                for (int i = 0; i < 3; i++) {
                    servers.add(Program.start(project, "serve", "--port", "0"));
                }
                sleeper = busyServer(project);
                signal("-STOP", sleeper);
                awaitTakeOver(project);
                signal("-CONT", sleeper);
                awaitEnd(project, servers.getFirst());
            } finally {
                if (sleeper != 0) {
                    signal("-CONT", sleeper);
                }
                for (Program server : servers) {
                    server.kill();
                }
            }
            check(project, last);
        }
    }

    /** The process of a server that works on a task. */
    private static long busyServer(Path project) throws InterruptedException {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            while (System.nanoTime() - giveUp < 0) {
                for (JobRun run : tarn.jobs().runs(all())) {
                    for (JobViews.Step step : tarn.jobs().run(run.id()).steps()) {
                        Optional<ServerBeat> server =
                                tarn.jobs().servers().stream()
                                        .filter(s ->
                                                step.task().server().equals(Optional.of(s.id())))
                                        .findFirst();
                        if (server.isPresent()) {
                            return server.get().process();
                        }
                    }
                }
            }
        }
        throw new AssertionError("No server works on anything");
    }

    /**
     * Others wait 15 s before they take a server for dead. One that sleeps in the middle of a
     * change of the catalog keeps them from that, so that this only waits a while.
     */
    private static void awaitTakeOver(Path project) throws InterruptedException {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
            while (System.nanoTime() - giveUp < 0
                    && tarn.jobs().runs(all()).stream()
                            .flatMap(r -> tarn.jobs().run(r.id()).attempts().stream())
                            .noneMatch(a -> a.outcome() == Attempt.Outcome.LOST)) {
                pause(500);
            }
        }
    }

    private static void signal(String signal, long process)
            throws IOException, InterruptedException {
        int unused = new ProcessBuilder("kill", signal, Long.toString(process)).start().waitFor();
    }

    /** Each run adds one row that names it. */
    private Path project(String settings) throws IOException {
        Path project = folder.resolve("project");
        Files.createDirectories(project.resolve("jobs"));
        Files.createDirectories(project.resolve("models"));
        Files.writeString(
                project.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        Files.writeString(project.resolve("tarn.yml"), "run:\n  lost_after: 1m\n" + settings);
        Files.writeString(
                project.resolve("models/log.sql"),
                """
                {{ config(materialized='incremental') }}
                select '{{ var("run", "none") }}' as run
                """);
        Files.writeString(
                project.resolve("jobs/all.yml"),
                """
                jobs:
                  - name: append
                    runs_at_a_time: 2
                    params: {number: "0"}
                    tasks:
                      - name: before
                        shell: echo before
                      - name: load
                        after: before
                        build: {select: log, vars: {run: "{{ run_id }}"}}
                        retry: {times: 20, delay: 100ms, on: any}
                      - name: done
                        after: load
                        shell: echo done
                """);
        return project;
    }

    private static JobRunId start(Path project) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            JobRunId last = null;
            for (int i = 0; i < RUNS; i++) {
                last =
                        tarn.jobs()
                                .start(
                                        new JobName("append"),
                                        Map.of("number", Integer.toString(i)),
                                        Optional.empty(),
                                        Optional.of("run-" + i),
                                        "test")
                                .id();
            }
            return java.util.Objects.requireNonNull(last);
        }
    }

    private static void awaitEnd(Path project, Program server) throws InterruptedException {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            Jobs jobs = tarn.jobs();
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            while (jobs.runs(all()).stream().anyMatch(r -> !r.status().isEnd())) {
                if (System.nanoTime() - giveUp > 0) {
                    throw new AssertionError(
                            "Runs do not end: " + jobs.runs(all()) + "\n" + server.output());
                }
                pause(200);
            }
        }
    }

    private static RunFilter all() {
        return RunFilter.of(new JobName("append"));
    }

    private static void check(Path project, JobRunId last) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            assertThat(tarn.jobs().runs(all())).hasSize(RUNS);
            for (JobRun run : tarn.jobs().runs(all())) {
                assertThat(run.status())
                        .as("%s: %s", run, tarn.jobs().run(run.id()).attempts())
                        .isEqualTo(JobRun.Status.SUCCEEDED);
            }
            assertThat(tarn.jobs().runs(all()).getFirst().id()).isEqualTo(last);
            assertThat(tarn.publications(RefName.MAIN, 1_000))
                    .extracting(Publication::message)
                    .filteredOn(m -> m.contains("job append"))
                    .hasSize(RUNS);
        }
        try (Workshop workshop = new Workshop(project)) {
            assertThat(workshop.rows("select count(*) || '/' || count(distinct run) from log"))
                    .containsExactly(RUNS + "/" + RUNS);
        }
    }

    private static void pause(long millis) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
