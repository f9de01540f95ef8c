package dev.tarn.kafka;

import dev.tarn.spi.Connector;
import dev.tarn.spi.OpenSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Topics of a Kafka cluster as a source of rows. */
public final class KafkaConnector implements Connector {
    static final Set<String> SECRETS =
            Set.of(
                    "sasl_password",
                    "schema_registry_password",
                    "tls_certificate",
                    "tls_key",
                    "tls_key_password");

    static final List<String> FILES = List.of("tls_ca", "schema_registry_ca");

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public List<Setting> settings() {
        return KafkaOptions.KNOWN.stream()
                .map(n -> new Setting(n, n.equals("bootstrap_servers"), SECRETS.contains(n)))
                .toList();
    }

    @Override
    public OpenSource open(Request request) {
        Map<String, String> settings = new HashMap<>(request.settings());
        for (String file : FILES) {
            settings.computeIfPresent(
                    file, (name, path) -> request.project().resolve(path).toString());
        }
        KafkaOptions options = KafkaOptions.of(settings);
        return new KafkaSource(
                options, request.spec().write(), Cluster.open(options), request.clock());
    }
}
