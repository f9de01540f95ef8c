package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.MaintainReport;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes that build and look after the same tables at once, while others read, and that are
 * killed at any moment. Builds never fail because of upkeep, readers always see one whole state,
 * what a tag keeps stays, and in the end every row is there once and no file of rows is left that
 * nothing leads to.
 *
 * <p>{@code -Dtarn.upkeep.kills=200} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class UpkeepCrashTest {
    private static final String EAGER =
            """
            run:
              lost_after: 12s
            upkeep:
              history: 20s
              snapshot_age: 20s
              snapshots_kept: 1
              orphan_age: 1ms
            """;
    private static final String AFTERWARDS =
            """
            run:
              lost_after: 1ms
            upkeep:
              history: 1ms
              snapshot_age: 1ms
              snapshots_kept: 1
              orphan_age: 1ms
            """;

    private final int kills = Integer.getInteger("tarn.upkeep.kills", 5);
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private final CrashProject project;
    private int killed;
    private int gaveWay;
    private int removed;

    UpkeepCrashTest(@TempDir Path folder) {
        project = new CrashProject(folder.resolve("project"), random, EAGER);
    }

    private record Counts(long bronze, long merged, long distinct, long total) {
        boolean agree() {
            return bronze == merged && merged == distinct && distinct == total;
        }
    }

    @Test
    void nothingReachableIsDeletedAndNothingCommittedIsLost() throws Exception {
        for (int i = 0; i < 9; i++) {
            build();
        }
        Counts tagged = counts(At.MAIN);
        try (Tarn tarn = open()) {
            tarn.states().createTag(new RefName("kept"), At.MAIN);
        }
        Counts last = tagged;
        try (Reader reader = new Reader()) {
            for (int kill = 1; kill <= kills; kill++) {
                upkeepBesideABuild();
                Counts now = counts(At.MAIN);
                assertThat(now.agree()).as("%s, seed %d", now, seed).isTrue();
                assertThat(now.bronze()).isBetween(last.bronze(), project.landed());
                assertThat(counts(At.parse("kept"))).isEqualTo(tagged);
                last = now;
            }
            assertThat(reader.looks.get()).isPositive();
        }
        afterwards(tagged);
        System.out.printf(
                "UpkeepCrashTest: %,d rows once each; of %d pairs of build and upkeep %d processes"
                        + " were killed, %d times upkeep gave way; %d files were removed at the"
                        + " end; seed %d%n",
                project.landed(), kills, killed, gaveWay, removed, seed);
    }

    private void upkeepBesideABuild() throws InterruptedException {
        project.land();
        Program build = Program.start(project.root(), "build");
        Program upkeep = Program.start(project.root(), "maintain");
        boolean killsBuild = random.nextInt(3) == 0;
        long micros = 1_000L * (500 + random.nextInt(6_000));
        Program victim = killsBuild ? build : upkeep;
        if (!victim.endsWithin(micros)) {
            victim.kill();
            killed++;
        }
        int end = upkeep.exitCode();
        if (end == 3) {
            gaveWay++;
            assertThat(upkeep.output()).contains("gave way");
        } else if (killsBuild) {
            assertThat(end).as(upkeep.output()).isZero();
        }
        if (!killsBuild) {
            assertThat(build.exitCode()).as(build.output()).isZero();
        }
    }

    /** Whoever was killed is now known to be lost, and only what refs reach is kept. */
    private void afterwards(Counts tagged) throws Exception {
        Files.writeString(project.root().resolve("tarn.yml"), AFTERWARDS);
        build();
        long landed = project.landed();
        assertThat(counts(At.MAIN)).isEqualTo(new Counts(landed, landed, landed, landed));
        try (Tarn tarn = open()) {
            for (int time = 0; time < 2; time++) {
                MaintainReport report = tarn.maintain(everything(), done -> {}, () -> false);
                removed += report.cleaned().orElseThrow().removed().size();
            }
            assertThat(tarn.table(new TableName("bronze", "payments"), At.MAIN).state())
                    .get()
                    .satisfies(
                            s -> assertThat(s.current().orElseThrow().totalFiles()).isEqualTo(1));
            assertThat(StrayFiles.in(tarn, project.warehouse())).as("seed %d", seed).isEmpty();
        }
        assertThat(counts(At.MAIN)).isEqualTo(new Counts(landed, landed, landed, landed));
        assertThat(counts(At.parse("kept"))).isEqualTo(tagged);
    }

    private static MaintainRequest everything() {
        return new MaintainRequest(
                RefName.MAIN, List.of(), Duration.ofMinutes(5), Long.MAX_VALUE, true);
    }

    private void build() throws InterruptedException {
        project.land();
        Program build = Program.start(project.root(), "build");
        assertThat(build.exitCode()).as(build.output()).isZero();
    }

    private Tarn open() {
        return Tarn.open(OpenRequest.of(project.root()));
    }

    private Counts counts(At at) {
        try (Tarn tarn = open()) {
            return counts(tarn, at);
        }
    }

    /** One query, so that all four are of one state. */
    private static Counts counts(Tarn tarn, At at) {
        try (var answer =
                tarn.query(
                        """
                        select (select count(*) from bronze.payments),
                            (select count(*) from gold.accounts),
                            (select count(distinct payment_id) from gold.accounts),
                            (select sum(payments)::bigint from gold.totals)
                        """,
                        at,
                        new Cancellation())) {
            assertThat(answer.next()).isTrue();
            return new Counts(
                    number(answer.value(0)),
                    number(answer.value(1)),
                    number(answer.value(2)),
                    number(answer.value(3)));
        }
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number n ? n.longValue() : -1;
    }

    /** Reads all the time. */
    private final class Reader implements AutoCloseable {
        private final AtomicBoolean done = new AtomicBoolean();
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicReference<Throwable> wrong = new AtomicReference<>();
        private final Thread thread = new Thread(this::read, "reader");

        Reader() {
            thread.start();
        }

        private void read() {
            try (Tarn tarn = open()) {
                while (!done.get()) {
                    Counts seen = counts(tarn, At.MAIN);
                    if (!seen.agree()) {
                        throw new AssertionError("A reader saw " + seen);
                    }
                    looks.incrementAndGet();
                }
            } catch (TarnException | AssertionError e) {
                wrong.set(e);
            }
        }

        @Override
        public void close() throws InterruptedException, IOException {
            done.set(true);
            thread.join();
            assertThat(wrong.get()).as("seed %d", seed).isNull();
        }
    }
}
