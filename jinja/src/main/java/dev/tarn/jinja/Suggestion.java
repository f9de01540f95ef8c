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

    /** Counts the letters to add, drop, replace or swap with their neighbour. */
    private static int distance(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            distance[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            distance[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int best = distance[i - 1][j - 1] + (same ? 0 : 1);
                best = Math.min(best, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = best;
            }
        }
        return distance[a.length()][b.length()];
    }
}
