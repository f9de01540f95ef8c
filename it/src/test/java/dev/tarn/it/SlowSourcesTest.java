package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.http.ApiServer;
import dev.tarn.http.ApiServer.Reply;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers whose bytes trickle: everything they have lands once, and whoever does not want to wait
 * for it can stop at any time.
 */
@ExtendWith(SourceDatabase.Started.class)
final class SlowSourcesTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

    private final SourceDatabase database;
    private final Cancellation cancellation = new Cancellation();
    private CutNetwork network;
    private Workshop shop;

    @TempDir Path folder;

    SlowSourcesTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() throws IOException {
        shop = new Workshop(folder.resolve("project"));
        network = new CutNetwork();
    }

    @AfterEach
    void end() throws IOException {
        shop.close();
        network.close();
    }

    private void source(String ingest) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: slow
                    schema: bronze
                    tables:
                      - name: t
                        ingest:
                %s
                """
                        .formatted(ingest.indent(10).stripTrailing()));
        shop.reopen();
    }

    private void api(ApiServer server) {
        String rows =
                IntStream.range(0, 3000)
                        .mapToObj("{\"id\":%d,\"text\":\"something of some length\"}"::formatted)
                        .collect(Collectors.joining(",", "[", "]"));
        server.put("/t", call -> Reply.json(rows));
        network.to(server.port());
        source(
                "{connector: rest, url: \"http://127.0.0.1:%d\", path: t, retries: 0}"
                        .formatted(network.port()));
    }

    private void table() {
        database.execute("DROP SCHEMA IF EXISTS slow CASCADE");
        database.execute("CREATE SCHEMA slow");
        database.execute("CREATE TABLE slow.t (id bigint PRIMARY KEY, text text)");
        database.execute(
                "INSERT INTO slow.t SELECT i, 'something of some length' FROM generate_series(0, 2999) i");
        network.to(database.port());
        source(
                "{connector: postgres, url: \"postgresql://localhost:%d/postgres\", user: postgres, table: slow.t, parallel: 2, flush: {rows: 1000}}"
                        .formatted(network.port()));
    }

    /** Clients are told to come through the network. */
    private KafkaBroker broker() throws IOException {
        KafkaBroker broker =
                KafkaBroker.start(
                        folder.resolve("broker"),
                        Map.of(
                                "listener.security.protocol.map",
                                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT",
                                "listeners",
                                "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},CLIENT://127.0.0.1:{client}",
                                "advertised.listeners",
                                "PLAINTEXT://127.0.0.1:{port},CLIENT://127.0.0.1:"
                                        + network.port()));
        network.to(Integer.parseInt(broker.clients().split(":", 2)[1]));
        broker.createTopic("t", 2);
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (int i = 0; i < 3000; i++) {
                String value = "{\"id\":%d,\"text\":\"something of some length\"}".formatted(i);
                KafkaBroker.send(
                        producer,
                        new ProducerRecord<>("t", value.getBytes(StandardCharsets.UTF_8)));
            }
        }
        source(
                "{connector: kafka, bootstrap_servers: \"127.0.0.1:%d\", topic: t}"
                        .formatted(network.port()));
        return broker;
    }

    private RunReport ingest() {
        return shop.tarn().ingest(Ledger.request(false), false, RunListener.SILENT, cancellation);
    }

    private CompletableFuture<ErrorCode> refusal() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                RunReport report = ingest();
                return report.problems().isEmpty()
                        ? ErrorCode.INTERRUPTED
                        : report.problems().getFirst().code();
            } catch (TarnException e) {
                return e.problems().stream().map(Problem::code).findFirst().orElseThrow();
            }
        });
    }

    /** What trickles at first lands whole. */
    private void landsOnce() {
        network.trickle(4096, 20);
        RunReport report = ingest();

        assertThat(report.problems()).isEmpty();
        network.flow();
        assertWhole();
    }

    private void assertWhole() {
        assertThat(shop.rows("select count(*), count(distinct id), sum(id) from bronze.t"))
                .containsExactly("3000|3000|4498500");
    }

    /** Nobody would see the end of it; nothing of it is seen, and the next one lands it whole. */
    private void canBeStopped(BooleanSupplier begun) throws Exception {
        network.trickle(1, 50);
        CompletableFuture<ErrorCode> refusal = refusal();
        await(begun, refusal);
        cancellation.cancel();

        assertThat(refusal.get(2, TimeUnit.MINUTES)).isEqualTo(ErrorCode.INTERRUPTED);
        assertThat(shop.tarn().runs(5))
                .extracting(r -> r.status())
                .doesNotContain(RunStatus.PUBLISHED);
        network.flow();
        assertThat(
                        shop.tarn()
                                .ingest(
                                        Ledger.request(false),
                                        false,
                                        RunListener.SILENT,
                                        new Cancellation())
                                .problems())
                .isEmpty();
        assertWhole();
        assertThat(shop.tarn().publications(RefName.MAIN, 20)).isNotEmpty();
    }

    private static void await(BooleanSupplier what, CompletableFuture<?> working)
            throws InterruptedException {
        long begun = System.nanoTime();
        while (!what.getAsBoolean()) {
            assertThat(working.isDone()).as("%s", working).isFalse();
            assertThat(System.nanoTime() - begun).isLessThan(PATIENCE);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean isReading() {
        return network.passed() > 0;
    }

    @Test
    void anApiThatTricklesLandsOnce() throws Exception {
        try (ApiServer server = ApiServer.start()) {
            api(server);
            landsOnce();
        }
    }

    @Test
    void whoWaitsForAnApiThatTricklesCanStop() throws Exception {
        try (ApiServer server = ApiServer.start()) {
            api(server);
            canBeStopped(this::isReading);
        }
    }

    @Test
    void aDatabaseThatTricklesLandsOnce() {
        table();
        landsOnce();
    }

    @Test
    void whoWaitsForADatabaseThatTricklesCanStop() throws Exception {
        table();
        canBeStopped(this::isReading);
    }

    @Test
    void aBrokerThatTricklesLandsOnce() throws Exception {
        try (KafkaBroker unused = broker()) {
            landsOnce();
        }
    }

    @Test
    void whoWaitsForABrokerThatTricklesCanStop() throws Exception {
        try (KafkaBroker unused = broker()) {
            canBeStopped(this::isReading);
        }
    }
}
