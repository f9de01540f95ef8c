package dev.tarn.iceberg.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Cuts listings into pages. A token names the last entry that was given out, so a listing goes on
 * in the right place whatever came and went meanwhile.
 */
final class Pages {
    private Pages() {}

    /** A part of a listing, and what leads to the next if there is one. */
    record Page<T>(List<T> entries, Optional<String> next) {}

    /**
     * @param sorted all entries, in the order of their names
     */
    static <T> Page<T> cut(List<T> sorted, Function<T, String> name, Exchange exchange) {
        Optional<Integer> size = exchange.query("pageSize").map(Pages::size);
        Optional<String> after = exchange.query("pageToken").map(Pages::decoded);
        List<T> rest =
                after.isEmpty()
                        ? sorted
                        : sorted.stream()
                                .filter(e -> name.apply(e).compareTo(after.get()) > 0)
                                .toList();
        if (size.isEmpty() || rest.size() <= size.get()) {
            return new Page<>(rest, Optional.empty());
        }
        List<T> page = rest.subList(0, size.get());
        return new Page<>(page, Optional.of(encoded(name.apply(page.getLast()))));
    }

    private static int size(String text) {
        try {
            int size = Integer.parseInt(text);
            if (size > 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Told below, together with zero and less.
        }
        throw RestErrors.pageSize(text);
    }

    private static String encoded(String name) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RestErrors.pageToken();
        }
    }
}
