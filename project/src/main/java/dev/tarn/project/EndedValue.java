package dev.tarn.project;

import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one node ended, as templates at the end of a run see it; also the node itself and the parts
 * of the time it took. dbt has objects there: what is known of them are attributes, and {@code
 * to_dict()} gives all of it.
 */
record EndedValue(String typeName, Map<?, ?> facts) implements PyObject {
    /** Results as a run tells them: maps with names, and moments. */
    static List<Object> all(List<?> told) {
        return List.copyOf(
                told.stream().map(one -> (Object) new EndedValue("RunResult", map(one))).toList());
    }

    @Override
    public @Nullable Object attribute(String name) {
        if (facts.containsKey(name)) {
            return shown(name, facts.get(name));
        }
        return switch (name) {
            case "to_dict" -> (PyCallable) a -> plain(facts);
            case "agate_table", "batch_results" -> null;
            default -> Missing.VALUE;
        };
    }

    @Override
    public @Nullable Object item(@Nullable Object key) {
        return key instanceof String name ? attribute(name) : Missing.VALUE;
    }

    @Override
    public String representation() {
        return typeName + "(" + plain(facts) + ")";
    }

    private static @Nullable Object shown(String name, @Nullable Object value) {
        if (name.equals("node") && value instanceof Map<?, ?> node) {
            return new EndedValue("Node", node);
        }
        if (name.equals("timing") && value instanceof List<?> parts) {
            return parts.stream()
                    .map(part -> (Object) new EndedValue("TimingInfo", map(part)))
                    .toList();
        }
        return value instanceof Instant instant
                ? Moment.of(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), null)
                : value;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((key, inner) -> copy.put(key, plain(inner)));
                yield copy;
            }
            case List<?> list -> {
                List<@Nullable Object> copy = new java.util.ArrayList<>();
                list.forEach(inner -> copy.add(plain(inner)));
                yield copy;
            }
            case Instant instant -> instant.toString();
            default -> value;
        };
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
