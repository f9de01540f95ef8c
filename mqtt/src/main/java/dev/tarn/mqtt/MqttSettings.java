package dev.tarn.mqtt;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.job.Durations;
import dev.tarn.spi.Connector.Request;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a source says of its broker and its messages.
 *
 * @param filters which topics are read
 * @param quality the best quality of service that is asked for
 * @param five whether version 5 is spoken, else 3.1.1
 * @param names of the columns of delimited text; empty when its first line has them
 * @param goesOn whether reading goes on when the broker has lost the session
 * @param window how many messages may be underway
 * @param settle after so long a silence there is nothing more for now
 */
record MqttSettings(
        String host,
        int port,
        boolean encrypted,
        Optional<String> user,
        Optional<String> password,
        List<TopicFilter> filters,
        int quality,
        boolean five,
        Form form,
        char delimiter,
        List<String> names,
        String clientId,
        Duration keepSession,
        boolean goesOn,
        int window,
        int mostBytes,
        Duration settle,
        Duration timeout,
        Duration keepAlive,
        boolean states,
        Optional<Path> authorities,
        Optional<String> certificate,
        Optional<String> privateKey) {
    static final List<String> KNOWN =
            List.of(
                    "url",
                    "topic",
                    "topics",
                    "qos",
                    "protocol",
                    "user",
                    "password",
                    "value_format",
                    "delimiter",
                    "columns",
                    "client_id",
                    "keep_session",
                    "on_lost",
                    "window",
                    "max_message_bytes",
                    "settle",
                    "timeout",
                    "tls_ca",
                    "tls_certificate",
                    "tls_key");

    private static final int MOST_MESSAGE_BYTES = 64 << 20;

    MqttSettings {
        filters = List.copyOf(filters);
        names = List.copyOf(names);
    }

    /** How payloads are written. */
    enum Form {
        JSON,
        CSV,
        TEXT,
        BYTES
    }

    /** For messages: without anything secret. */
    String broker() {
        return host + ":" + port;
    }

    @Override
    public String toString() {
        return broker();
    }

    /**
     * @throws TarnException {@code CONFIG_INVALID}, all mistakes together
     */
    static MqttSettings of(Request request) {
        return new Reader(request).read();
    }

    private static final class Reader {
        private final Request request;
        private final List<Problem> problems = new ArrayList<>();

        Reader(Request request) {
            this.request = request;
        }

        MqttSettings read() {
            URI url = url();
            boolean encrypted = List.of("mqtts", "ssl").contains(String.valueOf(url.getScheme()));
            MqttSettings settings =
                    new MqttSettings(
                            url.getHost(),
                            url.getPort() > 0 ? url.getPort() : encrypted ? 8883 : 1883,
                            encrypted,
                            text("user"),
                            text("password"),
                            filters(),
                            "1".equals(oneOf("qos", "2", List.of("1", "2"))) ? 1 : 2,
                            oneOf("protocol", "5", List.of("5", "3.1.1")).equals("5"),
                            Form.valueOf(
                                    oneOf(
                                                    "value_format",
                                                    "json",
                                                    List.of("json", "csv", "text", "bytes"))
                                            .toUpperCase(Locale.ROOT)),
                            delimiter(),
                            list("columns"),
                            text("client_id").orElse("tarn-" + request.table()),
                            duration("keep_session", Duration.ofDays(7)),
                            oneOf("on_lost", "fail", List.of("fail", "continue"))
                                    .equals("continue"),
                            number("window", 4096, 65_535),
                            number("max_message_bytes", MOST_MESSAGE_BYTES, 256 << 20),
                            duration("settle", Duration.ofSeconds(1)),
                            duration("timeout", Duration.ofSeconds(30)),
                            Duration.ofMinutes(5),
                            request.spec().write() != Write.APPEND,
                            text("tls_ca").map(f -> request.project().resolve(f)),
                            text("tls_certificate"),
                            text("tls_key"));
            if (settings.certificate().isPresent() != settings.privateKey().isPresent()) {
                add("tls_key", "", "there together with 'tls_certificate'");
            }
            if (settings.password().isPresent() && settings.user().isEmpty()) {
                add("user", "", "there where there is a 'password'");
            }
            if (!problems.isEmpty()) {
                throw new TarnException(problems);
            }
            return settings;
        }

        private Optional<String> text(String name) {
            return request.setting(name).filter(t -> !t.isBlank());
        }

        private void add(String name, String found, String wanted) {
            problems.add(MqttErrors.setting(request.ingest().place(), name, found, wanted));
        }

        private URI url() {
            String text = text("url").orElse("");
            String wanted = "an address such as mqtt://host:1883 or mqtts://host:8883";
            try {
                URI uri = new URI(text);
                String scheme = String.valueOf(uri.getScheme());
                boolean known = List.of("mqtt", "tcp", "mqtts", "ssl").contains(scheme);
                if (uri.getRawUserInfo() != null) {
                    problems.add(MqttErrors.secretInUrl(request.ingest().place()));
                } else if (uri.getHost() != null && known) {
                    return uri;
                } else {
                    add("url", text, wanted);
                }
            } catch (URISyntaxException e) {
                add("url", text, wanted);
            }
            return URI.create("mqtt://localhost");
        }

        private List<String> list(String name) {
            return Arrays.stream(text(name).orElse("").split(",", -1))
                    .map(String::strip)
                    .filter(t -> !t.isEmpty())
                    .distinct()
                    .toList();
        }

        private List<TopicFilter> filters() {
            String name = text("topics").isPresent() ? "topics" : "topic";
            List<TopicFilter> filters = list(name).stream().map(TopicFilter::of).toList();
            if (filters.isEmpty() || (text("topic").isPresent() && text("topics").isPresent())) {
                add(
                        "topic",
                        "",
                        "a topic or a filter such as plants/+/state; or 'topics' has some");
            }
            Map<String, TopicFilter> asked = new LinkedHashMap<>();
            for (TopicFilter filter : filters) {
                filter.problem().ifPresent(wanted -> add(name, filter.text(), wanted));
                if (asked.put(filter.asked(), filter) != null) {
                    add(name, filter.text(), "there once");
                }
                Set<String> names = new LinkedHashSet<>(filter.names());
                if (names.size() < filter.names().size()) {
                    add(name, filter.text(), "a filter that has each name once");
                }
            }
            return filters;
        }

        private String oneOf(String name, String other, List<String> words) {
            String word = text(name).orElse(other).toLowerCase(Locale.ROOT);
            if (!words.contains(word)) {
                add(name, word, "one of " + String.join(", ", words));
                return other;
            }
            return word;
        }

        private char delimiter() {
            String text = request.setting("delimiter").orElse(",");
            String plain =
                    switch (text) {
                        case "tab" -> "\t";
                        case "comma" -> ",";
                        case "semicolon" -> ";";
                        case "pipe" -> "|";
                        default -> text;
                    };
            if (plain.length() != 1) {
                add("delimiter", text, "a character, or tab, comma, semicolon, pipe");
                return ',';
            }
            return plain.charAt(0);
        }

        private int number(String name, int other, int most) {
            Optional<String> text = text(name);
            if (text.isEmpty()) {
                return other;
            }
            String digits = text.get().replace("_", "");
            if (!digits.matches("[1-9]\\d{0,8}") || Integer.parseInt(digits) > most) {
                add(name, text.get(), "a whole number from 1 to %,d".formatted(most));
                return other;
            }
            return Integer.parseInt(digits);
        }

        private Duration duration(String name, Duration other) {
            Optional<String> text = text(name);
            if (text.isEmpty()) {
                return other;
            }
            Optional<Duration> found = Durations.parse(text.get());
            if (found.isEmpty() || found.get().isZero() || found.get().toDays() > 10_000) {
                add(name, text.get(), "a time such as 30 seconds");
            }
            return found.orElse(other);
        }
    }
}
