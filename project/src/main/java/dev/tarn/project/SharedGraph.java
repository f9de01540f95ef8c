package dev.tarn.project;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code graph}: everything a project declares, by kind and id. It is made when a template first
 * asks for it, and all templates share it: some packages keep things in it.
 */
final class SharedGraph {
    private static final List<String> DECLARED =
            List.of("exposures", "groups", "metrics", "saved_queries", "semantic_models");

    private @Nullable Map<Object, Object> made;

    /** What templates see while a project is read: nothing. */
    static Map<Object, Object> empty() {
        Map<Object, Object> graph = new LinkedHashMap<>();
        graph.put("nodes", new LinkedHashMap<>());
        graph.put("sources", new LinkedHashMap<>());
        DECLARED.forEach(kind -> graph.put(kind, new LinkedHashMap<>()));
        return graph;
    }

    synchronized Map<Object, Object> of(CompileScope scope) {
        Map<Object, Object> graph = made;
        if (graph == null) {
            graph = Collections.synchronizedMap(filled(scope));
            made = graph;
        }
        return graph;
    }

    /** A run begins: what templates put into it while the project was compiled is gone. */
    synchronized void forget() {
        made = null;
    }

    private static Map<Object, Object> filled(CompileScope scope) {
        Map<Object, Object> nodes = new LinkedHashMap<>();
        scope.nodes().drafts().stream()
                .filter(d -> d.kind != Draft.Kind.UNIT)
                .forEach(d -> nodes.put(d.id.value(), d.asMap()));
        Map<Object, Object> sources = new LinkedHashMap<>();
        scope.nodes().sources().stream()
                .filter(SourceDraft::enabled)
                .forEach(s -> sources.put(s.id().value(), s.asMap()));
        Map<Object, Object> graph = new LinkedHashMap<>();
        graph.put("nodes", nodes);
        graph.put("sources", sources);
        DeclaredFacts facts = new DeclaredFacts(scope);
        for (String kind : DECLARED) {
            Map<Object, Object> things = new LinkedHashMap<>();
            scope.declarations().of(kind).stream()
                    .map(facts::of)
                    .forEach(f -> things.put(String.valueOf(f.get("unique_id")), f));
            graph.put(kind, things);
        }
        return graph;
    }
}
