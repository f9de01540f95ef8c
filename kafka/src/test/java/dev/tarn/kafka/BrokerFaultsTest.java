package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away, comes back, and asks who one is. */
final class BrokerFaultsTest {
    @TempDir private Path folder;

    private static void send(KafkaBroker broker, int from, int to) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            for (int i = from; i < to; i++) {
                KafkaBroker.send(
                        producer,
                        new ProducerRecord<>(
                                "t", String.valueOf(i).getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    @Test
    void nothingIsLostOrDoubledWhenTheBrokerIsKilledWhileItIsRead() throws IOException {
        try (KafkaBroker broker = KafkaBroker.start(folder)) {
            broker.createTopic("t", 3);
            send(broker, 0, 3000);
            Landed landed = new Landed();
            Limits limits = new Limits(1000, 1 << 20, Duration.ofSeconds(1), false);
            Map<String, String> settings =
                    Map.of(
                            "bootstrap_servers", broker.bootstrap(),
                            "topic", "t",
                            "client.max.poll.records", "200");
            try (OpenSource source = Landed.open(settings, Write.APPEND, folder)) {
                assertThat(landed.landOne(source, limits)).isTrue();
                broker.kill();
                broker.start();
                landed.land(source, limits);
            }
            broker.kill();
            broker.start();
            send(broker, 3000, 4000);
            try (OpenSource source = Landed.open(settings, Write.APPEND, folder)) {
                landed.land(source, limits);
            }

            assertThat(landed.texts("value"))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 4000).mapToObj(String::valueOf).toList());
            assertThat(landed.refused).isEmpty();
        }
    }

    @Test
    void aBrokerThatIsNotThereIsNamed() throws IOException {
        String bootstrap;
        try (KafkaBroker broker = KafkaBroker.start(folder)) {
            bootstrap = broker.bootstrap();
        }
        Map<String, String> settings =
                Map.of(
                        "bootstrap_servers", bootstrap,
                        "topic", "t",
                        "client.default.api.timeout.ms", "1500",
                        "client.request.timeout.ms", "1000");

        try (OpenSource source = Landed.open(settings, Write.APPEND, folder)) {
            assertThatThrownBy(() -> source.next(Map.of(), Landed.ALL))
                    .hasMessageStartingWith(
                            "The cluster at %s does not answer (PLAINTEXT): ".formatted(bootstrap))
                    .hasMessageEndingWith(
                            ". Nothing of this batch has landed; run again when it is there. [SOURCE_UNAVAILABLE]");
        }
    }

    @Test
    void anAccountThatIsRefusedIsSaidWithoutItsSecret() throws IOException {
        Map<String, String> sasl =
                Map.of(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENT:SASL_PLAINTEXT",
                        "listeners",
                        "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},CLIENT://127.0.0.1:{client}",
                        "advertised.listeners",
                        "PLAINTEXT://127.0.0.1:{port},CLIENT://127.0.0.1:{client}",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "listener.name.client.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_reader=\"right \\\"word\";");
        try (KafkaBroker broker = KafkaBroker.start(folder, sasl)) {
            broker.createTopic("t", 1);
            send(broker, 0, 2);
            Map<String, String> settings =
                    new HashMap<>(
                            Map.of(
                                    "bootstrap_servers", broker.clients(),
                                    "topic", "t",
                                    "sasl_mechanism", "plain",
                                    "sasl_username", "reader",
                                    "sasl_password", "right \"word"));
            Landed landed = new Landed();
            try (OpenSource source = Landed.open(settings, Write.APPEND, folder)) {
                landed.land(source);
            }
            assertThat(landed.rows).hasSize(2);

            settings.put("sasl_password", "a-wrong-word");
            try (OpenSource source = Landed.open(settings, Write.APPEND, folder)) {
                assertThatThrownBy(() -> source.next(Map.of(), Landed.ALL))
                        .hasMessage(
                                "The cluster at %s did not accept the account of this source (SASL_PLAINTEXT, PLAIN). Check 'sasl_username' and what 'sasl_password' refers to. [SOURCE_DENIED]"
                                        .formatted(broker.clients()));
            }
        }
    }

    @Test
    void aClusterBehindTlsIsReadWithItsAuthority() throws Exception {
        Path store = folder.resolve("broker.p12");
        Path authority = folder.resolve("authority.pem");
        keytool(
                List.of(
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "testing",
                        "-keystore",
                        store.toString()));
        keytool(
                List.of(
                        "-exportcert",
                        "-rfc",
                        "-alias",
                        "broker",
                        "-storepass",
                        "testing",
                        "-keystore",
                        store.toString(),
                        "-file",
                        authority.toString()));
        Map<String, String> tls =
                Map.of(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENT:SSL",
                        "listeners",
                        "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},CLIENT://127.0.0.1:{client}",
                        "advertised.listeners",
                        "PLAINTEXT://127.0.0.1:{port},CLIENT://127.0.0.1:{client}",
                        "ssl.keystore.type",
                        "PKCS12",
                        "ssl.keystore.location",
                        store.toString(),
                        "ssl.keystore.password",
                        "testing",
                        "ssl.key.password",
                        "testing");
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("data"), tls)) {
            broker.createTopic("t", 1);
            send(broker, 0, 2);
            Map<String, String> settings =
                    new HashMap<>(
                            Map.of(
                                    "bootstrap_servers", broker.clients(),
                                    "topic", "t",
                                    "tls_ca", authority.toString()));
            Landed landed = new Landed();
            try (OpenSource source = Landed.open(settings, Write.APPEND, folder)) {
                landed.land(source);
            }
            assertThat(landed.rows).hasSize(2);

            settings.remove("tls_ca");
            settings.put("security_protocol", "ssl");
            try (OpenSource source = Landed.open(settings, Write.APPEND, folder)) {
                assertThatThrownBy(() -> source.next(Map.of(), Landed.ALL))
                        .hasMessage(
                                "The TLS handshake with %s failed (SSL). Check 'tls_ca', and that the certificate names the host. [SOURCE_DENIED]"
                                        .formatted(broker.clients()));
            }
        }
    }

    private static void keytool(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        Path said = Files.createTempFile("keytool", ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(said)).isZero();
        Files.delete(said);
    }
}
