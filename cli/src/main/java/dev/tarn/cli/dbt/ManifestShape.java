package dev.tarn.cli.dbt;

import dev.tarn.app.ColumnFacts;
import dev.tarn.model.graph.NodeId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leaves what is known of a node in the shape that its kind has in {@code manifest.json}. */
final class ManifestShape {
    /** Nothing is compiled for a seed, and it reads nothing. */
    private static final List<String> NOT_OF_SEEDS =
            List.of("compiled_path", "contract", "language", "metrics", "refs", "sources");

    private ManifestShape() {}

    static Map<Object, @Nullable Object> of(
            String id, Map<Object, @Nullable Object> facts, Path root) {
        Map<Object, @Nullable Object> told = new LinkedHashMap<>(facts);
        told.remove("raw_sql");
        if (!id.startsWith("model.") && !id.startsWith("unit_test.")) {
            told.remove("version");
        }
        if (id.startsWith("seed.")) {
            NOT_OF_SEEDS.forEach(told::remove);
            Map<String, @Nullable Object> depends = new LinkedHashMap<>();
            depends.put("macros", List.of());
            told.put("depends_on", depends);
            told.put("root_path", root.toString());
        }
        return told;
    }

    /**
     * Tells columns, their types and where they come from in a setting of Tarn's own, because
     * {@code columns} is what people declare.
     */
    static void addColumns(@Nullable Object nodes, Map<NodeId, List<ColumnFacts>> columns) {
        if (!(nodes instanceof Map<?, ?> all)) {
            return;
        }
        columns.forEach((id, facts) -> {
            if (all.get(id.value()) instanceof Map<?, ?> node
                    && node.get("config") instanceof Map<?, ?> config) {
                Map<Object, @Nullable Object> more = new LinkedHashMap<>(config);
                Map<String, @Nullable Object> told = new LinkedHashMap<>();
                facts.forEach(f -> told.put(f.name(), told(f)));
                more.put("tarn", Map.of("columns", told));
                replace(node, more);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static void replace(Map<?, ?> node, Map<Object, @Nullable Object> config) {
        ((Map<Object, @Nullable Object>) node).put("config", config);
    }

    private static Map<String, @Nullable Object> told(ColumnFacts facts) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("data_type", facts.type());
        if (facts.untold().isPresent()) {
            told.put("not_known", facts.untold().get());
            return told;
        }
        told.put(
                "from",
                facts.from().stream()
                        .map(o -> {
                            Map<String, @Nullable Object> origin = new LinkedHashMap<>();
                            origin.put("node", o.node());
                            origin.put("column", o.column());
                            origin.put("as_is", o.asIs());
                            return origin;
                        })
                        .toList());
        return told;
    }
}
