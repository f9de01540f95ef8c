package dev.tarn.jinja;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers of the latest texts that macros and set blocks wrote how they map to templates. It goes
 * by the identity of the string: as long as a text is only passed around it keeps its map, and once
 * something transforms it, it is another string without one.
 */
final class TextOrigins {
    private static final int REMEMBERED = 4096;

    private final IdentityHashMap<String, Segments> known = new IdentityHashMap<>();
    private final ArrayDeque<String> order = new ArrayDeque<>();

    void remember(String text, Segments segments) {
        if (text.length() < 2 || known.put(text, segments) != null) {
            return;
        }
        order.add(text);
        if (order.size() > REMEMBERED) {
            known.remove(order.remove());
        }
    }

    @Nullable Segments of(String text) {
        return known.isEmpty() ? null : known.get(text);
    }
}
