package dev.tarn.cli.dbt;

import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An exposure or a saved query. A build does nothing for it, but tells whether what it is about was
 * built.
 *
 * @param type {@code exposure} or {@code saved_query}
 */
record NoOp(String id, String type, String name) {
    private static final Map<String, String> SECTIONS =
            Map.of("exposure", "exposures", "saved_query", "saved_queries");

    /** Sections of the manifest with what is only on the way to nodes. */
    private static final List<String> BETWEEN = List.of("metrics", "semantic_models");

    static boolean is(String id) {
        return SECTIONS.containsKey(id.substring(0, Math.max(0, id.indexOf('.'))));
    }

    /** Those that a selection has. */
    static List<NoOp> selected(Session session, Project project, Nodes nodes) {
        List<NoOp> selected = new ArrayList<>();
        for (NodeId id :
                session.tarn()
                        .selectIds(nodes.select, nodes.exclude, session.buildOptions(nodes))) {
            if (is(id.value())) {
                String type = id.value().substring(0, id.value().indexOf('.'));
                for (Map<Object, @Nullable Object> facts : facts(project, id.value())) {
                    if (nodes.wants(type, true)) {
                        selected.add(new NoOp(id.value(), type, String.valueOf(facts.get("name"))));
                    }
                }
            }
        }
        return selected;
    }

    /** Those with these ids that are still there. */
    static List<NoOp> of(Project project, List<String> ids) {
        List<NoOp> found = new ArrayList<>();
        for (String id : ids) {
            String type = id.substring(0, id.indexOf('.'));
            for (Map<Object, @Nullable Object> facts : facts(project, id)) {
                found.add(new NoOp(id, type, String.valueOf(facts.get("name"))));
            }
        }
        return found;
    }

    /**
     * Whether something that it is about was not built, be it through nodes that are no part of
     * this; tests do not count, as in dbt.
     */
    boolean isSkipped(Project project, List<Result> results) {
        Set<String> broken = new HashSet<>();
        Set<String> tried = new HashSet<>();
        for (Result result : results) {
            tried.add(result.node().id().value());
            if (result.failed() || result.status().equals("skipped")) {
                broken.add(result.node().id().value());
            }
        }
        return about(project, tried).stream().anyMatch(broken::contains);
    }

    String line(int index, int total, boolean skipped) {
        String what = type.replace('_', ' ') + " " + name;
        return skipped
                ? Log.fancy(index, total, "SKIP " + what, "SKIP")
                : Log.fancy(index, total, "NO-OP " + what, "NO-OP in 0.00s");
    }

    private Set<String> about(Project project, Set<String> tried) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> left = new ArrayDeque<>(List.of(id));
        while (!left.isEmpty()) {
            String next = left.pop();
            if (seen.add(next)) {
                facts(project, next).forEach(f -> left.addAll(parents(f)));
                if (!tried.contains(next)) {
                    project.find(new NodeId(next))
                            .ifPresent(n -> n.dependsOn().forEach(i -> left.add(i.value())));
                }
            }
        }
        return seen;
    }

    /** What is said of something that is no node: one or none. */
    private static List<Map<Object, @Nullable Object>> facts(Project project, String id) {
        List<String> sections = new ArrayList<>(BETWEEN);
        sections.addAll(SECTIONS.values());
        List<Map<Object, @Nullable Object>> found = new ArrayList<>();
        for (String section : sections) {
            Map<Object, @Nullable Object> facts = project.manifest().section(section).get(id);
            if (facts != null) {
                found.add(facts);
            }
        }
        return found;
    }

    private static List<String> parents(Map<Object, @Nullable Object> facts) {
        return facts.get("depends_on") instanceof Map<?, ?> on
                        && on.get("nodes") instanceof List<?> nodes
                ? nodes.stream().map(String::valueOf).toList()
                : List.of();
    }
}
