package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.http.ApiServer;
import dev.tarn.http.ApiServer.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that read an API to which records are added: in the end each record must be in
 * the table once, though the server gives those at the seam of two looks again.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class RestCrashTest {
    private static final int RECORDS = 2_000;
    private static final int PAGE = 100;

    private final int kills = Integer.getInteger("tarn.crash.kills", 3);
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final AtomicInteger there = new AtomicInteger();

    @TempDir Path folder;

    /** Ten records have the same time, so that each look begins in the middle of some. */
    private static String record(int id) {
        return "{\"id\":%d,\"tick\":%d}".formatted(id, id / 10);
    }

    @Test
    void eachRecordIsThereOnceThoughProcessesAreKilled() throws Exception {
        System.out.printf("RestCrashTest: %d kills with seed %d%n", kills, seed);
        try (ApiServer api = ApiServer.start()) {
            api.put(
                    "/events",
                    call -> {
                        int from =
                                Integer.parseInt(call.query("since", "0")) * 10
                                        + Integer.parseInt(call.query("offset", "0"));
                        return Reply.json(
                                IntStream.range(from, Math.min(from + PAGE, there.get()))
                                        .mapToObj(RestCrashTest::record)
                                        .collect(Collectors.joining(",", "[", "]")));
                    });
            write(api);
            there.addAndGet(RECORDS + 3);
            long millis = whole();
            int killed = 0;
            for (int kill = 1; kill <= kills; kill++) {
                there.addAndGet(RECORDS + kill);
                Program ingest = Program.start(folder, "ingest");
                if (!ingest.endsWithin(1_000 * random.nextLong(millis * 5 / 4))) {
                    ingest.kill();
                    killed++;
                }
                assertThat(count("count(*)"))
                        .as("seed " + seed)
                        .isEqualTo(count("count(distinct id)"));
            }
            whole();
            System.out.printf("RestCrashTest: %d killed, %d records%n", killed, there.get());
        }

        assertThat(count("count(*)")).as("seed " + seed).isEqualTo(there.get());
        assertThat(count("count(distinct id)")).isEqualTo(there.get());
        assertThat(count("max(id)")).isEqualTo(there.get() - 1);
    }

    private void write(ApiServer api) throws Exception {
        Files.writeString(folder.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(folder.resolve("tarn.yml"), "run:\n  lost_after: 1ms\n");
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(
                folder.resolve("models/sources.yml"),
                """
                version: 2
                sources:
                  - name: api
                    schema: bronze
                    tables:
                      - name: events
                        ingest:
                          connector: rest
                          url: %s
                          path: events
                          cursor: tick
                          cursor_param: since
                          paginate: {by: offset}
                          flush: {rows: 300}
                """
                        .formatted(api.url()));
    }

    /** Returns how long it took. */
    private long whole() throws InterruptedException {
        long start = System.nanoTime();
        Program ingest = Program.start(folder, "ingest");
        assertThat(ingest.exitCode()).as(ingest.output()).isZero();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private long count(String what) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            return Workshop.number(tarn, "select " + what + " from bronze.events");
        }
    }
}
