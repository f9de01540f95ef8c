package dev.tarn.app;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server writes down about itself, one {@code name=value} on each line.
 *
 * @param started when its process began, by the operating system
 * @param token what it takes from those who can read this
 * @param facts under which it works; who has others must not let it work
 */
record ServerNote(
        String host,
        int port,
        long process,
        Instant started,
        String token,
        Map<String, String> facts) {
    private static final String FACT = "fact.";

    ServerNote {
        facts = Map.copyOf(facts);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "host", host);
        line(text, "port", Integer.toString(port));
        line(text, "process", Long.toString(process));
        line(text, "started", started.toString());
        line(text, "token", token);
        new TreeMap<>(facts).forEach((name, value) -> line(text, FACT + name, value));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append('=').append(value).append('\n');
    }

    /** Empty if it is no such text, or a part of one. */
    static Optional<ServerNote> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, String> facts = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                String name = line.substring(0, equals);
                String value = line.substring(equals + 1);
                if (name.startsWith(FACT)) {
                    facts.put(name.substring(FACT.length()), value);
                } else {
                    values.put(name, value);
                }
            }
        }
        try {
            return Optional.of(
                    new ServerNote(
                            values.getOrDefault("host", ""),
                            Integer.parseInt(values.getOrDefault("port", "")),
                            Long.parseLong(values.getOrDefault("process", "")),
                            Instant.parse(values.getOrDefault("started", "")),
                            values.getOrDefault("token", ""),
                            facts));
        } catch (NumberFormatException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
