package dev.tarn.pages;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.HttpProtocol;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a browser asks for.
 *
 * @param path its segments, decoded
 * @param form what a form sent; empty for anything but a form
 */
record Ask(
        String method,
        List<String> path,
        Map<String, String> query,
        Map<String, String> headers,
        Map<String, String> form) {
    private static final int NUMBER_LENGTH_MAX = 9;

    Ask {
        path = List.copyOf(path);
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
        form = Map.copyOf(form);
    }

    static Ask of(HttpProtocol.Call call) {
        List<String> segments = new ArrayList<>();
        for (String part : call.path().split("/")) {
            if (!part.isEmpty()) {
                segments.add(decoded(part.replace("+", "%2B")));
            }
        }
        String type = call.headers().getOrDefault("content-type", "");
        return new Ask(
                call.method(),
                segments,
                call.query(),
                call.headers(),
                type.startsWith("application/x-www-form-urlencoded")
                        ? form(new String(call.body(), StandardCharsets.UTF_8))
                        : Map.of());
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "'%s' is no part of an address: a percent sign must be followed by two digits."
                            .formatted(text),
                    e);
        }
    }

    boolean isPost() {
        return method.equals("POST");
    }

    /** A part of the query; empty when it is missing or blank. */
    Optional<String> asked(String name) {
        String value = query.get(name);
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }

    /** A field of a form; empty when it is missing or blank. */
    Optional<String> formText(String name) {
        String value = form.get(name);
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }

    /** A number of the query within bounds; the default for what is none. */
    int number(String name, int standard, int least, int most) {
        return asked(name)
                .filter(v ->
                        v.length() < NUMBER_LENGTH_MAX && v.chars().allMatch(Character::isDigit))
                .map(v -> Math.clamp(Integer.parseInt(v), least, most))
                .orElse(standard);
    }

    /** The same page with the same query. */
    Link here() {
        Link link = new Link(path, Map.of());
        for (String name : query.keySet().stream().sorted().toList()) {
            link = link.with(name, query.getOrDefault(name, ""));
        }
        return link;
    }
}
