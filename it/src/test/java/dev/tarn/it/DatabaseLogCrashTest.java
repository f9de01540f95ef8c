package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.RefName;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real processes while they read the log of a PostgreSQL that somebody writes to: inserts,
 * updates, also of keys, deletes, over several tables in one transaction. In the end every table is
 * as its source, every change is in the log of events once, and no state in between shows half of a
 * transaction.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseLogCrashTest {
    private static final String SLOT = "tarn_log_crash";

    private final SourceDatabase database;
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final int kills = Math.max(6, Integer.getInteger("tarn.crash.kills", 24) / 4);
    private final Random random = new Random(seed);
    private final AtomicBoolean stop = new AtomicBoolean();
    private int killed;

    /** The publication with which all tables were there for the first time. */
    private long loaded;

    @TempDir Path folder;

    DatabaseLogCrashTest(SourceDatabase database) {
        this.database = database;
    }

    @Test
    void killedIngestionLosesNothingAndDoublesNothing() throws Exception {
        try (LogWorkshop live = new LogWorkshop(database, folder, SLOT)) {
            prepare();
            live.shop().put("tarn.yml", "run:\n  lost_after: 1ms\n");
            live.sources(
                    "user: postgres\nflush: {rows: 8000}",
                    "debit: write: upsert",
                    "credit: write: upsert",
                    "moved: write: scd2",
                    "events");
            Thread writer = Thread.ofPlatform().name("writer").start(this::write);
            try {
                long millis = killing(live);
                assertThat(millis).isPositive();
            } finally {
                stop.set(true);
                writer.join(TimeUnit.MINUTES.toMillis(1));
            }
            whole();
            live.shop().reopen();
            assertEqual(live);
            assertWhole(live);
        } finally {
            new LogWorkshop(database, folder.resolve("none"), SLOT).close();
        }
    }

    private long killing(LogWorkshop live) throws InterruptedException {
        long begun = System.nanoTime();
        Program first = Program.start(folder, "ingest");
        assertThat(first.exitCode()).as(first.output()).isZero();
        loaded = newest(live);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        for (int kill = 1; kill <= kills; kill++) {
            // Now and then a table is read from its beginning meanwhile.
            boolean again = kill % 3 == 0;
            Program program =
                    again
                            ? Program.start(
                                    folder, "ingest", "--full", "--select", "source:live.moved")
                            : Program.start(folder, "ingest");
            if (!program.endsWithin(1_000L * random.nextLong(millis / 4, millis * 5 / 4))) {
                program.kill();
                killed++;
            } else {
                assertThat(program.exitCode()).as(program.output()).isZero();
            }
        }
        return millis;
    }

    private void whole() throws InterruptedException {
        Program program = Program.start(folder, "ingest");
        assertThat(program.exitCode()).as(program.output()).isZero();
    }

    private void prepare() {
        database.execute("CREATE TABLE live.debit (id bigint PRIMARY KEY, v bigint)");
        database.execute("CREATE TABLE live.credit (id bigint PRIMARY KEY, v bigint)");
        database.execute("CREATE TABLE live.moved (id bigint PRIMARY KEY, v bigint)");
        database.execute("CREATE TABLE live.events (id bigserial PRIMARY KEY, v bigint)");
        database.execute("INSERT INTO live.debit SELECT i, 100 FROM generate_series(1, 20000) i");
        database.execute("INSERT INTO live.credit SELECT i, 100 FROM generate_series(1, 20000) i");
        database.execute("INSERT INTO live.moved SELECT i, i FROM generate_series(1, 1000) i");
        database.execute("INSERT INTO live.events (v) SELECT i FROM generate_series(1, 500) i");
    }

    /** Each transaction leaves the sum of both sides as it was. */
    private void write() {
        for (int i = 1; !stop.get(); i++) {
            database.execute(
                    ("BEGIN; UPDATE live.debit SET v = v - 1 WHERE id %% 997 = %1$d;"
                                    + " UPDATE live.credit SET v = v + 1 WHERE id %% 997 = %1$d;"
                                    + " INSERT INTO live.events (v) SELECT %1$d FROM"
                                    + " generate_series(1, 20); COMMIT")
                            .formatted(i % 997));
            database.execute(
                    ("BEGIN; UPDATE live.moved SET id = id + 100000 WHERE id = %1$d;"
                                    + " DELETE FROM live.moved WHERE id = %2$d;"
                                    + " INSERT INTO live.moved VALUES (%3$d, %1$d);"
                                    + " UPDATE live.moved SET v = v + 1 WHERE id %% 137 = %4$d;"
                                    + " COMMIT")
                            .formatted(1 + i % 1000, 1 + i * 7 % 1000, 500_000 + i, i % 137));
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void assertEqual(LogWorkshop live) {
        String sums = "count(*), count(DISTINCT id), sum(v), sum(id * (v + 1))";
        for (String table : List.of("debit", "credit")) {
            assertThat(live.rows("select " + sums + " from bronze." + table))
                    .as("%s, seed %d", table, seed)
                    .isEqualTo(database.rows("SELECT " + sums + " FROM live." + table));
        }
        assertThat(live.rows("select " + sums + " from bronze.moved where _valid_to is null"))
                .as("moved, seed %d", seed)
                .isEqualTo(database.rows("SELECT " + sums + " FROM live.moved"));
        assertThat(live.rows("select " + sums + " from bronze.events"))
                .as("events, seed %d", seed)
                .isEqualTo(database.rows("SELECT " + sums + " FROM live.events"));
        System.out.printf(
                "DatabaseLogCrashTest: %d of %d processes were killed, seed %d; %d publications;"
                        + " events %s%n",
                killed,
                kills,
                seed,
                live.shop().tarn().publications(RefName.MAIN, 10_000).size(),
                live.rows("select count(*) from bronze.events").getFirst());
    }

    private static long newest(LogWorkshop live) {
        return live.shop().tarn().publications(RefName.MAIN, 1).getFirst().id().value();
    }

    /** In each of the last publications both sides have what belongs together. */
    private void assertWhole(LogWorkshop live) {
        live.shop().tarn().publications(RefName.MAIN, 20).stream()
                .limit(5)
                .filter(p -> p.id().value() >= loaded)
                .map(p -> "main@" + p.id().value())
                .forEach(at ->
                        assertThat(
                                        live.shop()
                                                .rows(
                                                        "select (select sum(v) from"
                                                                + " bronze.debit) + (select"
                                                                + " sum(v) from"
                                                                + " bronze.credit)",
                                                        at))
                                .as("%s, seed %d", at, seed)
                                .containsExactly("4000000"));
    }
}
