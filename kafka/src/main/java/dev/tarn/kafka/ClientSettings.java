package dev.tarn.kafka;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How to get to a cluster: from the settings of a source to those of Kafka's client. The result has
 * secrets in it: never to be logged or shown.
 */
final class ClientSettings {
    private static final Set<String> PROTOCOLS =
            Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
    private static final Map<String, String> LOGIN_MODULES =
            Map.of(
                    "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
                    "SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule",
                    "SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

    /** What a source decides by other settings, or Tarn for itself. */
    private static final Set<String> NOT_YOURS =
            Set.of(
                    "bootstrap.servers",
                    "group.id",
                    "enable.auto.commit",
                    "auto.offset.reset",
                    "isolation.level",
                    "key.deserializer",
                    "value.deserializer",
                    "key.serializer",
                    "value.serializer",
                    "transactional.id",
                    "enable.idempotence",
                    "acks",
                    "interceptor.classes",
                    "metric.reporters",
                    "sasl.jaas.config",
                    "sasl.login.callback.handler.class",
                    "sasl.client.callback.handler.class",
                    "security.providers",
                    "ssl.engine.factory.class");

    private final Map<String, String> given;
    private final List<String> problems;
    private final Map<String, String> client = new LinkedHashMap<>();

    ClientSettings(Map<String, String> given, List<String> problems) {
        this.given = given;
        this.problems = problems;
    }

    /** Settings of the client. */
    Map<String, String> read() {
        passedOn();
        // Each client would make hundreds of beans that nobody looks at, and ask the brokers
        // whether they want figures of it.
        client.put("metric.reporters", "");
        client.putIfAbsent("enable.metrics.push", "false");
        boolean sasl = given.containsKey("sasl_mechanism") || given.containsKey("sasl_username");
        boolean tls = given.keySet().stream().anyMatch(k -> k.startsWith("tls_"));
        String protocol = (sasl ? "SASL_" : "") + (tls ? "SSL" : "PLAINTEXT");
        protocol = text("security_protocol").orElse(protocol).toUpperCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            problems.add(
                    "'security_protocol: %s' is none of plaintext, ssl, sasl_plaintext, sasl_ssl."
                            .formatted(given.get("security_protocol")));
        }
        client.put("security.protocol", protocol);
        if (protocol.startsWith("SASL")) {
            sasl();
        } else if (sasl) {
            problems.add(
                    "'security_protocol: %s' has no use for 'sasl_…'.".formatted(lower(protocol)));
        }
        if (protocol.endsWith("SSL")) {
            tls();
        } else if (tls) {
            problems.add(
                    "'security_protocol: %s' has no use for 'tls_…'.".formatted(lower(protocol)));
        }
        return client;
    }

    private void passedOn() {
        given.forEach((key, value) -> {
            if (!key.startsWith("client.")) {
                return;
            }
            String name = key.substring("client.".length());
            if (NOT_YOURS.contains(name)) {
                problems.add("'%s' cannot be set: Tarn decides it.".formatted(key));
            } else if (isSecret(name)) {
                problems.add(
                        "'%s' may hold a secret and is not passed on. Use the 'sasl_…' and 'tls_…' settings."
                                .formatted(key));
            } else {
                client.put(name, value);
            }
        });
    }

    private void sasl() {
        String mechanism = text("sasl_mechanism").orElse("PLAIN").toUpperCase(Locale.ROOT);
        if (!LOGIN_MODULES.containsKey(mechanism)) {
            problems.add(
                    "'sasl_mechanism: %s' is none of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512."
                            .formatted(given.get("sasl_mechanism")));
            return;
        }
        client.put("sasl.mechanism", mechanism);
        Optional<String> user = needed("sasl_username");
        Optional<String> password = needed("sasl_password");
        if (user.isPresent() && password.isPresent()) {
            client.put(
                    "sasl.jaas.config",
                    "%s required username=%s password=%s;"
                            .formatted(
                                    LOGIN_MODULES.get(mechanism),
                                    quoted(user.get()),
                                    quoted(password.get())));
        }
    }

    private void tls() {
        text("tls_ca")
                .ifPresent(file -> {
                    client.put("ssl.truststore.type", "PEM");
                    client.put("ssl.truststore.location", file);
                });
        if (text("tls_certificate").isPresent() != text("tls_key").isPresent()) {
            problems.add("'tls_certificate' and 'tls_key' belong together.");
        }
        text("tls_certificate")
                .ifPresent(chain -> {
                    client.put("ssl.keystore.type", "PEM");
                    client.put("ssl.keystore.certificate.chain", chain);
                });
        text("tls_key").ifPresent(key -> client.put("ssl.keystore.key", key));
        text("tls_key_password").ifPresent(word -> client.put("ssl.key.password", word));
        String verify = text("tls_verify_host").orElse("true");
        if (!verify.equals("true") && !verify.equals("false")) {
            problems.add("'tls_verify_host' is neither true nor false.");
        }
        if (verify.equals("false")) {
            client.put("ssl.endpoint.identification.algorithm", "");
        }
    }

    private Optional<String> needed(String key) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            problems.add("'%s' is missing.".formatted(key));
        }
        return value;
    }

    private static boolean isSecret(String name) {
        return name.contains("password") || name.endsWith("key") || name.contains("secret");
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(given.get(key)).filter(t -> !t.isBlank());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
