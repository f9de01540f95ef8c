package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that take streams further: whatever batches they were, in the end each event has
 * counted once.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class StreamCrashTest {
    private static final int ROWS = 2000;

    /** Queries over the table {@code EVENTS}. */
    private static final Map<String, String> QUERIES =
            Map.of(
                    "counted",
                    "select window_end, k, count(*) as n, sum(id) as total from tumble(EVENTS, ts, interval '10 minutes') group by all",
                    "visits",
                    "select k, window_start, window_end, count(*) as n from session(EVENTS, ts, interval '40 seconds', k) group by all",
                    "once",
                    "select id, k from deduplicate(EVENTS, ts, interval '1 minute', k)");

    private final int kills = Integer.getInteger("tarn.crash.kills", 3);
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int rounds;

    @TempDir Path folder;

    @Test
    void eachEventCountsOnceThoughProcessesAreKilled() throws Exception {
        System.out.printf("StreamCrashTest: %d kills with seed %d%n", kills, seed);
        write();
        more();
        long millis = whole();
        int killed = 0;
        for (int kill = 1; kill <= kills; kill++) {
            more();
            Program build = Program.start(folder, "build");
            if (!build.endsWithin(1_000 * (millis / 3 + random.nextLong(millis)))) {
                build.kill();
                killed++;
            }
        }
        sql("create table s.finished as select * from s.events");
        sql("insert into s.events values (-1, timestamp '2027-01-01', -1)");
        whole();
        System.out.printf("StreamCrashTest: %d of %d killed at work%n", killed, kills);
        for (Map.Entry<String, String> query : new TreeMap<>(QUERIES).entrySet()) {
            assertThat(rows("select * from main." + query.getKey()))
                    .as("%s, seed %d", query.getKey(), seed)
                    .isEqualTo(rows(query.getValue().replace("EVENTS", "s.finished")));
        }
    }

    private void write() throws Exception {
        Files.writeString(folder.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(folder.resolve("tarn.yml"), "run:\n  lost_after: 1ms\n");
        Files.createDirectories(folder.resolve("models"));
        Files.createDirectories(folder.resolve("streams"));
        Files.writeString(
                folder.resolve("models/sources.yml"),
                "version: 2\nsources:\n  - name: s\n    schema: s\n    tables: [{name: events}]\n");
        for (Map.Entry<String, String> query : QUERIES.entrySet()) {
            Files.writeString(
                    folder.resolve("streams/" + query.getKey() + ".sql"),
                    "{{ config(watermark='30 seconds') }}\n"
                            + query.getValue()
                                    .replace("EVENTS", "stream({{ source('s', 'events') }})"));
        }
        sql("create table s.events (id bigint, ts timestamp, k integer)");
    }

    /** Rows come that are up to half a minute out of order. */
    private void more() {
        int from = rounds++ * ROWS;
        sql(
                "insert into s.events select i, timestamp '2026-03-01' + to_seconds(i + (i * 7919) %% 30), (i * 31) %% 17 from range(%d, %d) t(i)"
                        .formatted(from, from + ROWS));
    }

    private void sql(String sql) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            var unused = tarn.execute(SqlText.of(sql), RefName.MAIN, new Cancellation());
        }
    }

    private List<String> rows(String sql) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder));
                Answer answer = tarn.query(sql, At.MAIN, new Cancellation())) {
            List<String> rows = new ArrayList<>();
            while (answer.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 0; i < answer.schema().fields().size(); i++) {
                    row.add(String.valueOf(answer.value(i)));
                }
                rows.add(String.join("|", row));
            }
            rows.sort(null);
            return rows;
        }
    }

    /** Returns how long it took. */
    private long whole() throws InterruptedException {
        long start = System.nanoTime();
        Program build = Program.start(folder, "build");
        assertThat(build.exitCode()).as(build.output()).isZero();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
