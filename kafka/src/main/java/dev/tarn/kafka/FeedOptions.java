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
 * @param plainKey whether keys are the text of their one column
 * @param client settings of the client, secrets among them
 */
record FeedOptions(
        FeedSpec feed,
        String bootstrap,
        String topic,
        String positions,
        Envelope envelope,
        boolean plainKey,
        Map<String, String> client) {
    /** What a feed may say, in the order of the documentation. */
    static final List<String> KNOWN =
            List.of(
                    "bootstrap_servers",
                    "topic",
                    "envelope",
                    "key_format",
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
        String envelope = given.getOrDefault("envelope", "none").toLowerCase(Locale.ROOT);
        if (!envelope.equals("none") && !envelope.equals("debezium")) {
            problems.add(
                    "'envelope: %s' is none of none, debezium.".formatted(given.get("envelope")));
        }
        String format = given.getOrDefault("key_format", "json").toLowerCase(Locale.ROOT);
        if (!format.equals("json") && !format.equals("text")) {
            problems.add(
                    "'key_format: %s' is none of json, text.".formatted(given.get("key_format")));
        }
        if (feed.key().isEmpty() && envelope.equals("none")) {
            problems.add(
                    "'key' is missing: without it nobody can be told which row is gone. Name the columns that name a row, or set 'envelope: debezium'.");
        }
        if (format.equals("text") && feed.key().size() != 1) {
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
                        format.equals("text"),
                        new ClientSettings(given, problems).read());
        if (!problems.isEmpty()) {
            throw KafkaErrors.settings(problems);
        }
        return options;
    }
}
