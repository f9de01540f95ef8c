package dev.tarn.project;

import dev.tarn.model.graph.Manifest;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.SelectionTerm.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exposures, the semantic layer and analyses as parts of the graph that can be selected. */
final class DeclaredThings {
    private final DeclaredMatcher declared;
    private final Map<NodeId, Map<Object, @Nullable Object>> things = new LinkedHashMap<>();
    private final Map<NodeId, List<NodeId>> metrics = new LinkedHashMap<>();

    DeclaredThings(Manifest manifest, DeclaredMatcher declared) {
        this.declared = declared;
        for (String section : List.of("exposures", "semantic_models", "metrics", "saved_queries")) {
            manifest.section(section).forEach((id, facts) -> things.put(new NodeId(id), facts));
        }
        manifest.section("nodes")
                .forEach((id, facts) -> {
                    if (isAnalysis(facts)) {
                        things.put(new NodeId(id), facts);
                    }
                    if (facts.get("metrics") instanceof List<?> named && !named.isEmpty()) {
                        metrics.put(
                                new NodeId(id),
                                DeclaredMatcher.dependencies(facts).stream()
                                        .filter(d -> d.startsWith("metric."))
                                        .map(NodeId::new)
                                        .toList());
                    }
                });
    }

    private static boolean isAnalysis(Map<Object, @Nullable Object> facts) {
        return "analysis".equals(facts.get("resource_type"));
    }

    Collection<NodeId> ids() {
        return things.keySet();
    }

    List<NodeId> parents(NodeId id) {
        return DeclaredMatcher.dependencies(facts(id)).stream().map(NodeId::new).toList();
    }

    /** The metrics that a node's template asks for. */
    List<NodeId> metricsOf(NodeId id) {
        return metrics.getOrDefault(id, List.of());
    }

    private Map<Object, @Nullable Object> facts(NodeId id) {
        return things.getOrDefault(id, Map.of());
    }

    /**
     * The ones that a term means.
     *
     * @param project what {@code package:this} stands for
     */
    Set<NodeId> matching(SelectionTerm term, String project) {
        Set<NodeId> found = new LinkedHashSet<>();
        things.forEach((id, facts) -> {
            if (matches(id, facts, term, project)) {
                found.add(id);
            }
        });
        return found;
    }

    private boolean matches(
            NodeId id, Map<Object, @Nullable Object> facts, SelectionTerm term, String project) {
        String value = term.value();
        return switch (term.method()) {
            case EXPOSURE, METRIC, SEMANTIC_MODEL, SAVED_QUERY ->
                    String.valueOf(facts.get("resource_type")).equals(word(term.method()))
                            && named(facts, value);
            case RESOURCE_TYPE -> value.equals(facts.get("resource_type"));
            case TAG ->
                    facts.get("tags") instanceof List<?> tags
                            && tags.stream()
                                    .anyMatch(t -> SelectionMatcher.like(String.valueOf(t), value));
            case PACKAGE ->
                    SelectionMatcher.like(
                            text(facts, "package_name"), value.equals("this") ? project : value);
            case FQN -> facts.get("fqn") instanceof List<?> fqn && matchesName(fqn, value);
            case PATH -> SelectionMatcher.matchesPath(text(facts, "original_file_path"), value);
            case FILE -> SelectionMatcher.matchesFile(text(facts, "original_file_path"), value);
            case CONFIG -> isAnalysis(facts) && declared.isConfigured(id, term);
            case RESULT -> declared.hadResult(id, value);
            case GROUP -> SelectionMatcher.like(text(facts, "group"), value);
            case STATE -> declared.compared(id, value);
            default -> false;
        };
    }

    private static boolean matchesName(List<?> fqn, String value) {
        List<String> words = fqn.stream().map(String::valueOf).toList();
        return !words.isEmpty()
                && (words.getLast().equals(value)
                        || SelectionMatcher.begins(words, value)
                        || SelectionMatcher.begins(words.subList(1, words.size()), value));
    }

    private static boolean named(Map<Object, @Nullable Object> facts, String value) {
        String name = text(facts, "name");
        return SelectionMatcher.like(name, value)
                || SelectionMatcher.like(text(facts, "package_name") + "." + name, value);
    }

    private static String text(Map<Object, @Nullable Object> facts, String key) {
        Object value = facts.get(key);
        return value == null ? "" : value.toString();
    }

    private static String word(Method method) {
        return switch (method) {
            case EXPOSURE -> "exposure";
            case METRIC -> "metric";
            case SEMANTIC_MODEL -> "semantic_model";
            default -> "saved_query";
        };
    }

    /** The names of all of a kind. */
    Collection<String> names(Method method) {
        String kind = word(method);
        return things.values().stream()
                .filter(f -> kind.equals(f.get("resource_type")))
                .map(f -> text(f, "name"))
                .toList();
    }
}
