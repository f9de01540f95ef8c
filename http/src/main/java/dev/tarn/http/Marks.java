package dev.tarn.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records that are known, each by a hash and as often as it came: what a server gives again behind
 * a position is told from what is new.
 */
final class Marks {
    private static final int HASH_BYTES = 12;

    private final Map<String, Mark> byHash = new HashMap<>();

    /**
     * Equal records.
     *
     * @param value of the cursor
     */
    record Mark(String hash, int count, @Nullable String value) {}

    static Marks of(List<Mark> marks) {
        Marks all = new Marks();
        marks.forEach(m -> all.byHash.put(m.hash(), m));
        return all;
    }

    static String hash(byte[] record) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(record);
            return new String(
                    Base64.getEncoder().encode(Arrays.copyOf(digest, HASH_BYTES)),
                    StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    void add(String hash, @Nullable String value) {
        byHash.merge(
                hash,
                new Mark(hash, 1, value),
                (old, one) -> new Mark(hash, old.count() + 1, value));
    }

    /** Takes one away; false if there is none. */
    boolean take(String hash) {
        Mark mark = byHash.get(hash);
        if (mark == null) {
            return false;
        }
        if (mark.count() == 1) {
            byHash.remove(hash);
        } else {
            byHash.put(hash, new Mark(hash, mark.count() - 1, mark.value()));
        }
        return true;
    }

    /** Forgets those whose value is less. */
    void forgetBelow(String value) {
        byHash.values()
                .removeIf(m -> m.value() != null && CursorValue.compare(m.value(), value) < 0);
    }

    void clear() {
        byHash.clear();
    }

    int size() {
        return byHash.size();
    }

    List<Mark> all() {
        List<Mark> all = new ArrayList<>(byHash.values());
        all.sort(java.util.Comparator.comparing(Mark::hash));
        return all;
    }
}
