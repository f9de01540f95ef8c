package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.kafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that follow a topic, and the broker as well: in the end each message must be in
 * the table once, or in quarantine once.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class KafkaCrashTest {
    private static final int PARTITIONS = 3;
    private static final int MESSAGES = 6000;
    private static final int POISON_EVERY = 97;

    private final int kills = Integer.getInteger("tarn.crash.kills", 3);
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int sent;

    @TempDir Path folder;

    private void send(KafkaBroker broker) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (int i = 0; i < MESSAGES; i++, sent++) {
                String value =
                        sent % POISON_EVERY == 0
                                ? "{\"id\":" + sent
                                : "{\"id\":" + sent + ",\"name\":\"n" + sent % 10 + "\"}";
                KafkaBroker.send(
                        producer,
                        new ProducerRecord<>(
                                "orders",
                                sent % PARTITIONS,
                                null,
                                value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    @Test
    void eachMessageIsThereOnceThoughProcessesAndBrokerAreKilled() throws Exception {
        System.out.printf("KafkaCrashTest: %d kills with seed %d%n", kills, seed);
        Path project = Files.createDirectories(folder.resolve("project"));
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"))) {
            broker.createTopic("orders", PARTITIONS);
            write(project, broker);
            send(broker);
            long millis = whole(project);
            for (int kill = 1; kill <= kills; kill++) {
                send(broker);
                Program ingest = Program.start(project, "ingest");
                boolean broken = kill % 3 == 0;
                long after = 1_000 * random.nextLong(millis * 5 / 4);
                if (!ingest.endsWithin(after)) {
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
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            int poison = (sent + POISON_EVERY - 1) / POISON_EVERY;
            assertThat(rows(tarn, "bronze.orders__quarantine", "concat(_file, ':', _row)"))
                    .isEqualTo(poison + " " + poison);
            int good = sent - poison;
            assertThat(rows(tarn, "bronze.orders", "concat(_partition, ':', _offset)"))
                    .isEqualTo(good + " " + good);
            assertThat(rows(tarn, "bronze.orders", "id")).isEqualTo(good + " " + good);
        }
    }

    private static void write(Path project, KafkaBroker broker) throws Exception {
        Files.writeString(project.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(project.resolve("tarn.yml"), "run:\n  lost_after: 1ms\n");
        Files.createDirectories(project.resolve("models"));
        Files.writeString(
                project.resolve("models/sources.yml"),
                """
                version: 2
                sources:
                  - name: events
                    schema: bronze
                    tables:
                      - name: orders
                        ingest:
                          connector: kafka
                          bootstrap_servers: %s
                          topic: orders
                          flush: {rows: 1000}
                          client: {max.poll.records: 500}
                """
                        .formatted(broker.bootstrap()));
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
            String[] counts =
                    rows(tarn, "bronze.orders", "concat(_partition, ':', _offset)").split(" ");
            assertThat(counts[0]).as("rows, distinct rows; seed " + seed).isEqualTo(counts[1]);
        }
    }

    private static String rows(Tarn tarn, String table, String key) {
        return Workshop.number(tarn, "select count(*) from " + table)
                + " "
                + Workshop.number(tarn, "select count(distinct " + key + ") from " + table);
    }
}
