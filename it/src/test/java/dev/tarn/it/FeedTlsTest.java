package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Feeds.Told;
import dev.tarn.kafka.Certificates;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds to clusters that are behind TLS and ask who one is. */
final class FeedTlsTest {
    private static final String TOLD = "read {\"id\":1} {\"id\":1,\"name\":\"a\"}";

    private Workshop shop;

    @TempDir Path folder;

    @BeforeEach
    void begin() {
        shop = new Workshop(folder.resolve("shop"));
        sql("create table s.t (id bigint, name varchar)");
        sql("insert into s.t values (1, 'a')");
    }

    @AfterEach
    void end() {
        shop.close();
    }

    private void sql(String sql) {
        var unused =
                shop.tarn().execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
    }

    private void feed(KafkaBroker broker, String... settings) {
        shop.put(
                "feeds.yml",
                """
                feeds:
                  - name: orders
                    table: s.t
                    to: kafka
                    key: [id]
                    bootstrap_servers: %s
                    topic: orders
                %s
                """
                        .formatted(
                                broker.clients(),
                                String.join("\n", settings).indent(4).stripTrailing()));
    }

    private List<Told> tell() {
        List<Told> told = new ArrayList<>();
        shop.tarn().feeds().tell(List.of(), false, told::add, new Cancellation());
        return told;
    }

    private String refused() {
        try {
            tell();
        } catch (TarnException refused) {
            return Workshop.told(refused.problems());
        }
        throw new AssertionError("It was not refused.");
    }

    private static List<String> seen(KafkaBroker broker) {
        return Topic.read(broker, "orders", 1).stream().map(Topic.Message::toString).toList();
    }

    @Test
    void aClusterThatAsksForACertificateIsToldByWhoHasIt() throws IOException {
        Certificates own = Certificates.make(folder, "broker", "IP:127.0.0.1");
        Certificates teller = Certificates.make(folder, "teller", "DNS:teller");
        shop.put("authority.pem", own.certificate());
        shop.put("teller.pem", teller.certificate());
        shop.put("plain.key", teller.key());
        shop.put("locked.key", teller.key("a long word"));
        shop.put("word", "a long word\n");
        String certificate = "tls_certificate: \"file:" + shop.root().resolve("teller.pem") + '"';
        String key = "tls_key: \"file:" + shop.root().resolve("plain.key") + '"';
        String locked = "tls_key: \"file:" + shop.root().resolve("locked.key") + '"';
        String word = "tls_key_password: \"file:" + shop.root().resolve("word") + '"';
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("data"), own.broker(teller))) {
            broker.createTopic("orders", 1);

            feed(broker, "security_protocol: ssl");
            assertThat(refused())
                    .isEqualTo(
                            "feeds.yml:2:11: The TLS handshake with %s failed (SSL). Check 'tls_ca', and that the certificate names the host. [DELIVERY_REFUSED]"
                                    .formatted(broker.clients()));
            feed(broker, "tls_ca: authority.pem");
            assertThat(refused())
                    .isEqualTo(
                            "feeds.yml:2:11: The cluster at %s did not accept the certificate of feed 'orders' (SSL), or wants one. Check what 'tls_certificate' and 'tls_key' refer to. [DELIVERY_REFUSED]"
                                    .formatted(broker.clients()));
            feed(broker, "tls_ca: authority.pem", certificate);
            assertThat(refused()).contains("'tls_certificate' and 'tls_key' belong together.");
            feed(broker, "tls_ca: word");
            assertThat(refused())
                    .isEqualTo(
                            "feeds.yml:2:11: The settings of Kafka's client at %s cannot be used: Failed to load PEM SSL keystore %s: No matching CERTIFICATE entries in PEM file. Check what 'tls_ca', 'tls_certificate', 'tls_key' and 'tls_key_password' refer to. [CONFIG_INVALID]"
                                    .formatted(broker.clients(), shop.root().resolve("word")));
            assertThat(seen(broker)).isEmpty();

            feed(broker, "tls_ca: authority.pem", certificate, key);
            assertThat(tell()).extracting(Told::changes).containsExactly(1L);
            assertThat(seen(broker)).containsExactly(TOLD);

            sql("delete from s.t");
            feed(broker, "tls_ca: authority.pem", certificate, locked, word);
            assertThat(tell()).extracting(Told::changes).containsExactly(1L);
            assertThat(seen(broker)).containsExactly(TOLD, "deleted {\"id\":1} null");
        }
    }

    @Test
    void anAccountIsCheckedBehindTlsAndSoIsTheNameOfTheHost() throws IOException {
        Certificates own = Certificates.make(folder, "broker", "DNS:elsewhere");
        shop.put("authority.pem", own.certificate());
        shop.put("right", "right \"word");
        shop.put("wrong", "a-wrong-word");
        Map<String, String> properties = own.broker("SASL_SSL");
        properties.put("sasl.enabled.mechanisms", "PLAIN");
        properties.put(
                "listener.name.client.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_teller=\"right \\\"word\";");
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("data"), properties)) {
            broker.createTopic("orders", 1);
            String account = "sasl_mechanism: plain\nsasl_username: teller\nsasl_password: ";
            String right = account + "\"file:" + shop.root().resolve("right") + '"';
            String wrong = account + "\"file:" + shop.root().resolve("wrong") + '"';

            feed(broker, "tls_ca: authority.pem", right);
            assertThat(refused())
                    .isEqualTo(
                            "feeds.yml:2:11: The TLS handshake with %s failed (SASL_SSL). Check 'tls_ca', and that the certificate names the host. [DELIVERY_REFUSED]"
                                    .formatted(broker.clients()));
            feed(broker, "tls_ca: authority.pem", "tls_verify_host: false", wrong);
            assertThat(refused())
                    .isEqualTo(
                            "feeds.yml:2:11: The cluster at %s did not accept the account of feed 'orders' (SASL_SSL, PLAIN). Check 'sasl_username' and what 'sasl_password' refers to. [DELIVERY_REFUSED]"
                                    .formatted(broker.clients()));
            feed(broker, right, "client: {default.api.timeout.ms: 3000, request.timeout.ms: 2000}");
            assertThat(refused())
                    .startsWith(
                            "feeds.yml:2:11: The cluster at %s does not answer (SASL_PLAINTEXT): "
                                    .formatted(broker.clients()))
                    .endsWith("[DELIVERY_FAILED]");
            assertThat(seen(broker)).isEmpty();

            feed(broker, "tls_ca: authority.pem", "tls_verify_host: false", right);
            assertThat(tell()).extracting(Told::changes).containsExactly(1L);
            assertThat(seen(broker)).containsExactly(TOLD);
        }
    }
}
