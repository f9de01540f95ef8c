package dev.tarn.server.api;

import dev.tarn.model.job.Moments;
import dev.tarn.spi.HttpProtocol.Call;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request with its parts understood. */
final class Asked {
    private static final int KEY_MAX = 255;
    private static final int LIMIT = 100;
    private static final int LIMIT_MAX = 10_000;

    private final Call call;
    private final Map<String, String> names;
    private final Map<String, @Nullable Object> body;

    Asked(Call call, Map<String, String> names, List<String> fields) {
        this.call = call;
        this.names = names;
        this.body = call.method().equals("GET") ? Map.of() : JsonText.object(call.body());
        body.keySet().stream()
                .filter(f -> !fields.contains(f))
                .findFirst()
                .ifPresent(f -> {
                    throw ApiErrors.unknownField(f, fields);
                });
    }

    String name(String name) {
        return names.getOrDefault(name, "");
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(call.query().get(name));
    }

    int limit() {
        return query("limit").map(l -> number("limit", l, LIMIT_MAX)).orElse(LIMIT);
    }

    static int number(String name, String text, int most) {
        if (text.matches("\\d{1,6}")) {
            int value = Integer.parseInt(text);
            if (value >= 1 && value <= most) {
                return value;
            }
        }
        throw ApiErrors.wrongParameter(name, text, "a whole number from 1 to %,d".formatted(most));
    }

    Optional<String> text(String field) {
        Object value = body.get(field);
        if (value instanceof Map<?, ?> || value instanceof List<?>) {
            throw ApiErrors.wrongField(field, "a text");
        }
        return Optional.ofNullable(value).map(String::valueOf);
    }

    Map<String, String> texts(String field) {
        Object value = body.get(field);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw ApiErrors.wrongField(field, "an object");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        map.forEach((k, v) -> {
            if (v instanceof Map<?, ?> || v instanceof List<?>) {
                throw ApiErrors.wrongField(field, "an object of texts, numbers, true or false");
            }
            texts.put(String.valueOf(k), String.valueOf(v));
        });
        return texts;
    }

    /** A list of texts; one text is a list of it. */
    List<String> list(String field) {
        Object value = body.get(field);
        if (value == null) {
            return List.of();
        }
        if (value instanceof Map<?, ?>) {
            throw ApiErrors.wrongField(field, "a text or a list of texts");
        }
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(value));
    }

    /** An object of lists of texts. */
    Map<String, List<String>> lists(String field) {
        Object value = body.get(field);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw ApiErrors.wrongField(field, "an object of lists");
        }
        Map<String, List<String>> all = new LinkedHashMap<>();
        map.forEach((k, v) ->
                all.put(
                        String.valueOf(k),
                        v instanceof List<?> list
                                ? list.stream().map(String::valueOf).toList()
                                : List.of(String.valueOf(v))));
        return all;
    }

    boolean flag(String field) {
        return text(field)
                .map(t -> {
                    if (!t.equals("true") && !t.equals("false")) {
                        throw ApiErrors.wrongField(field, "true or false");
                    }
                    return t.equals("true");
                })
                .orElse(false);
    }

    Optional<Instant> moment(String field) {
        return text(field)
                .map(t ->
                        Moments.parse(t)
                                .orElseThrow(() ->
                                        ApiErrors.wrongField(
                                                field, "a time such as 2026-11-21T06:00:00Z")));
    }

    Optional<String> key() {
        Optional<String> key =
                Optional.ofNullable(call.headers().get("idempotency-key"))
                        .filter(k -> !k.isBlank());
        if (key.isPresent() && key.get().length() > KEY_MAX) {
            throw ApiErrors.wrongField(
                    "Idempotency-Key", "a text of at most %d characters".formatted(KEY_MAX));
        }
        return key;
    }

    /** Who asks, for the record. */
    String by() {
        return call.principal().isEmpty() ? "API" : "API, " + call.principal();
    }
}
