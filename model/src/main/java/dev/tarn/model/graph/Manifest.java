package dev.tarn.model.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a project says about its nodes beyond what a run needs, in the words of dbt's {@code
 * manifest.json}: for selections, for templates that look at the graph, and for programs that read
 * that file.
 *
 * @param sections {@code nodes}, {@code sources}, {@code exposures}, {@code groups}, …: by id, what
 *     is said as null, Boolean, Long, Double, String, List or Map
 */
public record Manifest(Map<String, Map<String, Map<Object, @Nullable Object>>> sections) {
    public static final Manifest EMPTY = new Manifest(Map.of());

    public Manifest {
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    }

    /** One kind of things by id; empty when there are none. */
    public Map<String, Map<Object, @Nullable Object>> section(String name) {
        Map<String, Map<Object, @Nullable Object>> found = sections.get(name);
        return found == null ? Map.of() : found;
    }

    /** What is said about a node, source or unit test; empty when nothing is. */
    public Map<Object, @Nullable Object> node(NodeId id) {
        for (String section : new String[] {"nodes", "sources", "unit_tests", "functions"}) {
            Map<Object, @Nullable Object> found = section(section).get(id.value());
            if (found != null) {
                return found;
            }
        }
        return Map.of();
    }

    /** The settings of a node, as they were put together. */
    @SuppressWarnings("unchecked") // what is said about a node is made of such maps only
    public Map<Object, @Nullable Object> config(NodeId id) {
        return node(id).get("config") instanceof Map<?, ?> map
                ? (Map<Object, @Nullable Object>) map
                : Map.of();
    }
}
