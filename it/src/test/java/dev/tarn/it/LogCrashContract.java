package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real processes while they read the log of a database that somebody writes to: inserts,
 * updates, also of keys, deletes, over several tables in one transaction. In the end every table is
 * as its source, every change is in the log of events once, and no state in between shows half of a
 * transaction. Rows that are lost here come back with a load that a row in the source asks for.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
abstract class LogCrashContract {
    private static final int KILLS_OF_SIGNALS = 2;

    private final LiveDatabase database;
    private final String settings;
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final int kills = Math.max(4, Integer.getInteger("tarn.crash.kills", 16) / 4);
    private final Random random = new Random(seed);
    private final AtomicBoolean stop = new AtomicBoolean();
    private int killed;

    /** The publication with which all tables were there for the first time. */
    private long loaded;

    @TempDir Path folder;

    /**
     * @param settings of the sources
     */
    LogCrashContract(LiveDatabase database, String settings) {
        this.database = database;
        this.settings = settings;
    }

    /** A query of the whole numbers from one to another, as {@code i}. */
    abstract String numbers(int from, int to);

    @Test
    void killedIngestionLosesNothingAndDoublesNothing() throws Exception {
        try (LogWorkshop live = new LogWorkshop(database, folder)) {
            prepare();
            live.shop().put("tarn.yml", "run:\n  lost_after: 1ms\n");
            live.sources(
                    settings + "\nsignals: live.signals\nflush: {rows: 8000}",
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
            database.end();
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
            kill(millis, kill % 3 == 0);
        }
        loseAndAskForIt(live);
        for (int kill = 1; kill <= KILLS_OF_SIGNALS; kill++) {
            kill(millis, false);
        }
        return millis;
    }

    /** Only a load brings back what is lost here, and only a row in the source asks for it. */
    private void loseAndAskForIt(LogWorkshop live) {
        live.shop().reopen();
        SqlText statement = SqlText.of("delete from bronze.moved where id % 2 = 0");
        live.shop().tarn().execute(statement, RefName.MAIN, new Cancellation());
        database.execute(
                "INSERT INTO live.signals VALUES ('s1', 'execute-snapshot', '{\"data-collections\": [\"live.moved\"]}')");
    }

    private void kill(long millis, boolean again) throws InterruptedException {
        AtomicInteger lines = new AtomicInteger();
        CountDownLatch reached = new CountDownLatch(1);
        int last = random.nextInt(1, 4);
        Consumer<String> heard =
                line -> {
                    if (line.contains("source.") && lines.incrementAndGet() >= last) {
                        reached.countDown();
                    }
                };
        Program program =
                again
                        ? Program.start(
                                folder, heard, "ingest", "--full", "--select", "source:live.moved")
                        : Program.start(folder, heard, "ingest");
        // By the clock on one side, by what it has told on the other: so some die early, some
        // in the middle of landing, and few come to their end.
        long latest = random.nextLong(millis / 4, millis);
        boolean told = reached.await(latest, TimeUnit.MILLISECONDS);
        if (!told || !program.endsWithin(1_000L * random.nextLong(1, 300))) {
            program.kill();
            killed++;
        } else {
            assertThat(program.exitCode()).as(program.output()).isZero();
        }
    }

    private void whole() throws InterruptedException {
        Program program = Program.start(folder, "ingest");
        assertThat(program.exitCode()).as(program.output()).isZero();
    }

    private void prepare() {
        database.execute(
                "CREATE TABLE live.signals (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL,"
                        + " data varchar(2048))");
        database.execute("CREATE TABLE live.debit (id bigint PRIMARY KEY, v bigint)");
        database.execute("CREATE TABLE live.credit (id bigint PRIMARY KEY, v bigint)");
        database.execute("CREATE TABLE live.moved (id bigint PRIMARY KEY, v bigint)");
        database.execute("CREATE TABLE live.events (id bigint PRIMARY KEY, v bigint)");
        database.execute("INSERT INTO live.debit SELECT i, 100 FROM " + numbers(1, 20000));
        database.execute("INSERT INTO live.credit SELECT i, 100 FROM " + numbers(1, 20000));
        database.execute("INSERT INTO live.moved SELECT i, i FROM " + numbers(1, 1000));
        database.execute("INSERT INTO live.events SELECT i, i FROM " + numbers(1, 500));
    }

    /** Each transaction leaves the sum of both sides as it was. */
    private void write() {
        for (int i = 1; !stop.get(); i++) {
            database.execute(
                    ("BEGIN; UPDATE live.debit SET v = v - 1 WHERE id %% 997 = %1$d;"
                                    + " UPDATE live.credit SET v = v + 1 WHERE id %% 997 = %1$d;"
                                    + " INSERT INTO live.events SELECT %2$d + i, %1$d FROM %3$s;"
                                    + " COMMIT")
                            .formatted(i % 997, 1000 * i, numbers(1, 20)));
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
                getClass().getSimpleName()
                        + ": %d of %d processes were killed, seed %d; %d publications;"
                        + " events %s%n",
                killed,
                kills + KILLS_OF_SIGNALS,
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
