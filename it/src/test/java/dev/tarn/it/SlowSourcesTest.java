package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.http.ApiServer;
import dev.tarn.http.ApiServer.Reply;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.storage.S3Server;
import dev.tarn.storage.S3Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers whose bytes trickle: everything they have lands once, and whoever does not want to wait
 * for it can stop at any time.
 */
final class SlowSourcesTest {
    private SlowShop slow;

    @TempDir Path folder;

    @BeforeEach
    void begin() throws IOException {
        slow = new SlowShop(folder.resolve("project"));
    }

    @AfterEach
    void end() throws IOException {
        slow.close();
    }

    private static String row(int id) {
        return "{\"id\":%d,\"text\":\"something of some length\"}".formatted(id);
    }

    private void api(ApiServer server) {
        String rows =
                IntStream.range(0, 3000)
                        .mapToObj(SlowSourcesTest::row)
                        .collect(Collectors.joining(",", "[", "]"));
        server.put("/t", call -> Reply.json(rows));
        slow.network().to(server.port());
        slow.source(
                "{connector: rest, url: \"http://127.0.0.1:%d\", path: t, retries: 0}"
                        .formatted(slow.network().port()));
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
                                        + slow.network().port()));
        slow.network().to(Integer.parseInt(broker.clients().split(":", 2)[1]));
        broker.createTopic("t", 2);
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (int i = 0; i < 3000; i++) {
                KafkaBroker.send(
                        producer,
                        new ProducerRecord<>("t", row(i).getBytes(StandardCharsets.UTF_8)));
            }
        }
        slow.source(
                "{connector: kafka, bootstrap_servers: \"127.0.0.1:%d\", topic: t}"
                        .formatted(slow.network().port()));
        return broker;
    }

    /** Files are in a bucket, and so is the warehouse: all of it comes through the network. */
    private S3Server bucket() throws Exception {
        S3Server server = S3Server.start();
        server.createBucket("lake");
        try (S3Storage storage = new S3Storage(server.settings());
                OutputStream out = storage.create("s3://lake/landing/t.json")) {
            for (int i = 0; i < 3000; i++) {
                out.write((row(i) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        slow.network().to(Integer.parseInt(server.endpoint().replaceFirst(".*:", "")));
        Files.writeString(folder.resolve("access"), S3Server.ACCESS_KEY);
        Files.writeString(folder.resolve("secret"), S3Server.SECRET_KEY);
        slow.shop()
                .put(
                        "tarn.yml",
                        """
                        warehouse: s3://lake/house
                        s3:
                          endpoint: http://127.0.0.1:%d
                          path_style: true
                          access_key: file:%s
                          secret_key: file:%s
                        """
                                .formatted(
                                        slow.network().port(),
                                        folder.resolve("access"),
                                        folder.resolve("secret")));
        slow.source("{location: \"s3://lake/landing/*.json\"}");
        return server;
    }

    private void assertWhole() {
        assertThat(slow.shop().rows("select count(*), count(distinct id), sum(id) from bronze.t"))
                .containsExactly("3000|3000|4498500");
    }

    @Test
    void anApiThatTricklesLandsOnce() throws Exception {
        try (ApiServer server = ApiServer.start()) {
            api(server);
            slow.landsOnce();
            assertWhole();
        }
    }

    @Test
    void whoWaitsForAnApiThatTricklesCanStop() throws Exception {
        try (ApiServer server = ApiServer.start()) {
            api(server);
            slow.canBeStopped(0);
            assertWhole();
        }
    }

    @Test
    void aBrokerThatTricklesLandsOnce() throws Exception {
        try (KafkaBroker unused = broker()) {
            slow.landsOnce();
            assertWhole();
        }
    }

    @Test
    void whoWaitsForABrokerThatTricklesCanStop() throws Exception {
        try (KafkaBroker unused = broker()) {
            slow.canBeStopped(0);
            assertWhole();
        }
    }

    @Test
    void aBucketThatTricklesLandsOnce() throws Exception {
        try (S3Server unused = bucket()) {
            slow.landsOnce();
            assertWhole();
        }
    }

    @Test
    void whoWaitsForABucketThatTricklesCanStop() throws Exception {
        try (S3Server unused = bucket()) {
            slow.canBeStopped(100_000);
            assertWhole();
        }
    }

    @Test
    void whoWaitsForABucketThatIsSilentCanStop() throws Exception {
        try (S3Server unused = bucket()) {
            slow.canBeStoppedInSilence(100_000);
            assertWhole();
        }
    }
}
