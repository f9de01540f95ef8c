package dev.tarn.project;

import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The semantic layer of a project, in the shape of dbt's {@code semantic_manifest.json}. */
final class SemanticManifest {
    private final CompileScope scope;
    private final DeclaredFacts facts;

    SemanticManifest(CompileScope scope) {
        this.scope = scope;
        this.facts = new DeclaredFacts(scope);
    }

    Map<Object, @Nullable Object> make() {
        Map<Object, @Nullable Object> all = new LinkedHashMap<>();
        all.put("semantic_models", each("semantic_models", this::model));
        all.put("metrics", each("metrics", SemanticManifest::metric));
        all.put("project_configuration", project());
        all.put("saved_queries", each("saved_queries", SemanticManifest::savedQuery));
        return all;
    }

    /** What the manifest says of a semantic model, with all that it may say of its parts. */
    Map<Object, @Nullable Object> whole(Map<Object, @Nullable Object> said) {
        Map<Object, @Nullable Object> whole = new LinkedHashMap<>(said);
        Map<Object, @Nullable Object> model = model(said);
        whole.put("node_relation", model.get("node_relation"));
        for (String parts : List.of("entities", "measures", "dimensions")) {
            whole.put(parts, list(said.get(parts), SemanticManifest::configured));
            if (whole.get(parts) instanceof List<?> list
                    && model.get(parts) instanceof List<?> all) {
                for (int i = 0; i < list.size(); i++) {
                    add(list.get(i), all.get(i));
                }
            }
        }
        return whole;
    }

    private static Map<Object, @Nullable Object> configured(@Nullable Object part) {
        Map<Object, @Nullable Object> configured = new LinkedHashMap<>();
        if (part instanceof Map<?, ?> map) {
            map.forEach(configured::put);
        }
        return configured;
    }

    @SuppressWarnings("unchecked") // made above
    private static void add(@Nullable Object to, @Nullable Object from) {
        if (to instanceof Map<?, ?> part && from instanceof Map<?, ?> all) {
            all.forEach((k, v) -> {
                if (!k.equals("metadata") || part.containsKey(k)) {
                    ((Map<Object, @Nullable Object>) part).put(k, v);
                }
            });
        }
    }

    private interface Shape {
        Map<Object, @Nullable Object> of(Map<?, ?> facts);
    }

    private List<Object> each(String kind, Shape shape) {
        List<Object> all = new ArrayList<>();
        for (Declared declared : scope.declarations().of(kind)) {
            all.add(shape.of(facts.of(declared)));
        }
        return all;
    }

    /** Some keys of a mapping, those it lacks too. */
    private static Map<Object, @Nullable Object> picked(@Nullable Object of, String... keys) {
        Map<Object, @Nullable Object> picked = new LinkedHashMap<>();
        for (String key : keys) {
            picked.put(key, of instanceof Map<?, ?> m ? m.get(key) : null);
        }
        return picked;
    }

    private interface Part {
        Map<Object, @Nullable Object> of(@Nullable Object said);
    }

    private static List<Object> list(@Nullable Object said, Part part) {
        List<Object> all = new ArrayList<>();
        if (said instanceof List<?> items) {
            items.forEach(i -> all.add(part.of(i)));
        }
        return all;
    }

    private Map<Object, @Nullable Object> model(Map<?, ?> said) {
        Map<Object, @Nullable Object> model = picked(said, "name", "defaults", "description");
        model.put("node_relation", relation(said.get("depends_on")));
        model.put("primary_entity", said.get("primary_entity"));
        model.put("entities", list(said.get("entities"), SemanticManifest::entity));
        model.put("measures", list(said.get("measures"), SemanticManifest::measure));
        model.put("dimensions", list(said.get("dimensions"), SemanticManifest::dimension));
        model.put("label", said.get("label"));
        model.put("metadata", null);
        model.put("config", config(said));
        return model;
    }

    private static Map<Object, @Nullable Object> config(Map<?, ?> said) {
        Object meta = said.get("config") instanceof Map<?, ?> c ? c.get("meta") : null;
        Map<Object, @Nullable Object> config = new LinkedHashMap<>();
        config.put("meta", meta == null ? new LinkedHashMap<>() : meta);
        return config;
    }

    private static Map<Object, @Nullable Object> entity(@Nullable Object said) {
        return picked(
                said, "name", "description", "type", "role", "expr", "metadata", "label", "config");
    }

    private static Map<Object, @Nullable Object> measure(@Nullable Object said) {
        Map<Object, @Nullable Object> measure =
                picked(
                        said,
                        "name",
                        "agg",
                        "description",
                        "create_metric",
                        "expr",
                        "agg_params",
                        "metadata",
                        "non_additive_dimension",
                        "agg_time_dimension",
                        "label",
                        "config");
        // Whether it makes a metric is not told: the metric is there.
        measure.put("create_metric", false);
        return measure;
    }

    private static Map<Object, @Nullable Object> dimension(@Nullable Object said) {
        Map<Object, @Nullable Object> dimension =
                picked(
                        said,
                        "name",
                        "description",
                        "type",
                        "is_partition",
                        "type_params",
                        "expr",
                        "metadata",
                        "label",
                        "config");
        dimension.putIfAbsent("is_partition", false);
        if (dimension.get("type_params") != null) {
            dimension.put(
                    "type_params",
                    picked(dimension.get("type_params"), "time_granularity", "validity_params"));
        }
        return dimension;
    }

    private static Map<Object, @Nullable Object> metric(Map<?, ?> said) {
        Map<Object, @Nullable Object> metric = picked(said, "name", "description", "type");
        metric.put(
                "type_params",
                picked(
                        said.get("type_params"),
                        "measure",
                        "numerator",
                        "denominator",
                        "expr",
                        "window",
                        "grain_to_date",
                        "metrics",
                        "conversion_type_params",
                        "cumulative_type_params",
                        "input_measures"));
        metric.put("filter", filter(said.get("filter")));
        metric.put("metadata", null);
        metric.put("label", said.get("label"));
        metric.put("config", config(said));
        metric.put("time_granularity", said.get("time_granularity"));
        return metric;
    }

    private static @Nullable Object filter(@Nullable Object said) {
        if (said == null || said instanceof Map<?, ?>) {
            return said;
        }
        List<Object> all = new ArrayList<>();
        for (Object one : said instanceof List<?> list ? list : List.of(said)) {
            Map<Object, @Nullable Object> filter = new LinkedHashMap<>();
            filter.put("where_sql_template", one);
            all.add(filter);
        }
        Map<Object, @Nullable Object> filters = new LinkedHashMap<>();
        filters.put("where_filters", all);
        return filters;
    }

    private static Map<Object, @Nullable Object> savedQuery(Map<?, ?> said) {
        Map<Object, @Nullable Object> query = picked(said, "name");
        Map<Object, @Nullable Object> parameters =
                picked(
                        said.get("query_params"),
                        "metrics",
                        "group_by",
                        "order_by",
                        "limit",
                        "where");
        for (String key : List.of("metrics", "group_by", "order_by")) {
            parameters.putIfAbsent(key, new ArrayList<>());
        }
        parameters.put("where", filter(parameters.get("where")));
        query.put("query_params", parameters);
        query.putAll(picked(said, "description", "metadata", "label", "tags"));
        query.put("exports", list(said.get("exports"), SemanticManifest::export));
        return query;
    }

    private static Map<Object, @Nullable Object> export(@Nullable Object said) {
        Map<Object, @Nullable Object> export = picked(said, "name");
        Object config = said instanceof Map<?, ?> m ? m.get("config") : null;
        Map<Object, @Nullable Object> all = picked(config, "export_as", "schema_name", "alias");
        if (all.get("schema_name") == null && config instanceof Map<?, ?> c) {
            all.put("schema_name", c.get("schema"));
        }
        all.putIfAbsent("alias", export.get("name"));
        export.put("config", all);
        return export;
    }

    private @Nullable Object relation(@Nullable Object dependsOn) {
        if (dependsOn instanceof Map<?, ?> d
                && d.get("nodes") instanceof List<?> nodes
                && !nodes.isEmpty()) {
            return scope.nodes()
                    .find(new dev.tarn.model.graph.NodeId(String.valueOf(nodes.getFirst())))
                    .<Object>map(SemanticManifest::relation)
                    .orElse(null);
        }
        return null;
    }

    /** A table as the semantic layer names it. */
    static Map<Object, @Nullable Object> relation(Draft draft) {
        Map<Object, @Nullable Object> relation = new LinkedHashMap<>();
        relation.put("alias", draft.identifier);
        relation.put("schema_name", draft.schema);
        relation.put("database", RelationValue.DATABASE);
        relation.put("relation_name", NodeFacts.relationName(draft));
        return relation;
    }

    private Map<Object, @Nullable Object> project() {
        List<Object> spines = new ArrayList<>();
        List<Object> former = new ArrayList<>();
        for (Draft draft : scope.nodes().drafts()) {
            spine(draft).ifPresent(spines::add);
            if (draft.kind == Draft.Kind.MODEL && draft.name.equals("metricflow_time_spine")) {
                Map<Object, @Nullable Object> table = new LinkedHashMap<>();
                table.put("location", NodeFacts.relationName(draft));
                table.put("column_name", "date_day");
                table.put("grain", "day");
                former.add(table);
            }
        }
        Map<Object, @Nullable Object> project = new LinkedHashMap<>();
        project.put("time_spine_table_configurations", former);
        project.put("metadata", null);
        Map<Object, @Nullable Object> version = new LinkedHashMap<>();
        version.put("major_version", "0");
        version.put("minor_version", "7");
        version.put("patch_version", "4");
        project.put("dsi_package_version", version);
        project.put("time_spines", spines);
        return project;
    }

    private static Optional<Object> spine(Draft draft) {
        Object said =
                draft.entry.flatMap(e -> e.find("time_spine")).map(YamlValue::plain).orElse(null);
        if (draft.kind != Draft.Kind.MODEL || !(said instanceof Map<?, ?> spine)) {
            return Optional.empty();
        }
        Object column = spine.get("standard_granularity_column");
        Map<Object, @Nullable Object> primary = new LinkedHashMap<>();
        primary.put("name", column);
        primary.put("time_granularity", SemanticCheck.granularity(draft, column).orElse(null));
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("node_relation", relation(draft));
        facts.put("primary_column", primary);
        facts.put(
                "custom_granularities",
                list(
                        spine.get("custom_granularities"),
                        g -> {
                            Map<Object, @Nullable Object> one = picked(g, "name", "column_name");
                            one.putIfAbsent("column_name", one.get("name"));
                            return one;
                        }));
        return Optional.of(facts);
    }
}
