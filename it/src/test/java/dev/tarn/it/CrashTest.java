package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real processes at random moments of ingesting, building and publishing. After each kill a
 * reader must see one consistent state; in the end every row must be there once.
 *
 * <p>{@code -Dtarn.crash.kills=1000} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class CrashTest {
    private static final long LONGEST_BUILD_SECONDS = 120;

    @TempDir Path folder;

    @Test
    void killedBuildsLoseNothingDoubleNothingAndShowNothingHalf() throws Exception {
        int kills = Integer.getInteger("tarn.crash.kills", 25);
        long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
        Random random = new Random(seed);
        System.out.printf("CrashTest: %d kills with seed %d%n", kills, seed);
        CrashProject project = new CrashProject(folder.resolve("project"), random);
        project.land();
        long millis = build(project, Long.MAX_VALUE);
        Counts seen = counts(project);
        assertThat(seen.bronze()).isEqualTo(project.landed());

        int survived = 0;
        for (int kill = 1; kill <= kills; kill++) {
            project.land();
            long after = random.nextLong(millis + millis / 4);
            if (build(project, after) >= 0) {
                survived++;
            }
            Counts now = counts(project);
            String when = "after kill %d at %d ms, seed %d".formatted(kill, after, seed);
            assertThat(now.merged()).as("merged rows " + when).isEqualTo(now.bronze());
            assertThat(now.distinct()).as("distinct rows " + when).isEqualTo(now.bronze());
            assertThat(now.total()).as("counted rows " + when).isEqualTo(now.bronze());
            assertThat(now.bronze())
                    .as("bronze rows " + when)
                    .isBetween(seen.bronze(), project.landed());
            seen = now;
        }
        assertThat(build(project, Long.MAX_VALUE)).isNotNegative();
        Counts last = counts(project);
        assertThat(last.bronze()).isEqualTo(project.landed());
        assertThat(last.merged()).isEqualTo(project.landed());
        assertThat(last.total()).isEqualTo(project.landed());
        assertNothingIsLeftBehind(project);
        System.out.printf(
                "CrashTest: %d rows once each; %d of %d builds were done before their kill%n",
                project.landed(), survived, kills);
    }

    private record Counts(long bronze, long merged, long distinct, long total) {}

    /**
     * @return how long the build took, or -1 if it was killed before it was done
     */
    private long build(CrashProject project, long killAfterMillis) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.tarn.cli.Cli",
                        "build",
                        "--project-dir",
                        project.root().toString()));
        Path output = folder.resolve("output.txt");
        long start = System.nanoTime();
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        boolean done =
                process.waitFor(
                        Math.min(killAfterMillis, LONGEST_BUILD_SECONDS * 1_000),
                        TimeUnit.MILLISECONDS);
        if (!done) {
            process.destroyForcibly();
            process.waitFor();
            assertThat(killAfterMillis)
                    .as("a build took longer than %d s", LONGEST_BUILD_SECONDS)
                    .isLessThan(LONGEST_BUILD_SECONDS * 1_000);
            return -1;
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static Counts counts(CrashProject project) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project.root()))) {
            if (!tarn.tableNames(At.MAIN).contains(new TableName("gold", "totals"))) {
                return new Counts(0, 0, 0, 0);
            }
            return new Counts(
                    number(tarn, "select count(*) from bronze.payments"),
                    number(tarn, "select count(*) from gold.accounts"),
                    number(tarn, "select count(distinct payment_id) from gold.accounts"),
                    number(tarn, "select sum(payments)::bigint from gold.totals"));
        }
    }

    private static long number(Tarn tarn, String sql) {
        try (Answer answer = tarn.query(sql, At.MAIN, new Cancellation())) {
            assertThat(answer.next()).isTrue();
            return ((Number) java.util.Objects.requireNonNull(answer.value(0))).longValue();
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
