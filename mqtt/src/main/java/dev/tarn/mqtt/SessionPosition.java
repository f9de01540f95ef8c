package dev.tarn.mqtt;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where reading stands: what the broker's session is called and which filters it has, and which of
 * its messages have landed that the broker may send again, since it may not know that yet.
 *
 * @param at when it was read
 * @param next the number of the next message
 * @param filters with their quality
 * @param once what was said under numbers of quality 1
 * @param twice numbers of quality 2
 */
record SessionPosition(
        String client,
        Instant at,
        long next,
        List<String> filters,
        Map<Integer, Integer> once,
        Set<Integer> twice) {
    static final String PART = "session";

    SessionPosition {
        filters = List.copyOf(filters);
        once = Map.copyOf(once);
        twice = Set.copyOf(twice);
    }

    /** Whether nothing of it can come again. */
    boolean isSettled() {
        return once.isEmpty() && twice.isEmpty();
    }

    static SessionPosition parse(String text) {
        try {
            String[] parts = text.split(" ", -1);
            Map<Integer, Integer> once = new TreeMap<>();
            for (String pair : list(parts[4])) {
                int colon = pair.indexOf(':');
                once.put(
                        Integer.parseInt(pair.substring(0, colon)),
                        Integer.parseUnsignedInt(pair.substring(colon + 1), 36));
            }
            Set<Integer> twice = new TreeSet<>();
            for (String range : list(parts[5])) {
                int dash = range.indexOf('-');
                int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                int to = dash < 0 ? from : Integer.parseInt(range.substring(dash + 1));
                for (int id = from; id <= to; id++) {
                    twice.add(id);
                }
            }
            return new SessionPosition(
                    plain(parts[0]),
                    Instant.parse(parts[1]),
                    Long.parseLong(parts[2]),
                    list(parts[3]).stream().map(SessionPosition::plain).toList(),
                    once,
                    twice);
        } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeParseException e) {
            throw MqttErrors.noPosition(text);
        }
    }

    /** As it is published. */
    String value() {
        String once =
                this.once.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(e -> e.getKey() + ":" + Integer.toUnsignedString(e.getValue(), 36))
                        .collect(Collectors.joining(","));
        String filters =
                this.filters.stream().map(SessionPosition::quoted).collect(Collectors.joining(","));
        return String.join(
                " ", quoted(client), at.toString(), "" + next, filters, once, ranges(twice));
    }

    private static String ranges(Collection<Integer> ids) {
        List<String> ranges = new ArrayList<>();
        int from = -1;
        int last = -2;
        for (int id : new TreeSet<>(ids)) {
            if (id != last + 1) {
                if (last >= 0) {
                    ranges.add(range(from, last));
                }
                from = id;
            }
            last = id;
        }
        if (last >= 0) {
            ranges.add(range(from, last));
        }
        return String.join(",", ranges);
    }

    private static String range(int from, int to) {
        return from == to ? String.valueOf(from) : from + "-" + to;
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private static String quoted(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String plain(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
