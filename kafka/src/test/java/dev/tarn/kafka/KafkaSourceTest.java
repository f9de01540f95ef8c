package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the source does with a real broker. */
final class KafkaSourceTest {
    @TempDir private static Path folder;
    private static KafkaBroker broker;

    private final String topic = "t" + UUID.randomUUID();
    private final Map<String, String> settings = new HashMap<>();
    private final Landed landed = new Landed();
    private Write write = Write.APPEND;

    KafkaSourceTest() {
        settings.put("bootstrap_servers", broker.bootstrap());
        settings.put("topic", topic);
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
        return Landed.open(settings, write, folder);
    }

    private void land() {
        try (OpenSource source = open()) {
            landed.land(source);
        }
    }

    private void send(String... values) {
        send(topic, 0, values);
    }

    private static void send(String to, int partition, String... values) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (String value : values) {
                KafkaBroker.send(producer, new ProducerRecord<>(to, partition, null, bytes(value)));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aRowHasWhatKafkaKnowsAndTheValueAsItWas() throws Exception {
        broker.createTopic(topic, 2);
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            ProducerRecord<byte[], byte[]> message =
                    new ProducerRecord<>(
                            topic, 1, 1_700_000_000_123L, bytes("k1"), bytes("{\"id\": 1}"));
            message.headers().add("trace", bytes("a\"b")).add("raw", new byte[] {1, (byte) 0xff});
            message.headers().add("trace", bytes("last"));
            producer.send(message).get();
        }

        land();

        assertThat(landed.rows).hasSize(1);
        assertThat(landed.rows.getFirst().toString())
                .isEqualTo(
                        "{_topic=%s, _partition=1, _offset=0, _timestamp=2023-11-14T22:13:20.123Z, _key=k1, _headers={\"raw\":\"0x01ff\",\"trace\":\"last\"}, value={\"id\": 1}}"
                                .formatted(topic));
        assertThat(landed.positions.keySet()).containsExactly(topic + "/1");
    }

    @Test
    void readingGoesOnBehindWhatHasLanded() {
        broker.createTopic(topic, 1);
        send("{\"id\":1}", "{\"id\":2}");
        land();
        land();
        assertThat(landed.rows).hasSize(2);

        send("{\"id\":3}");
        land();

        assertThat(landed.texts("value")).containsExactly("{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
    }

    @Test
    void aBatchThatWasNotPublishedComesAgainInTheSameSource() {
        broker.createTopic(topic, 1);
        send("1", "2", "3");
        try (OpenSource source = open()) {
            landed.landOne(source, Landed.ALL);
            send("4", "5", "6");
        }
        try (OpenSource source = open()) {
            landed.failAtRow = 2;
            assertThatThrownBy(() -> landed.landOne(source, Landed.ALL)).hasMessage("disk full");
            assertThatThrownBy(() -> landed.landOne(source, Landed.ALL)).hasMessage("disk full");
            landed.failAtRow = -1;
            landed.land(source);
        }

        assertThat(landed.texts("value")).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void positionsThatWereTakenAwayLetReadingBeginAnew() {
        broker.createTopic(topic, 1);
        send("1", "2");
        try (OpenSource source = open()) {
            landed.land(source);
            landed.positions.clear();
            landed.land(source);
        }

        assertThat(landed.texts("value")).containsExactly("1", "2", "1", "2");
    }

    @Test
    void limitsEndABatchAndTheNextGoesOn() {
        broker.createTopic(topic, 1);
        send(IntStream.range(0, 2000).mapToObj(i -> "{\"id\":" + i + "}").toArray(String[]::new));
        settings.put("client.max.poll.records", "100");

        int batches;
        try (OpenSource source = open()) {
            batches = landed.land(source, new Limits(500, 1 << 20, Duration.ofSeconds(5), false));
        }

        assertThat(batches).isEqualTo(4);
        assertThat(landed.texts("_offset"))
                .isEqualTo(IntStream.range(0, 2000).mapToObj(String::valueOf).toList());
    }

    @Test
    void onlyCommittedTransactionsAreRead() throws Exception {
        broker.createTopic(topic, 1);
        try (KafkaProducer<byte[], byte[]> producer =
                broker.producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, bytes("{\"id\":1}"))).get();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, bytes("{\"id\":2}"))).get();
            producer.abortTransaction();
            land();
            assertThat(landed.texts("value")).containsExactly("{\"id\":1}");

            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, bytes("{\"id\":3}"))).get();
            producer.flush();
            land();
            assertThat(landed.texts("value")).containsExactly("{\"id\":1}");

            producer.commitTransaction();
        }
        land();

        assertThat(landed.texts("value")).containsExactly("{\"id\":1}", "{\"id\":3}");
        assertThat(landed.refused).isEmpty();
    }

    @Test
    void topicsByPatternAndPartitionsThatComeLaterAreRead() {
        broker.createTopic(topic + ".a", 1);
        broker.createTopic("other" + topic, 1);
        settings.remove("topic");
        settings.put("topic_pattern", topic + "\\..*");
        send(topic + ".a", 0, "1");
        send("other" + topic, 0, "never");
        land();

        broker.createTopic(topic + ".b", 1);
        broker.addPartitions(topic + ".a", 2);
        send(topic + ".a", 1, "2");
        send(topic + ".b", 0, "3");
        land();

        assertThat(landed.texts("value")).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(landed.positions.keySet())
                .containsExactly(topic + ".a/0", topic + ".a/1", topic + ".b/0");
    }

    @Test
    void aGroupIsToldForOthersToSee() {
        broker.createTopic(topic, 1);
        settings.put("group", "watchers-" + topic);
        send("1", "2", "3");
        land();

        assertThat(broker.committed("watchers-" + topic)).isEqualTo(Map.of(topic + "-0", 3L));
    }

    @Test
    void howFarBehindReadingIsIsKnown() {
        broker.createTopic(topic, 1);
        send("1", "2", "3");
        try (OpenSource source = open()) {
            assertThat(source.next(Map.of(), Landed.ALL)).isPresent();
            assertThat(source.lag(Map.of()).rows()).isEqualTo(3);
            landed.land(source);
            assertThat(source.lag(landed.positions).rows()).isZero();
        }
    }

    @Test
    void whoeverOnlyAsksHearsHowFarBehindReadingIs() {
        broker.createTopic(topic, 2);
        send("1", "2", "3");
        land();
        send("4", "5");
        try (OpenSource source = open()) {
            assertThat(source.lag(landed.positions).rows()).isEqualTo(2);
            assertThat(source.lag(Map.of()).rows()).isEqualTo(5);
        }
        settings.put("start", "latest");
        try (OpenSource source = open()) {
            assertThat(source.lag(Map.of()).rows()).isZero();
        }
    }

    @Test
    void whatComesBeforeTheStartIsPassedOverForGood() {
        broker.createTopic(topic, 1);
        settings.put("start", "latest");
        send("old");
        land();
        send("new");
        land();

        assertThat(landed.texts("value")).containsExactly("new");
    }

    @Test
    void aTimeCanBeTheStart() throws Exception {
        broker.createTopic(topic, 1);
        settings.put("start", "2026-01-01T00:00:00Z");
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            producer.send(new ProducerRecord<>(topic, 0, 1_700_000_000_000L, null, bytes("old")))
                    .get();
            producer.send(new ProducerRecord<>(topic, 0, 1_780_000_000_000L, null, bytes("new")))
                    .get();
        }
        land();

        assertThat(landed.texts("value")).containsExactly("new");
    }

    @Test
    void removedMessagesAreNamedAndNothingLands() {
        broker.createTopic(topic, 1);
        send("0", "1", "2", "3", "4", "5");
        landed.positions.put(topic + "/0", position(2));
        broker.deleteRecords(topic, 0, 5);

        assertThatThrownBy(this::land)
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_GONE))
                .hasMessage(
                        "Partition 0 of '%s' begins at offset 5, and 2 was to be read next: the messages at offsets 2 to 4 are gone (at most 3). Nothing has landed. To go on with what is there, set 'on_lost: continue', or reset the stream to read the topic again from its beginning. [SOURCE_GONE]"
                                .formatted(topic));
        assertThat(landed.rows).isEmpty();
    }

    @Test
    void readingCanGoOnBehindRemovedMessagesAndTheLossIsKept() {
        broker.createTopic(topic, 1);
        send("0", "1", "2", "3", "4", "5");
        landed.positions.put(topic + "/0", position(2));
        broker.deleteRecords(topic, 0, 5);
        settings.put("on_lost", "continue");

        land();
        land();

        assertThat(landed.texts("value")).containsExactly("5");
        assertThat(landed.refused)
                .containsExactly(
                        "%s/0:2 Partition 0 of '%s' begins at offset 5, and 2 was to be read next: the messages at offsets 2 to 4 are gone (at most 3). <>"
                                .formatted(topic, topic));
    }

    private String position(long offset) {
        try (Cluster cluster = Cluster.open(KafkaOptions.of(settings))) {
            return new PartitionPosition(
                            topic, 0, cluster.partitions().getFirst().topicId(), offset)
                    .value();
        }
    }

    @Test
    void aTopicThatWasMadeAgainIsNotTakenForTheOldOne() {
        broker.createTopic(topic, 1);
        send("1", "2", "3");
        land();
        String old =
                PartitionPosition.of(topic + "/0", landed.positions.getOrDefault(topic + "/0", ""))
                        .topicId();
        broker.deleteTopic(topic);
        broker.createTopic(topic, 1);
        send("4", "5", "6", "7");

        assertThatThrownBy(this::land)
                .hasMessageStartingWith(
                        "The topic '%s' was deleted and made again (it was %s and is "
                                .formatted(topic, old))
                .hasMessageContaining(
                        "what its partition 0 had at offset 3 and behind it had not been read and is gone.");

        settings.put("on_lost", "continue");
        land();
        assertThat(landed.texts("value")).containsExactly("1", "2", "3", "4", "5", "6", "7");
        assertThat(landed.refused).hasSize(1);
    }

    @Test
    void aLargeMessageLandsAndOneAboveTheLimitIsPutAside()
            throws ExecutionException, InterruptedException {
        broker.createTopic(topic, 1, Map.of("max.message.bytes", "60000000"));
        settings.put("max_message_bytes", "50000000");
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            producer.send(new ProducerRecord<>(topic, bytes("\"" + "x".repeat(49_999_998) + "\"")))
                    .get();
            producer.send(new ProducerRecord<>(topic, bytes("\"" + "x".repeat(49_999_999) + "\"")))
                    .get();
            producer.send(new ProducerRecord<>(topic, bytes("{}"))).get();
        }
        land();

        assertThat(landed.texts("value").stream().map(String::length))
                .containsExactly(50_000_000, 2);
        assertThat(landed.refused)
                .singleElement()
                .asString()
                .startsWith(
                        topic
                                + "/0:1 the message has 50000001 bytes, and 'max_message_bytes' allows 50000000 <\"xxx")
                .endsWith("… (50000001 bytes)>");
    }

    @Test
    void keysAndValuesThatAreNoTextArePutAside() throws Exception {
        broker.createTopic(topic, 1);
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            producer.send(new ProducerRecord<>(topic, new byte[] {0, 1}, bytes("{}"))).get();
            producer.send(new ProducerRecord<>(topic, bytes("k"), new byte[] {(byte) 0xff})).get();
            producer.send(new ProducerRecord<>(topic, bytes("k"), bytes("{}"))).get();
        }
        land();

        assertThat(landed.texts("_offset")).containsExactly("2");
        assertThat(landed.refused)
                .containsExactly(
                        topic + "/0:0 its key: the message is not UTF-8 <{}>",
                        topic + "/0:1 the message is not UTF-8 <0xff>");
    }

    @Test
    void aMissingTopicIsNamed() {
        assertThatThrownBy(this::land)
                .hasMessage(
                        "The cluster at %s has no topic '%s', or none that this account may read. [SOURCE_UNREADABLE]"
                                .formatted(broker.bootstrap(), topic));
    }

    @Test
    void tombstonesTellWhichRowsAreToGo() throws Exception {
        broker.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
        write = Write.UPSERT;
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            producer.send(new ProducerRecord<>(topic, bytes("a"), bytes("{\"n\":1}"))).get();
            producer.send(new ProducerRecord<>(topic, bytes("a"), (byte[]) null)).get();
        }
        land();

        assertThat(landed.texts("_key")).containsExactly("a", "a");
        assertThat(landed.texts("_op")).containsExactly("u", "d");
        assertThat(landed.texts("value")).containsExactly("{\"n\":1}", "null");
    }

    @Test
    void followingWaitsForMessagesAndFindsNewPartitions() throws Exception {
        broker.createTopic(topic, 1);
        Limits limits = new Limits(1000, 1 << 20, Duration.ofMillis(500), true);
        try (OpenSource source = open()) {
            assertThat(landed.landOne(source, limits)).isFalse();
            send("1");
            assertThat(landed.landOne(source, limits)).isTrue();
            assertThat(landed.texts("value")).containsExactly("1");
            assertThat(landed.landOne(source, limits)).isFalse();
        }
    }

    @Test
    void whoeverWaitsCanBeStopped() throws Exception {
        broker.createTopic(topic, 1);
        try (OpenSource source = open()) {
            Thread other = Thread.ofVirtual().start(source::cancel);
            assertThatThrownBy(() ->
                            source.next(Map.of(), new Limits(1, 1, Duration.ofMinutes(10), true)))
                    .hasMessage("Reading from Kafka was stopped. [INTERRUPTED]");
            other.join();
        }
    }

    @Test
    void severalSettingsThatAreWrongAreSaidTogether() {
        settings.clear();
        settings.putAll(
                Map.of(
                        "topics", "a",
                        "topic_pattern", "(",
                        "value_format", "avr0",
                        "sasl_username", "me",
                        "client.group.id", "x",
                        "client.ssl.keystore.password", "hidden"));

        assertThatThrownBy(this::open)
                .hasMessage(
                        String.join(
                                "\n",
                                List.of(
                                        "'bootstrap_servers' is missing, such as \"broker:9092\". [CONFIG_INVALID]",
                                        "'topic_pattern' is no regular expression: Unclosed group near index 1. [CONFIG_INVALID]",
                                        "One of 'topic', 'topics' and 'topic_pattern' has to be there. [CONFIG_INVALID]",
                                        "'value_format: avr0' is none of json, avro, protobuf, json_schema, text, bytes. Did you mean 'avro'? [CONFIG_INVALID]",
                                        "'client.group.id' cannot be set: Tarn decides it. [CONFIG_INVALID]",
                                        "'client.ssl.keystore.password' may hold a secret and is not passed on. Use the 'sasl_…' and 'tls_…' settings. [CONFIG_INVALID]",
                                        "'sasl_password' is missing. [CONFIG_INVALID]")));
    }
}
