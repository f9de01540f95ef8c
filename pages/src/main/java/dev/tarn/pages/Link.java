package dev.tarn.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An address on this server. Never leads elsewhere, whatever its parts say. */
record Link(List<String> segments, Map<String, String> query) {
    Link {
        segments = List.copyOf(segments);
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    static Link to(String... segments) {
        return new Link(List.of(segments), Map.of());
    }

    /** The same with another part of its query; an empty value takes it away. */
    Link with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(query);
        if (value.isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return new Link(segments, changed);
    }

    /** A page below this one. */
    Link below(String segment) {
        List<String> longer = new ArrayList<>(segments);
        longer.add(segment);
        return new Link(longer, query);
    }

    @Override
    public String toString() {
        String path = segments.stream().map(s -> "/" + encoded(s)).collect(Collectors.joining());
        String asked =
                query.entrySet().stream()
                        .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                        .collect(Collectors.joining("&"));
        return (path.isEmpty() ? "/" : path) + (asked.isEmpty() ? "" : "?" + asked);
    }

    /** Also dots, where a browser would take them for a step up. */
    private static String encoded(String part) {
        if (part.equals(".") || part.equals("..")) {
            return part.replace(".", "%252e");
        }
        return URLEncoder.encode(part, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":")
                .replace("%2C", ",");
    }
}
