package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Quarantine.Misfits;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.run.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that land corrected rows of a quarantine: each row is in the table or in
 * quarantine, in one of them and once.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class ReplayCrashTest {
    private static final int GOOD = 5000;
    private static final int BAD_EACH = 400;

    private final int kills = Integer.getInteger("tarn.crash.kills", 3);
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir Path folder;

    @Test
    void eachRowIsInOnePlaceThoughReplaysAreKilled() throws Exception {
        System.out.printf("ReplayCrashTest: %d kills with seed %d%n", kills, seed);
        Path project = Files.createDirectories(folder.resolve("project"));
        write(project);
        whole(project, "ingest");
        long all = GOOD + (long) BAD_EACH * (kills + 1);
        assertEachOnce(project, all, GOOD);
        fix(project, 0);
        long millis = whole(project, "quarantine", "replay");
        int killed = 0;
        for (int kill = 1; kill <= kills; kill++) {
            fix(project, kill);
            Program replay = Program.start(project, "quarantine", "replay");
            if (!replay.endsWithin(1_000 * (millis / 2 + random.nextLong(millis / 2)))) {
                replay.kill();
                killed++;
            }
            assertEachOnce(project, all, 0);
        }
        whole(project, "quarantine", "replay");
        System.out.printf("ReplayCrashTest: %d of %d killed at work%n", killed, kills);
        assertEachOnce(project, all, all);
    }

    private static void write(Path project) throws Exception {
        Files.writeString(project.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(project.resolve("tarn.yml"), "run:\n  lost_after: 1ms\n");
        Files.createDirectories(project.resolve("models"));
        Files.writeString(
                project.resolve("models/sources.yml"),
                """
                version: 2
                sources:
                  - name: raw
                    schema: bronze
                    tables:
                      - name: notes
                        ingest: {location: landing, column_types: {id: BIGINT, amount: BIGINT}}
                """);
        StringBuilder rows = new StringBuilder("id,amount\n");
        for (int i = 0; i < GOOD; i++) {
            rows.append(i).append(",1\n");
        }
        int kills = Integer.getInteger("tarn.crash.kills", 3);
        for (int i = 0; i < BAD_EACH * (kills + 1); i++) {
            rows.append(GOOD + i).append(",bad").append(i / BAD_EACH).append("x\n");
        }
        Files.createDirectories(project.resolve("landing"));
        Files.writeString(project.resolve("landing/a.csv"), rows);
    }

    /** Corrects some of the rows. */
    private static void fix(Path project, int round) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            assertThat(
                            tarn.sources()
                                    .quarantine()
                                    .fix(
                                            List.of(),
                                            RefName.MAIN,
                                            "replace(_raw, 'bad" + round + "x', '2')",
                                            "_raw LIKE '%bad" + round + "x%'",
                                            Optional.empty(),
                                            new Cancellation())
                                    .rows())
                    .isEqualTo(BAD_EACH);
        }
    }

    /** Returns how long it took. */
    private static long whole(Path project, String... command) throws InterruptedException {
        long start = System.nanoTime();
        Program program = Program.start(project, command);
        assertThat(program.exitCode()).as(program.output()).isZero();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private void assertEachOnce(Path project, long all, long atLeast) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            long landed = Workshop.number(tarn, "select count(*) from bronze.notes");
            long distinct = Workshop.number(tarn, "select count(distinct id) from bronze.notes");
            long aside =
                    tarn.sources().quarantine().list(List.of(), List.of(), At.MAIN).stream()
                            .mapToLong(Misfits::rows)
                            .sum();
            assertThat(distinct).as("each once; seed " + seed).isEqualTo(landed);
            assertThat(landed + aside).as("in one place; seed " + seed).isEqualTo(all);
            assertThat(landed).as("landed; seed " + seed).isGreaterThanOrEqualTo(atLeast);
        }
    }
}
