package dev.tarn.project;

import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The entities, measures and dimensions of a semantic model, in the shape of dbt's manifest. */
final class SemanticParts {
    private final Descriptions descriptions;
    private final Declared model;
    private final Map<?, ?> config;

    /**
     * @param config of the model; what it says under {@code meta} counts for its parts
     */
    SemanticParts(CompileScope scope, Declared model, Map<?, ?> config) {
        this.descriptions = new Descriptions(scope, new Problems());
        this.model = model;
        this.config = config;
    }

    /**
     * Some of them.
     *
     * @param kind what they stand under
     */
    List<Object> of(String kind) {
        List<Object> parts = new ArrayList<>();
        if (model.thing().mapping().plain().get(kind) instanceof List<?> said) {
            said.forEach(one -> parts.add(part(kind, one)));
        }
        return parts;
    }

    private Map<Object, @Nullable Object> part(String kind, @Nullable Object said) {
        Map<Object, @Nullable Object> part = copy(said);
        Map<Object, @Nullable Object> meta = copy(config.get("meta"));
        meta.putAll(copy(copy(part.get("config")).get("meta")));
        part.put("config", new LinkedHashMap<Object, Object>(Map.of("meta", meta)));
        if (part.get("description") instanceof String text) {
            part.put(
                    "description",
                    descriptions.of(text, model.thing().place(), model.packageName()));
        }
        // What YAML takes for a number is a text of SQL.
        part.computeIfPresent("expr", (key, expression) -> expression.toString());
        if (kind.equals("dimensions")) {
            part.putIfAbsent("metadata", null);
        }
        if (part.get("agg_params") != null) {
            Map<Object, @Nullable Object> parameters = copy(part.get("agg_params"));
            parameters.putIfAbsent("percentile", null);
            parameters.putIfAbsent("use_discrete_percentile", false);
            parameters.putIfAbsent("use_approximate_percentile", false);
            part.put("agg_params", parameters);
        }
        if (part.get("non_additive_dimension") != null) {
            Map<Object, @Nullable Object> dimension = copy(part.get("non_additive_dimension"));
            dimension.putIfAbsent("window_groupings", new ArrayList<>());
            part.put("non_additive_dimension", dimension);
        }
        return part;
    }

    private static Map<Object, @Nullable Object> copy(@Nullable Object said) {
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
        if (said instanceof Map<?, ?> map) {
            map.forEach(copy::put);
        }
        return copy;
    }
}
