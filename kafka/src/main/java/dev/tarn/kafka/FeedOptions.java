package dev.tarn.kafka;

import dev.tarn.model.graph.FeedSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the settings of a feed say.
 *
 * @param bootstrap where the cluster is asked first
 * @param positions the topic that has the feed's position, and nothing else
 * @param envelope whether values have what was before, too
 * @param registry that knows the schemas of rows, where these are in Avro
 * @param client settings of the client, secrets among them
 */
record FeedOptions(
        FeedSpec feed,
        String bootstrap,
        String topic,
        String positions,
        Envelope envelope,
        KeyFormat keyFormat,
        ValueFormat valueFormat,
        Optional<KafkaOptions.Registry> registry,
        Map<String, String> client) {
    /** What a feed may say, in the order of the documentation. */
    static final List<String> KNOWN =
            List.of(
                    "bootstrap_servers",
                    "topic",
                    "envelope",
                    "key_format",
                    "value_format",
                    "schema_registry",
                    "schema_registry_user",
                    "schema_registry_password",
                    "schema_registry_ca",
                    "positions_topic",
                    "security_protocol",
                    "sasl_mechanism",
                    "sasl_username",
                    "sasl_password",
                    "tls_ca",
                    "tls_certificate",
                    "tls_key",
                    "tls_key_password",
                    "tls_verify_host",
                    "client.*");

    FeedOptions {
        client = Map.copyOf(client);
    }

    /** What is around a row. */
    enum Envelope {
        NONE,
        DEBEZIUM
    }

    /** How keys are written. */
    enum KeyFormat {
        JSON,
        /** The text of the one column. */
        TEXT,
        AVRO
    }

    /** How rows are written. */
    enum ValueFormat {
        JSON,
        AVRO
    }

    /** Whether a registry has to know the columns. */
    boolean isRegistered() {
        return valueFormat == ValueFormat.AVRO || keyFormat == KeyFormat.AVRO;
    }

    /** How the cluster is spoken to, in Kafka's words. */
    String protocol() {
        return client.getOrDefault("security.protocol", "PLAINTEXT");
    }

    /** Without the settings of the client, which may be secret. */
    @Override
    public String toString() {
        return topic + " at " + bootstrap;
    }

    /**
     * Reads settings.
     *
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} with all that is wrong
     */
    static FeedOptions of(FeedSpec feed, Map<String, String> given) {
        List<String> problems = new ArrayList<>();
        String envelope = word(given, "envelope", "none", List.of("none", "debezium"), problems);
        String value = word(given, "value_format", "json", List.of("json", "avro"), problems);
        String key = word(given, "key_format", value, List.of("json", "text", "avro"), problems);
        if (feed.key().isEmpty() && envelope.equals("none")) {
            problems.add(
                    "'key' is missing: without it nobody can be told which row is gone. Name the columns that name a row, or set 'envelope: debezium'.");
        }
        if (key.equals("text") && feed.key().size() != 1) {
            problems.add("'key_format: text' needs a 'key' of one column.");
        }
        String topic = given.getOrDefault("topic", "");
        String positions =
                Optional.ofNullable(given.get("positions_topic"))
                        .orElse("tarn.feed." + feed.name());
        if (positions.equals(topic)) {
            problems.add("'positions_topic' must be a topic of its own.");
        }
        FeedOptions options =
                new FeedOptions(
                        feed,
                        given.getOrDefault("bootstrap_servers", ""),
                        topic,
                        positions,
                        envelope.equals("debezium") ? Envelope.DEBEZIUM : Envelope.NONE,
                        KeyFormat.valueOf(key.toUpperCase(Locale.ROOT)),
                        ValueFormat.valueOf(value.toUpperCase(Locale.ROOT)),
                        registry(given),
                        new ClientSettings(given, problems).read());
        if (options.isRegistered() && options.registry().isEmpty()) {
            problems.add(
                    "'schema_registry' is missing, such as \"http://registry:8081\": rows in Avro name their schema by a number that a registry gives.");
        }
        if (!problems.isEmpty()) {
            throw KafkaErrors.settings(problems);
        }
        return options;
    }

    private static String word(
            Map<String, String> given,
            String name,
            String otherwise,
            List<String> words,
            List<String> problems) {
        String word = given.getOrDefault(name, otherwise).toLowerCase(Locale.ROOT);
        if (words.contains(word)) {
            return word;
        }
        problems.add(
                "'%s: %s' is none of %s."
                        .formatted(name, given.get(name), String.join(", ", words)));
        return otherwise;
    }

    private static Optional<KafkaOptions.Registry> registry(Map<String, String> given) {
        return Optional.ofNullable(given.get("schema_registry"))
                .filter(url -> !url.isBlank())
                .map(url ->
                        new KafkaOptions.Registry(
                                url.replaceFirst("/+$", ""),
                                Optional.ofNullable(given.get("schema_registry_user")),
                                Optional.ofNullable(given.get("schema_registry_password")),
                                Optional.ofNullable(given.get("schema_registry_ca"))));
    }
}
