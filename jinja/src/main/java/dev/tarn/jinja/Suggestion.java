package dev.tarn.jinja;

import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the name somebody may have meant. */
final class Suggestion {
    private Suggestion() {}

    /** Returns "Did you mean 'x'?" for the closest candidate, or null if none is close. */
    static @Nullable String of(String name, Collection<?> candidates) {
        String best = null;
        int bestDistance = Math.max(1, name.length() / 3) + 1;
        TreeSet<String> sorted = new TreeSet<>();
        for (Object candidate : candidates) {
            if (candidate instanceof String text) {
                sorted.add(text);
            }
        }
        for (String candidate : sorted) {
            if (Math.abs(candidate.length() - name.length()) >= bestDistance) {
                continue;
            }
            int distance =
                    distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best == null ? null : "Did you mean '" + best + "'?";
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
