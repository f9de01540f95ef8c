package dev.tarn.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys of requests that have landed, as positions of the catalog. Each publication adds one
 * segment; when there are many of a size they become one of the next size, so that both their
 * number and what is written again stay small. Segments whose newest key is too old go.
 */
final class KeyLog {
    private static final String PREFIX = "keys/";
    private static final int MOST_OF_A_LEVEL = 16;
    private static final int HASH_BYTES = 12;

    private final Map<String, Segment> segments = new TreeMap<>();
    private final Map<String, Landed> byKey = new HashMap<>();

    /**
     * A request that has landed.
     *
     * @param key hash of its key
     * @param body hash of its body
     * @param rows how many it had
     */
    record Landed(String key, String body, long rows) {}

    private record Segment(String text, int level, long number, Instant newest, List<Landed> keys) {
        static Segment parse(String part, String text) {
            String[] name = part.substring(PREFIX.length()).split("/", 2);
            String[] lines = text.split(";", -1);
            List<Landed> keys = new ArrayList<>();
            try {
                for (String line : Arrays.asList(lines).subList(1, lines.length)) {
                    String[] values = line.split(",", -1);
                    keys.add(new Landed(values[0], values[1], Long.parseLong(values[2])));
                }
                return new Segment(
                        text,
                        Integer.parseInt(name[0]),
                        Long.parseLong(name[1]),
                        Instant.ofEpochSecond(Long.parseLong(lines[0])),
                        keys);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw PushErrors.noPosition(part, text);
            }
        }

        static Segment of(int level, long number, Instant newest, List<Landed> keys) {
            StringBuilder text = new StringBuilder().append(newest.getEpochSecond());
            keys.forEach(k ->
                    text.append(';')
                            .append(k.key())
                            .append(',')
                            .append(k.body())
                            .append(',')
                            .append(k.rows()));
            return new Segment(text.toString(), level, number, newest, keys);
        }

        String part() {
            return PREFIX + level + "/" + number;
        }
    }

    /** Takes over what is published now. */
    void follow(Map<String, String> positions) {
        boolean changed = segments.keySet().removeIf(part -> !positions.containsKey(part));
        for (Map.Entry<String, String> position : positions.entrySet()) {
            Segment known = segments.get(position.getKey());
            if (position.getKey().startsWith(PREFIX)
                    && (known == null || !known.text().equals(position.getValue()))) {
                segments.put(
                        position.getKey(), Segment.parse(position.getKey(), position.getValue()));
                changed = true;
            }
        }
        if (changed) {
            byKey.clear();
            segments.values().forEach(s -> s.keys().forEach(k -> byKey.put(k.key(), k)));
        }
    }

    Optional<Landed> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** The positions that change when requests land; empty ones go. */
    Map<String, Optional<String>> adding(List<Landed> keys, Instant now, Duration keep) {
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        List<Segment> kept = new ArrayList<>();
        long number = 0;
        for (Segment segment : segments.values()) {
            number = Math.max(number, segment.number());
            if (segment.newest().isBefore(now.minus(keep))) {
                changes.put(segment.part(), Optional.empty());
            } else {
                kept.add(segment);
            }
        }
        if (keys.isEmpty()) {
            return changes;
        }
        Segment added = Segment.of(0, ++number, now, keys);
        for (int level = 0; ; level++) {
            int mine = level;
            List<Segment> same = kept.stream().filter(s -> s.level() == mine).toList();
            if (same.size() < MOST_OF_A_LEVEL) {
                break;
            }
            List<Landed> all = new ArrayList<>();
            same.forEach(s -> {
                all.addAll(s.keys());
                changes.put(s.part(), Optional.empty());
            });
            all.addAll(added.keys());
            kept.removeAll(same);
            added = Segment.of(level + 1, ++number, now, all);
        }
        changes.put(added.part(), Optional.of(added.text()));
        return changes;
    }

    static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Arrays.copyOf(digest, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    static String hash(String text) {
        return hash(text.getBytes(StandardCharsets.UTF_8));
    }
}
