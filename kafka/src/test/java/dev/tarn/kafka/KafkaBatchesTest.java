package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where batches end, and who has no say in it. */
final class KafkaBatchesTest {
    @TempDir private static Path folder;
    private static KafkaBroker broker;

    private final String topic = "t" + UUID.randomUUID();
    private final Map<String, String> settings = new HashMap<>();
    private final Landed landed = new Landed();

    KafkaBatchesTest() {
        settings.put("bootstrap_servers", broker.bootstrap());
        settings.put("topic", topic);
        settings.put("value_format", "text");
    }

    @BeforeAll
    static void start() throws IOException {
        broker = KafkaBroker.start(folder.resolve("broker"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private OpenSource open() {
        return Landed.open(settings, Write.APPEND, folder);
    }

    private void send(String... values) {
        send(topic, 0, values);
    }

    private static void send(String to, int partition, String... values) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (String value : values) {
                KafkaBroker.send(
                        producer,
                        new ProducerRecord<>(
                                to, partition, null, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    @Test
    void aClockThatIsPutBackEndsABatchInsteadOfKeepingItOpen() {
        broker.createTopic(topic, 1);
        send("1");
        Limits limits = new Limits(1000, 1 << 20, Duration.ofHours(1), true);
        AtomicInteger looks = new AtomicInteger();
        Clock clock =
                new Clock() {
                    @Override
                    public Instant instant() {
                        Instant start = Instant.parse("2026-11-21T00:00:00Z");
                        return looks.incrementAndGet() < 20
                                ? start
                                : start.minus(Duration.ofDays(1));
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                };
        try (OpenSource source = Landed.open(settings, Write.APPEND, folder, clock)) {
            assertThat(landed.landOne(source, limits)).isTrue();
        }
        assertThat(landed.texts("value")).containsExactly("1");
    }

    @Test
    void bytesEndABatchAndTheNextGoesOn() {
        broker.createTopic(topic, 1);
        String value = "\"" + "x".repeat(300_000) + "\"";
        send(value, value, value, value, value, value, value, value, value, value);
        settings.put("client.max.poll.records", "1");
        try (OpenSource source = open()) {
            assertThat(landed.land(source, new Limits(1000, 1 << 20, Duration.ofHours(1), false)))
                    .isEqualTo(3);
        }
        assertThat(landed.rows).hasSize(10);
    }

    @Test
    void othersInTheGroupTakeNothingAway() {
        broker.createTopic(topic, 2);
        settings.put("group", "watchers");
        send("1", "2");
        try (OpenSource source = open();
                KafkaConsumer<byte[], byte[]> other =
                        new KafkaConsumer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        broker.bootstrap(),
                                        "group.id",
                                        "watchers",
                                        "auto.offset.reset",
                                        "earliest"),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())) {
            assertThat(landed.land(source)).isEqualTo(1);
            other.subscribe(List.of(topic));
            while (other.assignment().size() < 2) {
                other.poll(Duration.ofMillis(100));
            }
            send("3");
            send(topic, 1, "4");
            assertThat(landed.land(source)).isEqualTo(1);
            assertThat(source.warning())
                    .contains(
                            "the group 'watchers' was not told how far reading is: others read as its members. Give 'group' a name that nobody reads with");
        }
        assertThat(landed.texts("value")).containsExactlyInAnyOrder("1", "2", "3", "4");
    }

    /** Sends whole numbers in turns to two partitions, and sees that the broker has them all. */
    private void sendMany(int many) {
        broker.createTopic(topic, 2);
        settings.put("value_format", "json");
        AtomicInteger taken = new AtomicInteger();
        AtomicReference<Exception> refused = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (int i = 0; i < many; i++) {
                String value = "{\"n\":" + i + "}";
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        topic, i % 2, null, value.getBytes(StandardCharsets.UTF_8)),
                                (where, failure) -> {
                                    if (failure == null) {
                                        taken.incrementAndGet();
                                    } else {
                                        refused.compareAndSet(null, failure);
                                    }
                                });
            }
            producer.flush();
        }
        assertThat(refused).as("why the broker did not take a message").hasValue(null);
        assertThat(taken).hasValue(many);
    }

    @Test
    void manyMessagesAreToldByTwoThreadsEachOnce() {
        int many = 120_000;
        sendMany(many);
        try (OpenSource source = open()) {
            assertThat(landed.landOne(source, Landed.ALL)).isTrue();
            assertThat(landed.portions).isEqualTo(2);
            assertThat(landed.landOne(source, Landed.ALL)).isFalse();
        }
        Set<String> there =
                landed.rows.stream()
                        .map(r -> r.get("_partition") + ":" + r.get("_offset"))
                        .collect(Collectors.toSet());
        assertThat(landed.rows).hasSize(many);
        assertThat(there).hasSize(many);
        assertThat(landed.positions.values()).allMatch(p -> p.contains("60000"));
    }

    @Test
    void aSecondThreadEndsWhenTheFirstOneFails() {
        sendMany(120_000);
        landed.failAtRow = 20_000;
        try (OpenSource source = open()) {
            assertThatThrownBy(() -> landed.landOne(source, Landed.ALL))
                    .hasMessageContaining("disk full");
        }
        landed.failAtRow = -1;
        try (OpenSource source = open()) {
            landed.land(source);
        }
        assertThat(landed.rows).hasSize(120_000);
    }
}
