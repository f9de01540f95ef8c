package dev.tarn.kafka;

import dev.tarn.model.Suggestion;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a source's settings say about topics and messages.
 *
 * @param bootstrap where the cluster is asked first
 * @param topics names; empty when a pattern says which
 * @param pattern of the names of topics, those that come later included
 * @param key how keys are written
 * @param value how values are written
 * @param envelope what values are wrapped in
 * @param start where partitions are begun that were never read
 * @param lost what to do when the cluster has not kept what was to be read next
 * @param committed whether messages of transactions that did not commit are left out
 * @param group a consumer group that is told how far reading is, for others to see
 * @param registry where schemas are
 * @param mostMessageBytes longer messages go to quarantine
 * @param client settings of the client, secrets among them
 */
record KafkaOptions(
        String bootstrap,
        List<String> topics,
        Optional<Pattern> pattern,
        Coding key,
        Coding value,
        Envelope envelope,
        Start start,
        Lost lost,
        boolean committed,
        Optional<String> group,
        Optional<Registry> registry,
        int mostMessageBytes,
        Map<String, String> client) {
    private static final int DEFAULT_MOST_MESSAGE_BYTES = 64 << 20;

    /** What a source may say, in the order of the documentation. */
    static final List<String> KNOWN =
            List.of(
                    "bootstrap_servers",
                    "topic",
                    "topics",
                    "topic_pattern",
                    "key_format",
                    "value_format",
                    "envelope",
                    "start",
                    "on_lost",
                    "isolation",
                    "group",
                    "schema_registry",
                    "schema_registry_user",
                    "schema_registry_password",
                    "schema_registry_ca",
                    "max_message_bytes",
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

    KafkaOptions {
        topics = List.copyOf(topics);
        client = Map.copyOf(client);
    }

    /** How bytes are to be read. */
    enum Coding {
        JSON,
        AVRO,
        PROTOBUF,
        JSON_SCHEMA,
        TEXT,
        BYTES;

        /** Whether the bytes begin with the number of a schema. */
        boolean isRegistered() {
            return this == AVRO || this == PROTOBUF || this == JSON_SCHEMA;
        }
    }

    /** What is around a row. */
    enum Envelope {
        NONE,
        DEBEZIUM,
        CLOUDEVENTS
    }

    /** What happens to a partition whose next message is gone. */
    enum Lost {
        /** The source stops and says what is lost. */
        FAIL,
        /** Reading goes on with what is there, and the loss is said. */
        CONTINUE
    }

    /** Where a partition is begun. */
    sealed interface Start {
        /** With its first message. */
        record Earliest() implements Start {}

        /** With what comes from now on. */
        record Latest() implements Start {}

        /** With the first message of a time or after it. */
        record At(Instant time) implements Start {}
    }

    /**
     * A schema registry.
     *
     * @param user with password
     * @param authority a file with certificates in PEM that are trusted
     */
    record Registry(
            String url,
            Optional<String> user,
            Optional<String> password,
            Optional<String> authority) {
        @Override
        public String toString() {
            return url;
        }
    }

    /** Without the settings of the client, which may be secret. */
    @Override
    public String toString() {
        return bootstrap;
    }

    /**
     * Reads settings.
     *
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID}, {@code UNKNOWN_KEY} with all
     *     that is wrong
     */
    static KafkaOptions of(Map<String, String> given) {
        return new Reading(given).options();
    }

    private static final class Reading {
        private final Map<String, String> given;
        private final List<String> problems = new ArrayList<>();

        Reading(Map<String, String> given) {
            this.given = new TreeMap<>(given);
        }

        KafkaOptions options() {
            for (String key : given.keySet()) {
                if (!KNOWN.contains(key) && !key.startsWith("client.")) {
                    problems.add(
                            "'%s' is no setting of Kafka sources.%s"
                                    .formatted(key, Suggestion.hint(key, KNOWN)));
                }
            }
            String bootstrap = given.getOrDefault("bootstrap_servers", "");
            if (bootstrap.isBlank()) {
                problems.add("'bootstrap_servers' is missing, such as \"broker:9092\".");
            }
            List<String> topics = topics();
            Optional<Pattern> pattern = pattern();
            if (topics.isEmpty() == pattern.isEmpty()) {
                problems.add("One of 'topic', 'topics' and 'topic_pattern' has to be there.");
            }
            Coding key = word("key_format", Coding.TEXT, Coding.values());
            Coding value = word("value_format", Coding.JSON, Coding.values());
            Optional<Registry> registry = registry();
            if (registry.isEmpty() && (value.isRegistered() || key.isRegistered())) {
                problems.add(
                        "'schema_registry' is missing; messages of '%s' name their schema by a number in it."
                                .formatted(lower(value.isRegistered() ? value : key)));
            }
            Envelope envelope = word("envelope", Envelope.NONE, Envelope.values());
            if (envelope == Envelope.DEBEZIUM && (value == Coding.TEXT || value == Coding.BYTES)) {
                problems.add(
                        "'envelope: debezium' needs values with parts, not '"
                                + lower(value)
                                + "'.");
            }
            KafkaOptions options =
                    new KafkaOptions(
                            bootstrap,
                            topics,
                            pattern,
                            key,
                            value,
                            envelope,
                            start(),
                            word("on_lost", Lost.FAIL, Lost.values()),
                            isolation(),
                            text("group"),
                            registry,
                            bytes(),
                            new ClientSettings(given, problems).read());
            if (!problems.isEmpty()) {
                throw KafkaErrors.settings(problems);
            }
            return options;
        }

        private Optional<String> text(String key) {
            return Optional.ofNullable(given.get(key)).filter(t -> !t.isBlank());
        }

        private List<String> topics() {
            String all = text("topics").orElseGet(() -> text("topic").orElse(""));
            return Arrays.stream(all.split(","))
                    .map(String::strip)
                    .filter(t -> !t.isEmpty())
                    .distinct()
                    .toList();
        }

        private Optional<Pattern> pattern() {
            Optional<String> text = text("topic_pattern");
            try {
                return text.map(Pattern::compile);
            } catch (PatternSyntaxException e) {
                problems.add(
                        "'topic_pattern' is no regular expression: %s near index %d."
                                .formatted(e.getDescription(), e.getIndex()));
                return Optional.of(Pattern.compile("$^"));
            }
        }

        private Optional<Registry> registry() {
            return text("schema_registry")
                    .map(url ->
                            new Registry(
                                    url.replaceFirst("/+$", ""),
                                    text("schema_registry_user"),
                                    text("schema_registry_password"),
                                    text("schema_registry_ca")));
        }

        private Start start() {
            String text = text("start").orElse("earliest");
            return switch (text) {
                case "earliest" -> new Start.Earliest();
                case "latest" -> new Start.Latest();
                default -> startAt(text);
            };
        }

        private Start startAt(String text) {
            try {
                return new Start.At(Instant.parse(text));
            } catch (DateTimeParseException e) {
                problems.add(
                        "'start: %s' is neither earliest nor latest nor a time such as 2026-01-31T00:00:00Z."
                                .formatted(text));
                return new Start.Earliest();
            }
        }

        private boolean isolation() {
            String text = text("isolation").orElse("read_committed");
            if (!text.equals("read_committed") && !text.equals("read_uncommitted")) {
                problems.add(
                        "'isolation: %s' is neither read_committed nor read_uncommitted."
                                .formatted(text));
            }
            return text.equals("read_committed");
        }

        private int bytes() {
            Optional<String> text = text("max_message_bytes");
            try {
                int bytes = text.map(Integer::parseInt).orElse(DEFAULT_MOST_MESSAGE_BYTES);
                if (bytes > 0) {
                    return bytes;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            problems.add("'max_message_bytes' has to be a whole number above 0.");
            return DEFAULT_MOST_MESSAGE_BYTES;
        }

        private <E extends Enum<E>> E word(String key, E otherwise, E[] words) {
            @Nullable String text = given.get(key);
            if (text == null || text.isBlank()) {
                return otherwise;
            }
            Map<String, E> known = new LinkedHashMap<>();
            for (E word : words) {
                known.put(lower(word), word);
            }
            E found = known.get(text);
            if (found == null) {
                problems.add(
                        "'%s: %s' is none of %s.%s"
                                .formatted(
                                        key,
                                        text,
                                        String.join(", ", known.keySet()),
                                        Suggestion.hint(text, known.keySet())));
                return otherwise;
            }
            return found;
        }
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
