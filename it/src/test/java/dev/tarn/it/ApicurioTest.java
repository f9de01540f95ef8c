package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Feeds.Told;
import dev.tarn.kafka.ApicurioRegistry;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.kafka.RegistryServer;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics whose schemas are in a registry that others made. */
final class ApicurioTest {
    private static final String CITY =
            """
            {"type":"record","name":"City","namespace":"shop","fields":[{"name":"name","type":"string"}]}
            """;
    private static final String ORDER =
            """
            {"type":"record","name":"Order","namespace":"shop","fields":[
             {"name":"id","type":"long"},
             {"name":"day","type":{"type":"int","logicalType":"date"}},
             {"name":"city","type":"shop.City"}]}
            """;

    @TempDir private static Path logs;
    private static KafkaBroker broker;
    private static ApicurioRegistry registry;

    private final String topic = "t" + UUID.randomUUID();
    private Workshop shop;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(logs.resolve("broker"));
        registry = ApicurioRegistry.start(logs);
    }

    @AfterAll
    static void stop() {
        registry.close();
        broker.close();
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        broker.createTopic(topic, 1);
    }

    @AfterEach
    void end() {
        shop.close();
    }

    private void send(byte[]... values) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (byte[] value : values) {
                KafkaBroker.send(producer, new ProducerRecord<>(topic, value));
            }
        }
    }

    private void land(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: copy
                    schema: bronze
                    tables:
                      - name: t
                        ingest:
                          connector: kafka
                          bootstrap_servers: %s
                          topic: %s
                          schema_registry: %s
                %s
                """
                        .formatted(
                                broker.bootstrap(),
                                topic,
                                registry.url(),
                                settings.indent(10).stripTrailing()));
        shop.reopen();
        assertThat(
                        shop.tarn()
                                .ingest(
                                        Ledger.request(false),
                                        false,
                                        RunListener.SILENT,
                                        new Cancellation())
                                .problems())
                .isEmpty();
    }

    private static byte[] order(int number, long id, String city) throws IOException {
        Schema.Parser parser = new Schema.Parser();
        Schema cities = parser.parse(CITY);
        Schema orders = parser.parse(ORDER);
        GenericRecord place = new GenericData.Record(cities);
        place.put("name", city);
        GenericRecord order = new GenericData.Record(orders);
        order.put("id", id);
        order.put("day", 20_000);
        order.put("city", place);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(orders).write(order, encoder);
        encoder.flush();
        return RegistryServer.framed(number, out.toByteArray());
    }

    @Test
    void avroWhoseTypesAreInOtherSubjectsLandsAndWhatHasNoSchemaIsKeptAside() throws Exception {
        registry.add(topic + "-city", "AVRO", CITY, Map.of());
        int number =
                registry.add(topic + "-value", "AVRO", ORDER, Map.of("shop.City", topic + "-city"));
        send(order(number, 1, "Oslo"), order(99_999, 2, "Rome"), order(number, 3, "Bonn"));

        land("value_format: avro");

        assertThat(shop.rows("select id, day, city->>'name' from bronze.t order by id"))
                .containsExactly("1|2024-10-04|Oslo", "3|2024-10-04|Bonn");
        assertThat(shop.rows("select _reason from bronze.t__quarantine"))
                .containsExactly("the schema registry has no schema 99999");
    }

    @Test
    void protobufThatImportsLands() throws Exception {
        registry.add(
                topic + "-city",
                "PROTOBUF",
                "syntax = \"proto3\"; package shop; message City { string name = 1; }",
                Map.of());
        int number =
                registry.add(
                        topic + "-value",
                        "PROTOBUF",
                        """
                        syntax = "proto3";
                        package shop;
                        import "city.proto";
                        message Order { int64 id = 1; City city = 2; repeated int32 counts = 3; }
                        """,
                        Map.of("city.proto", topic + "-city"));
        // The first message of the file, then: 1 = 42, 2 = {1 = "Oslo"}, 3 = [1, 2]
        byte[] message = {0, 8, 42, 18, 6, 10, 4, 'O', 's', 'l', 'o', 26, 2, 1, 2};
        send(RegistryServer.framed(number, message));

        land("value_format: protobuf");

        assertThat(shop.rows("select id, city->>'name', counts from bronze.t"))
                .containsExactly("42|Oslo|[1, 2]");
    }

    @Test
    void jsonWithASchemaLands() throws Exception {
        int number =
                registry.add(
                        topic + "-value",
                        "JSON",
                        """
                        {"type": "object", "properties": {
                          "id": {"type": "integer"}, "paid": {"type": "number"}}}
                        """,
                        Map.of());
        byte[] text = "{\"id\":7,\"paid\":2.5}".getBytes(StandardCharsets.UTF_8);
        send(RegistryServer.framed(number, text));

        land("value_format: json_schema");

        assertThat(shop.rows("select id, paid from bronze.t")).containsExactly("7|2.5");
    }

    private void sql(String... statements) {
        for (String sql : statements) {
            var unused =
                    shop.tarn()
                            .execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
        }
    }

    /** How many changes were told, step by step. */
    private List<Long> tell() {
        List<Told> told = new ArrayList<>();
        shop.tarn().feeds().tell(List.of(), false, told::add, new Cancellation());
        return told.stream().map(Told::changes).toList();
    }

    private TarnException refused() {
        try {
            tell();
        } catch (TarnException refused) {
            return refused;
        }
        throw new AssertionError("It was not refused.");
    }

    @Test
    void aFeedWritesItsVersionsAndStopsAtWhatIsNotCompatible() throws Exception {
        sql(
                "create table s.t (id bigint, price decimal(9, 2), moment timestamptz)",
                "insert into s.t values (1, 1.50, timestamptz '2026-03-01 10:00:00+00')");
        shop.put(
                "feeds.yml",
                """
                feeds:
                  - name: feed-%s
                    table: s.t
                    to: kafka
                    bootstrap_servers: %s
                    topic: %s
                    key: [id]
                    value_format: avro
                    schema_registry: %s
                """
                        .formatted(topic, broker.bootstrap(), topic, registry.url()));
        assertThat(tell()).containsExactly(1L);
        registry.compatibility(topic + "-value", "BACKWARD");
        sql(
                "alter table s.t add column note varchar",
                "insert into s.t (id, note) values (2, 'n')");
        assertThat(tell()).containsExactly(1L);
        assertThat(registry.versions(topic + "-value")).containsExactly(1, 2);

        land("value_format: avro\nkey_format: avro\nkey: [id]");
        assertThat(shop.rows("select id, price, moment, note from bronze.t order by id"))
                .isEqualTo(shop.rows("select id, price, moment, note from s.t order by id"))
                .hasSize(2);

        sql("alter table s.t drop column note", "alter table s.t add column note date");
        sql("insert into s.t (id, note) values (3, date '2026-01-01')");
        TarnException refused = refused();
        assertThat(refused.code()).isEqualTo(ErrorCode.DELIVERY_REFUSED);
        assertThat(refused.getMessage())
                .contains("column 'note' was string and is date")
                .contains("nothing is lost");
        registry.compatibility(topic + "-value", "NONE");
        assertThat(tell()).containsExactly(1L);
        assertThat(registry.versions(topic + "-value")).containsExactly(1, 2, 3);
    }
}
