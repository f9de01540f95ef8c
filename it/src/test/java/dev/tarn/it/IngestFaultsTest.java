package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sources with connectors do to us, and what becomes of each of their rows. */
final class IngestFaultsTest {
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
        shop = new Workshop(folder.resolve("project"));
    }

    @AfterEach
    void end() {
        shop.close();
    }

    private void source(String table, String ingest) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: events
                    schema: bronze
                    tables:
                      - name: %s
                        ingest:
                %s
                """
                        .formatted(table, ingest.indent(10).stripTrailing()));
        shop.reopen();
    }

    private void topic(String more) {
        source(
                "events",
                "connector: kafka\nbootstrap_servers: %s\ntopic: %s\n%s"
                        .formatted(broker.bootstrap(), topic, more));
    }

    private void send(String... values) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (String value : values) {
                KafkaBroker.send(
                        producer,
                        new ProducerRecord<>(
                                topic, 0, null, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
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

    private void good() {
        assertThat(ingest().problems()).isEmpty();
    }

    private Problem problem() {
        try {
            return ingest().problems().getFirst();
        } catch (TarnException e) {
            return e.problems().getFirst();
        }
    }

    private long number(String sql) {
        return Workshop.number(shop.tarn(), sql);
    }

    @Test
    void aMessageOfFiftyMegabytesIsARow() {
        broker.createTopic(topic, 1, Map.of("max.message.bytes", "60000000"));
        topic("");
        send("{\"id\":1,\"text\":\"" + "x".repeat(50_000_000) + "\"}", "{\"id\":2}");
        good();

        assertThat(shop.rows("select id, length(text) from bronze.events order by id", "main"))
                .containsExactly("1|50000000", "2|null");
    }

    @Test
    void anObjectOfAMillionNamesIsPutAside() {
        broker.createTopic(topic, 1, Map.of("max.message.bytes", "60000000"));
        topic("");
        StringBuilder many = new StringBuilder("{\"id\":1");
        for (int i = 0; i < 1_000_000; i++) {
            many.append(",\"c").append(i).append("\":").append(i);
        }
        send("{\"id\":0}", many.append('}').toString(), "{\"id\":2}");
        good();

        assertThat(shop.rows("select id from bronze.events order by id", "main"))
                .containsExactly("0", "2");
        assertThat(shop.rows("select _row, _reason from bronze.events__quarantine", "main"))
                .containsExactly(
                        "1|has names that would make more than 1,000 columns; declare a column as VARIANT, or take the document as text");
    }

    @Test
    void oneBadRowAfterAMillionGoodOnesIsPutAside() throws Exception {
        try (Connection sqlite =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + shop.root().resolve("app.db"));
                Statement statement = sqlite.createStatement()) {
            statement.execute("CREATE TABLE readings (id INTEGER PRIMARY KEY, value REAL)");
            statement.execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) INSERT INTO readings SELECT i, i / 4.0 FROM n");
            statement.execute("INSERT INTO readings VALUES (1000001, 'broken'), (1000002, 1)");
        }
        source("readings", "{connector: sqlite, url: app.db, table: readings, cursor: id}");
        good();

        assertThat(
                        shop.rows(
                                "select count(*), count(distinct id), max(id) from bronze.readings",
                                "main"))
                .containsExactly("1000001|1000001|1000002");
        assertThat(shop.rows("select _reason from bronze.readings__quarantine", "main"))
                .containsExactly("'value': 'broken' is no number");
    }

    @Test
    void aTopicLandsOnceWhenAFullDiskHasRoomAgain() throws Exception {
        broker.createTopic(topic, 1);
        Path house = Files.createDirectories(folder.resolve("house"));
        String refusal =
                Shell.run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", house.toString());
        Assumptions.assumeTrue(refusal.isEmpty(), refusal);
        try {
            shop.put("tarn.yml", "warehouse: " + house + "\n");
            topic("");
            send("{\"id\":0,\"text\":\"a\"}");
            good();
            Path filler = house.resolve("filler");
            Files.write(filler, new byte[20 << 20]);
            Random random = new Random(5);
            byte[] noise = new byte[3000];
            for (int i = 1; i <= 20; i++) {
                String[] some = new String[150];
                for (int j = 0; j < some.length; j++) {
                    random.nextBytes(noise);
                    some[j] =
                            "{\"id\":%d,\"text\":\"%s\"}"
                                    .formatted(
                                            i * 1000 + j,
                                            Base64.getEncoder().encodeToString(noise));
                }
                send(some);
            }

            Problem full = problem();
            assertThat(full.code()).isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(number("select count(*) from bronze.events")).isEqualTo(1);
            Files.delete(filler);
            good();
            assertThat(shop.rows("select count(*), count(distinct id) from bronze.events", "main"))
                    .containsExactly("3001|3001");
        } finally {
            shop.close();
            var unused = Shell.run("umount", house.toString());
            shop = new Workshop(folder.resolve("other"));
        }
    }

    @Test
    void aBrokerThatFallsSilentIsUnavailableAndNothingIsLost() throws Exception {
        broker.createTopic(topic, 1);
        topic("");
        send("{\"id\":1}");
        good();
        topic(
                "client: {request.timeout.ms: 1500, default.api.timeout.ms: 3000, socket.connection.setup.timeout.ms: 1000}");
        send("{\"id\":2}");
        broker.pause();
        try {
            Problem silent = problem();
            assertThat(silent.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
            assertThat(silent.message()).contains("does not answer");
        } finally {
            broker.resume();
        }
        good();

        assertThat(shop.rows("select id from bronze.events order by id", "main"))
                .containsExactly("1", "2");
    }
}
