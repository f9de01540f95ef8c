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
        Certificates own = Certificates.make(folder, "broker", "IP:127.0.0.1");
        Path authority = Files.writeString(folder.resolve("authority.pem"), own.certificate());
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("data"), own.broker("SSL"))) {
            broker.createTopic("t", 1);
            send(broker, 0, 2);
            Map<String, String> settings =
                    new HashMap<>(
                            Map.of(
                                    "bootstrap_servers", broker.clients(),
                                    "topic", "t",
                                    "tls_ca", authority.toString()));
            assertThat(read(settings)).isEqualTo(2);

            settings.remove("tls_ca");
            settings.put("security_protocol", "ssl");
            assertThatThrownBy(() -> read(settings))
                    .hasMessage(
                            "The TLS handshake with %s failed (SSL). Check 'tls_ca', and that the certificate names the host. [SOURCE_DENIED]"
                                    .formatted(broker.clients()));
        }
    }

    @Test
    void aClusterThatAsksForACertificateIsReadWithOne() throws Exception {
        Certificates own = Certificates.make(folder, "broker", "IP:127.0.0.1");
        Certificates reader = Certificates.make(folder, "reader", "DNS:reader");
        Path authority = Files.writeString(folder.resolve("authority.pem"), own.certificate());
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("data"), own.broker(reader))) {
            broker.createTopic("t", 1);
            send(broker, 0, 2);
            Map<String, String> settings =
                    new HashMap<>(
                            Map.of(
                                    "bootstrap_servers", broker.clients(),
                                    "topic", "t",
                                    "tls_ca", authority.toString()));
            assertThatThrownBy(() -> read(settings))
                    .hasMessage(
                            "The cluster at %s did not accept the certificate of this source (SSL), or wants one. Check what 'tls_certificate' and 'tls_key' refer to. [SOURCE_DENIED]"
                                    .formatted(broker.clients()));

            settings.put("tls_certificate", reader.certificate());
            settings.put("tls_key", reader.key());
            assertThat(read(settings)).isEqualTo(2);
            settings.put("tls_key", reader.key("a long word"));
            settings.put("tls_key_password", "a long word");
            assertThat(read(settings)).isEqualTo(2);

            settings.put("tls_key_password", "a wrong word");
            assertThatThrownBy(() -> read(settings))
                    .hasMessageStartingWith(
                            "The settings of Kafka's client at %s cannot be used: Invalid PEM keystore configs: "
                                    .formatted(broker.clients()))
                    .hasMessageEndingWith(
                            ". Check what 'tls_ca', 'tls_certificate', 'tls_key' and 'tls_key_password' refer to. [CONFIG_INVALID]");
        }
    }

    private int read(Map<String, String> settings) throws IOException {
        Landed landed = new Landed();
        try (OpenSource source = Landed.open(settings, Write.APPEND, folder)) {
            landed.land(source);
        }
        return landed.rows.size();
    }
}
