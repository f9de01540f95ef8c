package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
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
 * Kills real processes while they read tables of a PostgreSQL that others write to. In the end each
 * row of the source is there once, as it is there.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseCrashTest {
    private final SourceDatabase database;
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final int kills = Math.max(4, Integer.getInteger("tarn.crash.kills", 16) / 4);
    private final Random random = new Random(seed);
    private final AtomicBoolean stop = new AtomicBoolean();
    private int killed;

    @TempDir Path folder;

    DatabaseCrashTest(SourceDatabase database) {
        this.database = database;
    }

    @Test
    void killedIngestionLosesNothingAndDoublesNothing() throws Exception {
        prepare();
        Workshop shop = project();
        Thread writer = Thread.ofPlatform().name("writer").start(this::write);
        try {
            long begun = System.nanoTime();
            whole();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            for (int kill = 1; kill <= kills; kill++) {
                Program program = Program.start(folder, "ingest");
                if (!program.endsWithin(1_000L * random.nextLong(millis / 4, millis * 5 / 4))) {
                    program.kill();
                    killed++;
                } else {
                    assertThat(program.exitCode()).as(program.output()).isZero();
                }
                assertNothingTwice(shop, "after kill %d, seed %d".formatted(kill, seed));
            }
        } finally {
            stop.set(true);
            writer.join(TimeUnit.MINUTES.toMillis(1));
        }
        whole();

        shop.reopen();
        for (String table : List.of("events", "accounts", "cities")) {
            assertThat(sums(shop, table)).as("%s, seed %d", table, seed).isEqualTo(truth(table));
        }
        System.out.printf(
                "DatabaseCrashTest: %d of %d processes were killed, seed %d; %d publications;"
                        + " events %s%n",
                killed,
                kills,
                seed,
                shop.tarn().publications(RefName.MAIN, 10_000).size(),
                truth("events"));
        shop.tarn().close();
    }

    private void whole() throws InterruptedException {
        Program program = Program.start(folder, "ingest");
        assertThat(program.exitCode()).as(program.output()).isZero();
    }

    private void prepare() {
        database.execute("DROP SCHEMA IF EXISTS crash CASCADE");
        database.execute("CREATE SCHEMA crash");
        database.execute("CREATE TABLE crash.events (id bigint PRIMARY KEY, v bigint)");
        database.execute(
                "CREATE TABLE crash.accounts (id bigint PRIMARY KEY, v bigint, changed bigint)");
        database.execute("CREATE INDEX ON crash.accounts (changed)");
        database.execute("CREATE TABLE crash.cities (id bigint PRIMARY KEY, v bigint)");
        database.execute(
                "INSERT INTO crash.events SELECT i, i * 7 FROM generate_series(1, 4000) i");
        database.execute(
                "INSERT INTO crash.accounts SELECT i, 0, i FROM generate_series(1, 2000) i");
        database.execute("INSERT INTO crash.cities SELECT i, i FROM generate_series(1, 1500) i");
    }

    private Workshop project() {
        return new Workshop(folder)
                .put("tarn.yml", "run:\n  lost_after: 1ms\n")
                .put(
                        "models/sources.yml",
                        """
                        version: 2
                        sources:
                          - name: crash
                            schema: bronze
                            ingest:
                              connector: postgres
                              url: %s
                              user: postgres
                              flush: {rows: 800}
                            tables:
                              - name: events
                                ingest: {table: crash.events, cursor: id}
                              - name: accounts
                                ingest: {table: crash.accounts, cursor: changed, key: id}
                              - name: cities
                                ingest: {table: crash.cities}
                        """
                                .formatted(database.url()));
    }

    /** One statement after the other, so that what is later has a greater cursor. */
    private void write() {
        for (int i = 0; !stop.get(); i++) {
            database.execute(
                    "INSERT INTO crash.events SELECT m + i, i FROM generate_series(1, 50) i,"
                            + " (SELECT max(id) AS m FROM crash.events)");
            database.execute(
                    ("UPDATE crash.accounts SET v = v + 1, changed = m + 1 FROM (SELECT max(changed)"
                                    + " AS m FROM crash.accounts) WHERE id %% 97 = %d")
                            .formatted(i % 97));
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void assertNothingTwice(Workshop shop, String when) {
        shop.reopen();
        for (String table : List.of("events", "accounts", "cities")) {
            if (shop.tarn().tables(At.parse("main")).stream()
                    .anyMatch(t -> t.name().toString().equals("bronze." + table))) {
                assertThat(
                                shop.rows(
                                        "select count(*) - count(distinct id) from bronze." + table,
                                        "main"))
                        .as(table + " " + when)
                        .containsExactly("0");
            }
        }
    }

    private static String sums(Workshop shop, String table) {
        return shop.rows(
                        "select count(*), count(distinct id), sum(v), sum(id * (v + 1)) from bronze."
                                + table,
                        "main")
                .getFirst();
    }

    private String truth(String table) {
        return database.rows(
                        "SELECT count(*), count(DISTINCT id), sum(v), sum(id * (v + 1)) FROM crash."
                                + table)
                .getFirst();
    }
}
