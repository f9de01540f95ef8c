package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches so large that rows are written before the last ones have been read. */
final class KafkaFlowTest {
    private static final int MESSAGES = 100_000;
    private static final int ODD = 90_000;

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
        broker.createTopic(topic, 1);
        source("");
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

    /** Sends numbered orders; those whose number is a key are another text. */
    private void send(Map<Integer, String> others) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (int i = 1; i <= MESSAGES; i++) {
                String usual =
                        "{\"id\":" + i + ",\"city\":\"c" + i % 10 + "\",\"paid\":" + i + ".5}";
                String text = others.getOrDefault(i, usual);
                Future<?> unused =
                        producer.send(
                                new ProducerRecord<>(
                                        topic, 0, null, text.getBytes(StandardCharsets.UTF_8)));
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

    private void land() {
        RunReport report = ingest();
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    private List<String> rows(String sql) {
        return shop.rows(sql, "main");
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(f -> f.toString().endsWith(".parquet")).count();
        }
    }

    @Test
    void allRowsLandOnceInTheOrderOfTheTopic() throws IOException {
        send(Map.of());

        land();

        assertThat(
                        rows(
                                "select count(*), count(distinct id), sum(id), min(_offset),"
                                        + " max(_offset), count(distinct city), sum(paid) from"
                                        + " bronze.orders"))
                .containsExactly("100000|100000|5000050000|0|99999|10|5.0001E9");
        assertThat(rows("select count(*) from bronze.orders where id <> _offset + 1"))
                .containsExactly("0");
        assertThat(files()).isEqualTo(1);
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void aValueOfAnotherKindBehindTheFirstOnesMakesTheColumnWhatItHasToBe() throws IOException {
        send(Map.of(ODD, "{\"id\":\"none\",\"city\":\"x\",\"paid\":1.25}"));

        land();

        assertThat(rows("select count(*), max(id), typeof(max(id)) from bronze.orders"))
                .containsExactly("100000|none|VARCHAR");
        assertThat(rows("select id from bronze.orders where _offset = 0")).containsExactly("1");
        assertThat(files()).isEqualTo(1);
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void aColumnThatComesBehindTheFirstRowsIsThere() {
        send(Map.of(ODD, "{\"id\":90000,\"city\":\"x\",\"paid\":1.25,\"late\":true}"));

        land();

        assertThat(rows("select count(*), count(late), max(late) from bronze.orders"))
                .containsExactly("100000|1|true");
    }

    @Test
    void aMessageThatIsNoneGoesToQuarantineAndTheOthersLand() {
        send(Map.of(ODD, "nonsense", ODD + 1, "{\"id\":"));

        land();

        assertThat(rows("select count(*), count(distinct id) from bronze.orders"))
                .containsExactly("99998|99998");
        assertThat(rows("select _file, _row, _raw from bronze.orders__quarantine order by _row"))
                .containsExactly(topic + "/0|89999|nonsense", topic + "/0|90000|{\"id\":");
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void aValueThatDoesNotFitTheTableGoesToQuarantineWhereColumnsAreNotToChange() {
        source("schema_policy: quarantine");
        send(Map.of());
        land();
        send(Map.of(ODD, "{\"id\":\"none\",\"city\":\"x\",\"paid\":1.25}"));

        land();

        assertThat(rows("select count(*), count(distinct _offset) from bronze.orders"))
                .containsExactly("199999|199999");
        assertThat(rows("select _row, _column, _reason from bronze.orders__quarantine"))
                .containsExactly("189999|id|'none' is no BIGINT");
    }

    @Test
    void rowsGoOnWhereTheLastLargeBatchEnded() {
        send(Map.of());
        land();
        send(Map.of());
        land();

        assertThat(
                        rows(
                                "select count(*), count(distinct _offset), max(_offset),"
                                        + " count(distinct id) from bronze.orders"))
                .containsExactly("200000|200000|199999|100000");
    }
}
