package dev.tarn.bench;

import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.schedule.Scheduler;
import dev.tarn.spi.JobTables;
import dev.tarn.spi.JobTables.RunFilter;
import dev.tarn.state.StateConfig;
import dev.tarn.state.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Many short runs in a time that runs faster, by two servers of which one is killed again and
 * again, with builds that fail by chance. No due time may be left out, nothing may hang, and
 * neither memory nor tables may grow.
 */
final class SoakBenchmark implements Benchmark {
    private static final int RUNS = 100_000;
    private static final int JOBS = 60;
    private static final int SPEED = 60;
    private static final long KILL_EVERY_MILLIS = 4_000;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:30Z");

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String title() {
        return "100,000 short runs with kills and faults: memory at the end ÷ after a quarter";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int wanted = (int) Math.round(RUNS * setup.scale().orElse(1));
        Path folder = setup.fresh("soak");
        Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(folder.resolve("jobs/all.yml"), jobs());
        Instant real = Clock.systemUTC().instant();
        Clock clock = SoakServer.fast(BEGIN, real, SPEED);
        List<Process> servers = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(20261121);
        Figures figures = new Figures();
        Timing timing;
        try (StateStore state = StateStore.open(StateConfig.Sqlite.in(folder), clock)) {
            timing =
                    Timing.of(() -> {
                        try {
                            servers.add(server(folder, real, random));
                            servers.add(server(folder, real, random));
                            watch(setup, state, folder, real, servers, random, wanted, figures);
                        } finally {
                            for (Process server : servers) {
                                server.destroyForcibly().waitFor();
                            }
                        }
                    });
            setup.say("letting what is open end");
            finish(state, folder, clock.instant());
            check(state);
            figures.rows = rows(state);
        }
        return outcome(figures, timing);
    }

    /** What was seen on the way. */
    private static final class Figures {
        private long runs;
        private long kills;
        private long early;
        private long late;
        private long rows;
        private long rowsEarly;
        private long failures;
        private long losses;
    }

    private static Outcome outcome(Figures f, Timing timing) {
        return new Outcome(
                "%,d runs in %.0f s, %d kills; among the runs kept: %,d attempts failed, %,d lost with their server; memory of the server that lived on %,d MB after a quarter, %,d MB at the end; runs kept %,d after a quarter, %,d at the end; none missing, none stuck"
                        .formatted(
                                f.runs,
                                timing.wall(),
                                f.kills,
                                f.failures,
                                f.losses,
                                f.early >> 20,
                                f.late >> 20,
                                f.rowsEarly,
                                f.rows),
                List.of(new Outcome.Line("%,d runs".formatted(f.runs), timing)),
                "memory at the end ÷ after a quarter",
                f.late / (double) Math.max(1, f.early),
                f.late / (double) Math.max(1, f.early),
                Optional.of(1.5));
    }

    private static String jobs() {
        StringBuilder yaml = new StringBuilder("pools: {api: 8}\njobs:\n");
        for (int i = 0; i < JOBS; i++) {
            yaml.append(
                    """
                      - name: job%d
                        schedule: {every: 1m, from: "2026-01-01T00:00:%02dZ"}
                        start: "2026-01-01T00:00:00Z"
                        catch_up: all
                        runs_at_a_time: 4
                        retry: {times: 5, delay: 5s, on: transient}
                        tasks:
                          - {name: first, nothing: }
                          - {name: load, after: first, build: x, pool: api}
                          - {name: last, after: load, run_if: all_done, nothing: }
                    """
                            .formatted(i, i % 60));
        }
        return yaml.toString();
    }

    private static Process server(Path folder, Instant real, SplittableRandom random)
            throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SoakServer.class.getName(),
                        folder.toString(),
                        BEGIN.toString(),
                        real.toString(),
                        Integer.toString(SPEED),
                        Long.toString(random.nextLong()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void watch(
            Setup setup,
            StateStore state,
            Path folder,
            Instant real,
            List<Process> servers,
            SplittableRandom random,
            int wanted,
            Figures figures)
            throws Exception {
        while (figures.runs < wanted) {
            JobsBenchmark.pause(KILL_EVERY_MILLIS / 2 + random.nextLong(KILL_EVERY_MILLIS));
            servers.removeLast().destroyForcibly().waitFor();
            servers.add(server(folder, real, random));
            figures.kills++;
            figures.runs = made(state);
            if (!servers.getFirst().isAlive()) {
                throw new IllegalStateException("The server that was not killed has died.");
            }
            figures.late = memory(servers.getFirst().toHandle());
            if (figures.early == 0 && figures.runs > wanted / 4) {
                figures.early = figures.late;
                figures.rowsEarly = rows(state);
            }
            setup.say("%,d runs, %d kills".formatted(figures.runs, figures.kills));
        }
        count(state, figures);
    }

    /** How many times were due that have their run, whether it is remembered or not. */
    private static long made(StateStore state) {
        return state.jobs().read(JobTables::states).stream()
                .flatMap(s -> s.handled().stream())
                .mapToLong(h -> Math.max(0, Duration.between(BEGIN, h).toMinutes()))
                .sum();
    }

    private static long rows(StateStore state) {
        return state.jobs().read(t -> t.count(all(Optional.empty())));
    }

    private static RunFilter all(Optional<JobName> job) {
        return new RunFilter(job, Set.of(), Optional.empty(), Integer.MAX_VALUE);
    }

    private static void count(StateStore state, Figures figures) {
        List<JobRun> runs = state.jobs().read(t -> t.runs(all(Optional.of(new JobName("job0")))));
        for (JobRun run : runs) {
            for (Attempt attempt : state.jobs().read(t -> t.attempts(run.id()))) {
                figures.failures += attempt.outcome() == Attempt.Outcome.FAILED ? 1 : 0;
                figures.losses += attempt.outcome() == Attempt.Outcome.LOST ? 1 : 0;
            }
        }
        figures.failures *= JOBS;
        figures.losses *= JOBS;
    }

    /** One server more, in a time that stands still but for retries, does what is left. */
    private static void finish(StateStore state, Path folder, Instant now) throws Exception {
        Instant real = Clock.systemUTC().instant();
        try (Scheduler unused =
                Scheduler.start(
                        state.jobs(),
                        SoakServer.definitions(folder),
                        new SoakServer.Faulty(new SplittableRandom(1)),
                        SoakServer.fast(now, real, 1),
                        System::nanoTime,
                        RandomGenerator.getDefault(),
                        SoakServer.settings())) {
            long giveUp = System.nanoTime() + Duration.ofMinutes(5).toNanos();
            Instant until = now.truncatedTo(ChronoUnit.MINUTES);
            while (state.jobs().read(t -> t.runs(open())).stream()
                    .anyMatch(r -> r.dueAt().isBefore(until))) {
                if (System.nanoTime() - giveUp > 0) {
                    List<JobRun> hanging = state.jobs().read(t -> t.runs(open()));
                    throw new IllegalStateException(
                            "%,d runs are still open, which is too slow a machine for time that runs %d times as fast, or they hang. The last one is %s"
                                    .formatted(hanging.size(), SPEED, hanging.getLast()));
                }
                JobsBenchmark.pause(200);
            }
        }
    }

    private static RunFilter open() {
        return new RunFilter(
                Optional.empty(),
                Set.of(JobRun.Status.QUEUED, JobRun.Status.RUNNING),
                Optional.empty(),
                Integer.MAX_VALUE);
    }

    /** Of what is remembered no due time may be missing. */
    private static void check(StateStore state) {
        for (int i = 0; i < JOBS; i++) {
            JobName name = new JobName("job" + i);
            List<Instant> dues =
                    state.jobs().read(t -> t.runs(all(Optional.of(name)))).stream()
                            .map(JobRun::dueAt)
                            .sorted()
                            .toList();
            // The oldest ones are forgotten in the order in which they ended.
            List<Instant> all = dues;
            dues =
                    all.stream()
                            .filter(d -> d.isAfter(all.getLast().minus(Duration.ofHours(1))))
                            .toList();
            for (int d = 1; d < dues.size(); d++) {
                if (!dues.get(d).equals(dues.get(d - 1).plusSeconds(60))) {
                    throw new IllegalStateException(
                            "%s has no run between %s and %s"
                                    .formatted(name, dues.get(d - 1), dues.get(d)));
                }
            }
        }
    }

    private static long memory(ProcessHandle process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                        .filter(l -> l.startsWith("VmRSS:"))
                        .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                * 1024;
    }
}
