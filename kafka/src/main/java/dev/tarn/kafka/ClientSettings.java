package dev.tarn.kafka;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How to get to a cluster: from the settings of a source to those of Kafka's client. Secrets stay
 * references until {@link #resolved}.
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
                    "interceptor.classes",
                    "metric.reporters",
                    "sasl.jaas.config",
                    "sasl.login.callback.handler.class",
                    "sasl.client.callback.handler.class",
                    "security.providers",
                    "ssl.engine.factory.class");

    private static final String USER = "tarn.sasl.username";
    private static final String PASSWORD = "tarn.sasl.password";

    private final Map<String, String> given;
    private final List<String> problems;
    private final Map<String, String> client = new LinkedHashMap<>();

    ClientSettings(Map<String, String> given, List<String> problems) {
        this.given = given;
        this.problems = problems;
    }

    /** Settings of the client; values of secrets are still references. */
    Map<String, String> read() {
        passedOn();
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
            problems.add("'security_protocol: %s' has no use for 'sasl_…'.".formatted(lower(protocol)));
        }
        if (protocol.endsWith("SSL")) {
            tls();
        } else if (tls) {
            problems.add("'security_protocol: %s' has no use for 'tls_…'.".formatted(lower(protocol)));
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
            } else if (isSecret(name) && !isReference(value)) {
                problems.add(KafkaErrors.plainSecret(key));
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
        secret("sasl_username", USER, true);
        secret("sasl_password", PASSWORD, true);
    }

    private void tls() {
        text("tls_ca").ifPresent(file -> {
            client.put("ssl.truststore.type", "PEM");
            client.put("ssl.truststore.location", file);
        });
        if (text("tls_certificate").isPresent() != text("tls_key").isPresent()) {
            problems.add("'tls_certificate' and 'tls_key' belong together.");
        }
        text("tls_certificate").ifPresent(file -> {
            client.put("ssl.keystore.type", "PEM");
            client.put("ssl.keystore.certificate.chain", "file:" + file);
        });
        secret("tls_key", "ssl.keystore.key", false);
        secret("tls_key_password", "ssl.key.password", false);
        String verify = text("tls_verify_host").orElse("true");
        if (!verify.equals("true") && !verify.equals("false")) {
            problems.add("'tls_verify_host' is neither true nor false.");
        }
        if (verify.equals("false")) {
            client.put("ssl.endpoint.identification.algorithm", "");
        }
    }

    private void secret(String key, String name, boolean needed) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            if (needed) {
                problems.add("'%s' is missing.".formatted(key));
            }
        } else if (!isReference(value.get()) && !key.equals("sasl_username")) {
            problems.add(KafkaErrors.plainSecret(key));
        } else {
            client.put(name, value.get());
        }
    }

    private static boolean isSecret(String name) {
        return name.contains("password") || name.endsWith("key") || name.contains("secret");
    }

    private static boolean isReference(String value) {
        return value.startsWith("env:") || value.startsWith("file:");
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(given.get(key)).filter(t -> !t.isBlank());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /**
     * What the client is given: never to be logged or shown.
     *
     * @param secrets from a reference to the secret
     */
    static Map<String, Object> resolved(Map<String, String> client, UnaryOperator<String> secrets) {
        Map<String, Object> resolved = new LinkedHashMap<>();
        client.forEach((key, value) ->
                resolved.put(key, isReference(value) && !key.endsWith("location") ? secrets.apply(value) : value));
        Object user = resolved.remove(USER);
        Object password = resolved.remove(PASSWORD);
        if (user != null && password != null) {
            String mechanism = client.getOrDefault("sasl.mechanism", "PLAIN");
            resolved.put(
                    "sasl.jaas.config",
                    "%s required username=%s password=%s;"
                            .formatted(
                                    LOGIN_MODULES.get(mechanism),
                                    quoted(user.toString()),
                                    quoted(password.toString())));
        }
        return resolved;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
