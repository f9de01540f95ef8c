package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.state.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real processes while they ingest, build and publish: half of them at any moment, the other
 * half around the commit that makes the run visible. After each kill a reader must see one
 * consistent state; in the end every row must be there once.
 *
 * <p>{@code -Dtarn.crash.kills=1000} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class CrashTest {
    private static final long LONGEST_BUILD_MILLIS = 120_000;

    /** From the line of the last node to the end of a build it takes less than this. */
    private static final int COMMIT_MICROS = 40_000;

    /** What a killed process left is found by the next one at once. */
    private static final String SOON_LOST = "run:\n  lost_after: 1ms\n";

    private static final Pattern LAST_NODE = Pattern.compile(" *(\\d+)/\\1  .*");

    private final Random random;
    private final int kills = Integer.getInteger("tarn.crash.kills", 10);
    private final long seed;

    @TempDir Path folder;

    CrashTest() {
        seed = Long.getLong("tarn.crash.seed", System.nanoTime());
        random = new Random(seed);
    }

    @Test
    void killedBuildsLoseNothingDoubleNothingAndShowNothingHalf() throws Exception {
        new Killing("SQLite", new CrashProject(folder.resolve("project"), random, SOON_LOST), kills)
                .run();
    }

    @Test
    void norWithTheCatalogInPostgres() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            String settings =
                    """
                    catalog:
                      url: %s
                      user: postgres
                      password: file:%s
                    """
                            .formatted(
                                    server.createDatabase("crash"),
                                    Files.writeString(folder.resolve("password"), "none"));
            new Killing(
                            "PostgreSQL",
                            new CrashProject(
                                    folder.resolve("project"), random, SOON_LOST + settings),
                            Math.max(1, kills / 4))
                    .run();
        }
    }

    private record Counts(long bronze, long merged, long distinct, long total) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    /** What became of a build that was to be killed. */
    private enum End {
        DONE_BEFORE,
        KILLED_WORKING,
        KILLED_PUBLISHING
    }

    /** One project whose builds are killed again and again. */
    private final class Killing {
        private final String catalog;
        private final CrashProject project;
        private final int kills;
        private final Map<End, Integer> ends = new EnumMap<>(End.class);
        private int publishedAndKilled;
        private Counts seen = Counts.NONE;

        private Killing(String catalog, CrashProject project, int kills) {
            this.catalog = catalog;
            this.project = project;
            this.kills = kills;
        }

        void run() throws Exception {
            System.out.printf("CrashTest: %s, %d kills with seed %d%n", catalog, kills, seed);
            project.land();
            long millis = wholeBuild();
            seen = counts(project);
            assertThat(seen.bronze()).isEqualTo(project.landed());
            for (int kill = 1; kill <= kills; kill++) {
                project.land();
                boolean aimed = kill % 2 == 0;
                long after = aimed ? aimedMicros() : 1_000 * random.nextLong(millis * 5 / 4);
                End end = aimed ? killAfterLastNode(after) : killAfter(after);
                ends.merge(end, 1, Integer::sum);
                judge(end, "after kill %d (%s, %d µs), seed %d".formatted(kill, end, after, seed));
            }
            wholeBuild();
            long landed = project.landed();
            assertThat(counts(project)).isEqualTo(new Counts(landed, landed, landed, landed));
            assertNothingIsLeftBehind(project);
            try (Tarn tarn = Tarn.open(OpenRequest.of(project.root()))) {
                assertThat(DeltaLogs.check(project.warehouse(), tarn))
                        .as("Delta logs that tell the newest state")
                        .isEqualTo(3);
            }
            System.out.printf(
                    "CrashTest: %s, %,d rows once each; of %d builds %d were killed at work, %d"
                            + " while publishing (%d of them after it was visible), %d were done"
                            + " before%n",
                    catalog,
                    landed,
                    kills,
                    ends.getOrDefault(End.KILLED_WORKING, 0),
                    ends.getOrDefault(End.KILLED_PUBLISHING, 0),
                    publishedAndKilled,
                    ends.getOrDefault(End.DONE_BEFORE, 0));
        }

        private void judge(End end, String when) throws IOException {
            try (Tarn tarn = Tarn.open(OpenRequest.of(project.root()))) {
                DeltaLogs.check(project.warehouse(), tarn);
            }
            Counts now = counts(project);
            assertThat(now.merged()).as("merged rows " + when).isEqualTo(now.bronze());
            assertThat(now.distinct()).as("distinct rows " + when).isEqualTo(now.bronze());
            assertThat(now.total()).as("counted rows " + when).isEqualTo(now.bronze());
            assertThat(now.bronze())
                    .as("bronze rows " + when)
                    .isBetween(seen.bronze(), project.landed());
            if (end == End.KILLED_PUBLISHING && now.bronze() == project.landed()) {
                publishedAndKilled++;
            }
            seen = now;
        }

        /** Returns how long it took. */
        private long wholeBuild() throws InterruptedException {
            long start = System.nanoTime();
            Program build = Program.start(project.root(), "build");
            assertThat(build.exitCode()).as(build.output()).isZero();
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        }

        private End killAfter(long micros) throws InterruptedException {
            Program build = Program.start(project.root(), "build");
            if (build.endsWithin(micros)) {
                return done(build);
            }
            build.kill();
            return End.KILLED_WORKING;
        }

        private End killAfterLastNode(long micros) throws InterruptedException {
            CountDownLatch last = new CountDownLatch(1);
            Program build =
                    Program.start(
                            project.root(),
                            line -> {
                                if (LAST_NODE.matcher(line).matches()) {
                                    last.countDown();
                                }
                            },
                            "build");
            assertThat(last.await(LONGEST_BUILD_MILLIS, TimeUnit.MILLISECONDS))
                    .as(build.output())
                    .isTrue();
            if (build.endsWithin(micros)) {
                return done(build);
            }
            build.kill();
            return End.KILLED_PUBLISHING;
        }

        private End done(Program build) throws InterruptedException {
            assertThat(build.exitCode()).as(build.output()).isZero();
            return End.DONE_BEFORE;
        }
    }

    /** The commit comes first and the end last, so early moments are more likely. */
    private long aimedMicros() {
        double part = random.nextDouble();
        return (long) (part * part * COMMIT_MICROS);
    }

    private static Counts counts(CrashProject project) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project.root()))) {
            if (!tarn.tableNames(At.MAIN).contains(new TableName("gold", "totals"))) {
                return Counts.NONE;
            }
            return new Counts(
                    Workshop.number(tarn, "select count(*) from bronze.payments"),
                    Workshop.number(tarn, "select count(*) from gold.accounts"),
                    Workshop.number(tarn, "select count(distinct payment_id) from gold.accounts"),
                    Workshop.number(tarn, "select sum(payments)::bigint from gold.totals"));
        }
    }

    private static void assertNothingIsLeftBehind(CrashProject project) throws IOException {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project.root()))) {
            assertThat(tarn.runs(10_000)).noneMatch(r -> r.status() == RunStatus.RUNNING);
            assertThat(tarn.refs().size()).as("refs").isLessThanOrEqualTo(22);
            tarn.clean(false);
            assertThat(tarn.clean(true).removed()).as("orphans after cleaning").isEmpty();
        }
        Path staging = project.warehouse().resolve("staging");
        if (Files.exists(staging)) {
            try (Stream<Path> files = Files.walk(staging)) {
                assertThat(files.filter(Files::isRegularFile)).as("staged files").isEmpty();
            }
        }
    }
}
