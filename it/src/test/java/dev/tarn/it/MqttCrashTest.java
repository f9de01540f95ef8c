package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.mqtt.MqttBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that land messages of a broker, and the broker as well: in the end each message
 * must be in the table once, or in quarantine once.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class MqttCrashTest {
    private static final int MESSAGES = 120;
    private static final int POISON_EVERY = 41;

    private final int kills = Integer.getInteger("tarn.crash.kills", 3);
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int sent;

    @TempDir Path folder;

    private void send(MqttBroker broker) {
        for (int i = 0; i < MESSAGES; i++, sent++) {
            String value = "{\"id\":" + sent + (sent % POISON_EVERY == 0 ? "" : "}");
            broker.send("plant/d" + sent % 7 + "/state", value, 1 + sent % 2);
        }
    }

    @Test
    void eachMessageIsThereOnceThoughProcessesAndBrokerAreKilled() throws Exception {
        System.out.printf("MqttCrashTest: %d kills with seed %d%n", kills, seed);
        Path project = Files.createDirectories(folder.resolve("project"));
        int killed = 0;
        try (MqttBroker broker = MqttBroker.start(folder.resolve("broker"))) {
            write(project, broker);
            whole(project);
            send(broker);
            long millis = whole(project);
            for (int kill = 1; kill <= kills; kill++) {
                send(broker);
                Program ingest = Program.start(project, "ingest");
                boolean broken = kill % 3 == 0;
                long after = 1_000 * random.nextLong(millis * 5 / 4);
                if (!ingest.endsWithin(after)) {
                    killed++;
                    if (broken) {
                        broker.kill();
                    }
                    ingest.kill();
                }
                if (broken) {
                    broker.kill();
                    broker.start();
                }
                assertConsistent(project);
            }
            whole(project);
        }
        System.out.printf("MqttCrashTest: %d of %d killed, %d messages%n", killed, kills, sent);
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            int poison = (sent + POISON_EVERY - 1) / POISON_EVERY;
            assertThat(rows(tarn, "bronze.state__quarantine", "concat(_file, ':', _row)"))
                    .isEqualTo(poison + " " + poison);
            int good = sent - poison;
            assertThat(rows(tarn, "bronze.state", "id")).isEqualTo(good + " " + good);
        }
    }

    private static void write(Path project, MqttBroker broker) throws Exception {
        Files.writeString(project.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(project.resolve("tarn.yml"), "run:\n  lost_after: 1ms\n");
        Files.createDirectories(project.resolve("models"));
        Files.writeString(
                project.resolve("models/sources.yml"),
                """
                version: 2
                sources:
                  - name: plant
                    schema: bronze
                    tables:
                      - name: state
                        ingest:
                          connector: mqtt
                          url: %s
                          topic: plant/{device}/state
                          flush: {rows: 100}
                """
                        .formatted(broker.url()));
    }

    /** Returns how long it took. */
    private static long whole(Path project) throws InterruptedException {
        long start = System.nanoTime();
        Program ingest = Program.start(project, "ingest");
        assertThat(ingest.exitCode()).as(ingest.output()).isZero();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** Whatever is there is there once. */
    private void assertConsistent(Path project) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            String[] counts = rows(tarn, "bronze.state", "id").split(" ");
            assertThat(counts[0]).as("rows, distinct rows; seed " + seed).isEqualTo(counts[1]);
        }
    }

    private static String rows(Tarn tarn, String table, String key) {
        return Workshop.number(tarn, "select count(*) from " + table)
                + " "
                + Workshop.number(tarn, "select count(distinct " + key + ") from " + table);
    }
}
