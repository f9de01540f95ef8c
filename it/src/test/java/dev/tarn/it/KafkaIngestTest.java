package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.kafka.RegistryServer;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics of a real broker become tables of the warehouse. */
final class KafkaIngestTest {
    @TempDir private static Path logs;
    private static KafkaBroker broker;

    private final String topic = "t" + UUID.randomUUID();
    private Workshop shop;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws IOException {
        broker = KafkaBroker.start(logs);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        broker.createTopic(topic, 2);
    }

    @AfterEach
    void end() {
        shop.close();
    }

    private void source(String settings) {
        shop.put(
                "models/sources.yml",
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
                          topic: %s
                %s
                """
                        .formatted(broker.bootstrap(), topic, settings.indent(10).stripTrailing()));
        shop.reopen();
    }

    private void send(int partition, String... values) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (String value : values) {
                KafkaBroker.send(
                        producer, new ProducerRecord<>(topic, partition, null, bytes(value)));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private RunReport ingest() {
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                List.of(),
                                List.of(),
                                RefName.MAIN,
                                false,
                                false,
                                Optional.empty()),
                        false,
                        RunListener.SILENT,
                        new Cancellation());
    }

    private static void assertGood(RunReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    private List<String> rows(String sql) {
        return shop.rows(sql, "main");
    }

    @Test
    void aTopicOfJsonBecomesATableAndGoesOn() {
        source("");
        send(0, "{\"id\":1,\"city\":\"Oslo\"}", "{\"id\":2,\"city\":\"Rome\",\"paid\":2.5}");
        send(1, "{\"id\":3}");

        assertGood(ingest());
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
        send(1, "{\"id\":4,\"late\":true}");
        assertGood(ingest());

        assertThat(
                        rows(
                                "select id, city, paid, late, _partition, _offset from bronze.orders order by id"))
                .containsExactly(
                        "1|Oslo|null|null|0|0",
                        "2|Rome|2.5|null|0|1",
                        "3|null|null|null|1|0",
                        "4|null|null|true|1|1");
    }

    @Test
    void poisonGoesToQuarantineWithItsPartitionAndOffset() {
        source("schema_policy: quarantine\ncolumn_types: {id: BIGINT}");
        send(0, "{\"id\":1}", "poison", "{\"id\":\"x\"}", "{\"id\":2}");

        assertGood(ingest());

        assertThat(rows("select id from bronze.orders order by id")).containsExactly("1", "2");
        assertThat(
                        rows(
                                "select _file, _row, _column, _reason, _raw from bronze.orders__quarantine order by _row"))
                .containsExactly(
                        topic
                                + "/0|1|null|is not valid JSON: it has something that is no value at character 1|poison",
                        topic + "/0|2|id|'x' is no BIGINT|{\"id\":\"x\"}");
    }

    @Test
    void poisonStopsNoTopicOfWhichTheStateIsKept() {
        source("key: [id]\nschema_policy: quarantine\nflush: {rows: 1}");
        send(0, "nonsense");
        assertGood(ingest());
        send(0, "{\"id\":1,\"city\":\"Oslo\"}");
        assertGood(ingest());
        send(0, "{\"city\":\"Rome\"}", "{\"id\":null}", "[]");
        assertGood(ingest());
        send(0, "{\"id\":1,\"city\":\"Bergen\"}");
        assertGood(ingest());

        assertThat(rows("select id, city, _offset from bronze.orders"))
                .containsExactly("1|Bergen|5");
        assertThat(rows("select _row, _reason from bronze.orders__quarantine order by _row"))
                .containsExactly(
                        "0|is not valid JSON: it has an unknown word at character 1",
                        "2|is not as expected: 'id', which names the row, is not null",
                        "3|is not as expected: 'id', which names the row, is not null",
                        "4|is not an object");
    }

    @Test
    void aCompactedTopicIsATableOfItsKeys() {
        source("key: [_key]");
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            KafkaBroker.send(
                    producer, new ProducerRecord<>(topic, 0, bytes("a"), bytes("{\"n\":1}")));
            KafkaBroker.send(
                    producer, new ProducerRecord<>(topic, 0, bytes("b"), bytes("{\"n\":2}")));
            KafkaBroker.send(
                    producer, new ProducerRecord<>(topic, 0, bytes("a"), bytes("{\"n\":3}")));
        }
        assertGood(ingest());
        assertThat(rows("select _key, n from bronze.orders order by _key"))
                .containsExactly("a|3", "b|2");

        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            KafkaBroker.send(
                    producer, new ProducerRecord<>(topic, 0, bytes("b"), bytes("{\"n\":5}")));
        }
        assertGood(ingest());
        assertThat(rows("select _key, n from bronze.orders order by _key"))
                .containsExactly("a|3", "b|5");

        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            KafkaBroker.send(producer, new ProducerRecord<>(topic, 0, bytes("a"), (byte[]) null));
            KafkaBroker.send(
                    producer, new ProducerRecord<>(topic, 0, bytes("c"), bytes("{\"n\":6}")));
            KafkaBroker.send(producer, new ProducerRecord<>(topic, 0, bytes("c"), (byte[]) null));
        }
        assertGood(ingest());
        assertThat(rows("select _key, n from bronze.orders order by _key")).containsExactly("b|5");
    }

    @Test
    void changesOfDebeziumMakeTheStateOfTheTable() {
        source("envelope: debezium\nkey: [id]");
        send(0, change("c", "null", "{\"id\":1,\"n\":\"a\",\"note\":\"long\"}", 1));
        send(0, change("r", "null", "{\"id\":2,\"n\":\"b\",\"note\":\"wide\"}", 1));
        assertGood(ingest());
        send(
                0,
                change(
                        "u",
                        "null",
                        "{\"id\":1,\"n\":\"c\",\"note\":\"__debezium_unavailable_value\"}",
                        2),
                change("d", "{\"id\":2,\"n\":\"b\",\"note\":\"wide\"}", "null", 3));
        assertGood(ingest());
        assertThat(rows("select id, n, note, _changed_at from bronze.orders"))
                .containsExactly("1|c|long|1970-01-01T00:00:02Z");

        send(0, change("t", "null", "null", 4), change("c", "null", "{\"id\":3}", 5));
        assertGood(ingest());
        assertThat(rows("select id, n from bronze.orders")).containsExactly("3|null");
    }

    @Test
    void eventsThatDebeziumTellsAgainCountOnce() {
        source("envelope: debezium\nkey: [id]");
        String[] told = {
            change("r", "null", "{\"id\":1,\"n\":\"a\"}", 1),
            change("c", "null", "{\"id\":2,\"n\":\"b\"}", 2),
            change("u", "{\"id\":1,\"n\":\"a\"}", "{\"id\":1,\"n\":\"c\"}", 3),
            change("d", "{\"id\":2,\"n\":\"b\"}", "null", 4),
            change("c", "null", "{\"id\":3,\"n\":\"d\"}", 5)
        };
        send(0, told);
        send(0, told[0], told[0], told[1]);
        send(0, told);
        assertGood(ingest());
        send(0, told[4], told[4]);
        send(0, told);
        assertGood(ingest());

        assertThat(rows("select id, n from bronze.orders order by id"))
                .containsExactly("1|c", "3|d");
    }

    @Test
    void aLogOfEventsLeavesOutThoseThatDebeziumTellsAgain() {
        source("envelope: debezium\ndeduplicate: {key: [id, _op, _changed_at], within: 7 days}");
        String created = change("c", "null", "{\"id\":1,\"n\":\"a\"}", 1);
        String read = change("r", "null", "{\"id\":2,\"n\":\"b\"}", 1);
        send(0, created, read, created);
        assertGood(ingest());
        send(0, read, created, change("u", "null", "{\"id\":1,\"n\":\"c\"}", 2));
        assertGood(ingest());

        assertThat(rows("select id, n, _op from bronze.orders order by id, _op"))
                .containsExactly("1|a|c", "1|c|u", "2|b|r");
    }

    private static String change(String operation, String before, String after, int second) {
        return "{\"before\":%s,\"after\":%s,\"source\":{},\"op\":\"%s\",\"ts_ms\":%d000}"
                .formatted(before, after, operation, second);
    }

    @Test
    void avroOfARegistryDecidesTypesAndItsSchemaMayChange() throws Exception {
        try (RegistryServer registry = RegistryServer.start()) {
            source("value_format: avro\nschema_registry: " + registry.url());
            Schema first =
                    avro(
                            registry,
                            "{\"name\":\"price\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":10,\"scale\":2}}");
            ByteBuffer price = ByteBuffer.wrap(BigInteger.valueOf(1250).toByteArray());
            send(1, record(first, 1, "price", price));
            assertGood(ingest());

            Schema second =
                    avro(
                            registry,
                            "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}");
            send(2, record(second, 2, "at", 1_700_000_000_000L));
            assertGood(ingest());
        }

        assertThat(rows("select id, price, \"at\" from bronze.orders order by id"))
                .containsExactly("1|12.50|null", "2|null|2023-11-14T22:13:20Z");
        assertThat(
                        rows(
                                "select typeof(id), typeof(price), typeof(\"at\") from bronze.orders limit 1"))
                .containsExactly("INTEGER|DECIMAL(10,2)|TIMESTAMP WITH TIME ZONE");
    }

    @Test
    void aRecordOfAvroThatDoesNotFitIsPutAsideAsJson() throws Exception {
        try (RegistryServer registry = RegistryServer.start()) {
            source(
                    "value_format: avro\nschema_policy: quarantine\nschema_registry: "
                            + registry.url());
            Schema known = avro(registry, "{\"name\":\"n\",\"type\":\"string\"}");
            Schema other = avro(registry, "{\"name\":\"more\",\"type\":[\"null\",\"double\"]}");
            send(1, record(known, 1, "n", "a"));
            assertGood(ingest());

            send(1, record(known, 2, "n", "b"));
            send(2, record(other, 3, "more", 0.5));
            send(2, record(other, 4, "more", null));
            send(1, record(known, 5, "n", "say \"c\""));
            assertGood(ingest());
        }

        assertThat(rows("select id, n from bronze.orders order by id"))
                .containsExactly("1|a", "2|b", "4|null", "5|say \"c\"");
        assertThat(rows("select _row, _column, _reason, _raw from bronze.orders__quarantine"))
                .containsExactly("2|more|the table has no column 'more'|{\"id\":3,\"more\":0.5}");
    }

    @Test
    void aFieldOfAvroThatBecomesAListIsNoLongerTheNumberThatItWas() throws Exception {
        try (RegistryServer registry = RegistryServer.start()) {
            source("value_format: avro\nschema_registry: " + registry.url());
            Schema number = avro(registry, "{\"name\":\"qty\",\"type\":\"int\"}");
            Schema list =
                    avro(
                            registry,
                            "{\"name\":\"qty\",\"type\":{\"type\":\"array\",\"items\":\"int\"}}");
            Schema either = avro(registry, "{\"name\":\"qty\",\"type\":[\"int\",\"string\"]}");
            send(1, record(number, 1, "qty", 7));
            send(2, record(list, 2, "qty", List.of(1, 2)));
            send(3, record(either, 3, "qty", "many"));
            send(3, record(either, 4, "qty", 8));
            assertGood(ingest());
        }

        assertThat(rows("select id, qty, typeof(qty) from bronze.orders order by id"))
                .containsExactly("1|7|VARCHAR", "2|[1,2]|VARCHAR", "3|many|VARCHAR", "4|8|VARCHAR");
    }

    @Test
    void aFieldOfAvroThatBecomesAListIsPutAsideIfTheTableStays() throws Exception {
        try (RegistryServer registry = RegistryServer.start()) {
            source(
                    "value_format: avro\nschema_policy: quarantine\nschema_registry: "
                            + registry.url());
            Schema number = avro(registry, "{\"name\":\"qty\",\"type\":\"int\"}");
            Schema list =
                    avro(
                            registry,
                            "{\"name\":\"qty\",\"type\":{\"type\":\"array\",\"items\":\"int\"}}");
            send(1, record(number, 1, "qty", 7));
            assertGood(ingest());
            send(2, record(list, 2, "qty", List.of(1, 2)));
            send(1, record(number, 3, "qty", 8));
            assertGood(ingest());
            send(1, record(number, 4, "qty", 9));
            assertGood(ingest());
        }

        assertThat(rows("select id, qty, typeof(qty) from bronze.orders order by id"))
                .containsExactly("1|7|INTEGER", "3|8|INTEGER", "4|9|INTEGER");
        assertThat(rows("select _row, _column, _reason, _raw from bronze.orders__quarantine"))
                .containsExactly("1|qty|'[1,2]' is no INTEGER|{\"id\":2,\"qty\":[1,2]}");
    }

    private static GenericRecord record(
            Schema schema, int id, String field, @Nullable Object value) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("id", id);
        record.put(field, value);
        return record;
    }

    private static Schema avro(RegistryServer registry, String field) {
        String text =
                "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"int\"},"
                        + field
                        + "]}";
        registry.add("orders-value", "AVRO", text);
        return new Schema.Parser().parse(text);
    }

    private void send(int schema, GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            KafkaBroker.send(
                    producer,
                    new ProducerRecord<>(
                            topic, 0, null, RegistryServer.framed(schema, out.toByteArray())));
        }
    }

    @Test
    void changesOfDebeziumLandAsRowsWithWhatHappened() {
        source("envelope: debezium");
        send(
                0,
                "{\"before\":null,\"after\":{\"id\":1,\"n\":\"a\"},\"source\":{\"lsn\":5},\"op\":\"c\",\"ts_ms\":1700000000000}",
                "{\"schema\":{},\"payload\":{\"before\":{\"id\":1,\"n\":\"a\"},\"after\":null,\"source\":{\"lsn\":6},\"op\":\"d\",\"ts_ms\":1700000001000}}",
                "{\"id\":7}");

        assertGood(ingest());

        assertThat(
                        rows(
                                "select id, n, _op, _source, _changed_at from bronze.orders order by _offset"))
                .containsExactly(
                        "1|a|c|{\"lsn\":5}|2023-11-14T22:13:20Z",
                        "1|a|d|{\"lsn\":6}|2023-11-14T22:13:21Z");
        assertThat(rows("select _row, _reason from bronze.orders__quarantine"))
                .containsExactly(
                        "2|the message is no change of Debezium: it has no 'op'; if the connector unwraps its changes, leave 'envelope' out");
    }

    @Test
    void positionsAreThoseOfThePublication() {
        source("flush: {rows: 2}\nclient: {max.poll.records: 2}");
        send(0, "{\"id\":1}", "{\"id\":2}", "{\"id\":3}", "{\"id\":4}", "{\"id\":5}");

        assertGood(ingest());

        assertThat(rows("select count(*), count(distinct _offset) from bronze.orders"))
                .containsExactly("5|5");
        assertThat(shop.tarn().publications(RefName.MAIN, 20).size()).isEqualTo(3);
    }
}
