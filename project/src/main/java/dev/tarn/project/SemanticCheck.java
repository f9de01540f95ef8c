package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.project.Declarations.Declared;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what a project declares and does not build: whether exposures, groups, semantic models,
 * metrics and saved queries are whole, and whether what they name is there.
 */
final class SemanticCheck {
    private static final List<String> EXPOSURES =
            List.of("dashboard", "notebook", "analysis", "ml", "application");
    private static final List<String> METRICS =
            List.of("simple", "ratio", "cumulative", "derived", "conversion");
    private static final List<String> ENTITIES = List.of("primary", "natural", "foreign", "unique");
    private static final List<String> DIMENSIONS = List.of("categorical", "time");
    private static final List<String> AGGREGATES =
            List.of(
                    "sum",
                    "min",
                    "max",
                    "count_distinct",
                    "sum_boolean",
                    "average",
                    "percentile",
                    "median",
                    "count");
    private static final List<String> FINE =
            List.of("nanosecond", "microsecond", "millisecond", "second", "minute", "hour", "day");

    private final CompileScope scope;
    private final Problems problems;
    private final Set<String> metrics = new LinkedHashSet<>();
    private final Map<String, Place> measures = new HashMap<>();

    SemanticCheck(CompileScope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    void check() {
        of("groups").forEach(this::group);
        once("Group", "groups");
        groupsOfNodes();
        once("Exposure", "exposures");
        of("exposures").forEach(this::exposure);
        of("saved_queries").forEach(q -> ExportFacts.check(q, problems));
        List<Declared> models = of("semantic_models");
        List<Declared> all = of("metrics");
        SemanticNames names = new SemanticNames(problems);
        all.forEach(names::metric);
        all.forEach(this::complete);
        for (String kind : List.of("exposures", "metrics", "saved_queries", "semantic_models")) {
            scope.declarations()
                    .of(kind)
                    .forEach(d -> d.settings().flag("enabled", true, problems));
        }
        // As in dbt, of metrics without semantic models only the measures have to be there.
        boolean fine = spines();
        if (!models.isEmpty()) {
            if (!fine) {
                problems.add(SemanticErrors.spine(place(models.getFirst())));
            }
            models.forEach(this::semanticModel);
            all.forEach(m -> metrics.add(m.thing().name()));
            all.forEach(this::metric);
            of("saved_queries").forEach(this::savedQuery);
            if (!metrics.isEmpty()) {
                names(names, models, all);
            }
        } else {
            all.forEach(this::measuresOnly);
        }
    }

    private void once(String word, String kind) {
        Map<String, Place> places = new HashMap<>();
        for (Declared declared : scope.declarations().of(kind)) {
            String name = declared.thing().name();
            Place first = places.putIfAbsent(declared.packageName() + "." + name, place(declared));
            if (first != null) {
                problems.add(ProjectErrors.duplicate(place(declared), word, name, first));
            }
        }
    }

    private void names(SemanticNames names, List<Declared> models, List<Declared> all) {
        models.forEach(m -> names.top("semantic model", m));
        all.forEach(m -> names.top("metric", m));
        of("saved_queries").forEach(q -> names.top("saved query", q));
        models.forEach(names::parts);
    }

    private List<Declared> of(String kind) {
        return scope.declarations().of(kind).stream()
                .filter(d -> !Boolean.FALSE.equals(inside(said(d).get("config"), "enabled")))
                .toList();
    }

    private static Map<Object, @Nullable Object> said(Declared declared) {
        return declared.thing().mapping().plain();
    }

    private static @Nullable Object inside(@Nullable Object of, String key) {
        return of instanceof Map<?, ?> map ? map.get(key) : null;
    }

    private static String named(String kind, Declared declared) {
        return kind + " '" + declared.thing().name() + "'";
    }

    private static Place place(Declared declared) {
        return declared.thing().place();
    }

    private void group(Declared group) {
        requireOwner(named("Group", group), group);
    }

    private void requireOwner(String by, Declared declared) {
        Object owner = said(declared).get("owner");
        if (owner == null) {
            owner = inside(said(declared).get("config"), "owner");
        }
        if (inside(owner, "name") == null && inside(owner, "email") == null) {
            problems.add(SemanticErrors.owner(place(declared), by));
        }
    }

    private void groupsOfNodes() {
        List<String> known = of("groups").stream().map(g -> g.thing().name()).toList();
        for (Draft draft : scope.nodes().drafts()) {
            if (draft.kind == Draft.Kind.MODEL) {
                Access.check(draft, problems);
            }
            Object group = draft.settings.plain("group");
            if (group instanceof String name && !known.contains(name)) {
                problems.add(
                        SemanticErrors.group(
                                draft.settings.place("group", draft.place),
                                draft.inSentence(),
                                name,
                                known));
            }
        }
    }

    private void exposure(Declared exposure) {
        String by = named("Exposure", exposure);
        oneOf(exposure, by, "type", said(exposure).get("type"), EXPOSURES);
        requireOwner(by, exposure);
        DeclaredFacts.unended(exposure)
                .forEach(text -> problems.add(SemanticErrors.unended(place(exposure), by, text)));
        new DeclaredFacts(scope)
                .missing(exposure)
                .forEach((name, known) ->
                        problems.add(
                                SemanticErrors.notFound(place(exposure), by, "node", name, known)));
        new DeclaredFacts(scope)
                .named(exposure).stream()
                        .filter(Access::isPrivate)
                        .forEach(d ->
                                problems.add(
                                        ProjectErrors.notAllowed(
                                                place(exposure),
                                                by,
                                                d.name,
                                                "private",
                                                "group '" + d.settings.plain("group") + "'")));
    }

    private void oneOf(
            Declared declared,
            String by,
            String key,
            @Nullable Object value,
            Collection<String> allowed) {
        if (value == null) {
            problems.add(SemanticErrors.missing(place(declared), by, key));
        } else if (!allowed.contains(String.valueOf(value))) {
            problems.add(
                    YamlErrors.notOneOf(
                            place(declared),
                            by + ": '" + key + "'",
                            String.valueOf(value),
                            allowed));
        }
    }

    /** Looks at the time spines; whether one of them is fine enough for the semantic layer. */
    private boolean spines() {
        boolean fine = false;
        for (Draft draft : scope.nodes().drafts()) {
            fine |= draft.kind == Draft.Kind.MODEL && draft.name.equals("metricflow_time_spine");
            Object said =
                    draft.entry
                            .flatMap(e -> e.find("time_spine"))
                            .map(YamlValue::plain)
                            .orElse(null);
            if (draft.kind == Draft.Kind.MODEL && said instanceof Map<?, ?> spine) {
                Object column = spine.get("standard_granularity_column");
                Optional<String> granularity = granularity(draft, column);
                if (granularity.isEmpty()) {
                    problems.add(
                            SemanticErrors.granularity(
                                    place(draft), draft.name, String.valueOf(column)));
                }
                items(spine.get("custom_granularities")).forEach(c -> custom(draft, c));
                fine |= granularity.filter(FINE::contains).isPresent() || granularity.isEmpty();
            }
        }
        return fine;
    }

    private void custom(Draft spine, @Nullable Object granularity) {
        Object said = inside(granularity, "column_name");
        String column = String.valueOf(said == null ? inside(granularity, "name") : said);
        List<String> known =
                spine.entry.stream()
                        .flatMap(e -> e.columns().stream())
                        .map(ColumnEntry::name)
                        .toList();
        if (!known.contains(column)) {
            problems.add(SemanticErrors.customGranularity(place(spine), spine.name, column, known));
        }
    }

    private static Place place(Draft draft) {
        return draft.entry.map(NodeEntry::place).orElse(draft.place);
    }

    /** The granularity that a property file gives to a column. */
    static Optional<String> granularity(Draft draft, @Nullable Object column) {
        return draft.entry.stream()
                .flatMap(e -> e.columns().stream())
                .filter(c -> c.name().equals(column))
                .map(ColumnEntry::mapping)
                .flatMap(m -> m.find("granularity").stream())
                .map(e -> String.valueOf(e.value().plain()))
                .findFirst();
    }

    private void semanticModel(Declared model) {
        String by = named("Semantic model", model);
        Map<Object, @Nullable Object> said = said(model);
        if (said.get("model") == null) {
            problems.add(SemanticErrors.missing(place(model), by, "model"));
        }
        new DeclaredFacts(scope)
                .missing(model)
                .forEach((name, known) ->
                        problems.add(
                                SemanticErrors.notFound(place(model), by, "model", name, known)));
        boolean primary = said.get("primary_entity") != null;
        for (Object entity : items(said.get("entities"))) {
            oneOf(model, by + ": an entity", "type", inside(entity, "type"), ENTITIES);
            primary |= "primary".equals(inside(entity, "type"));
        }
        List<Object> dimensions = items(said.get("dimensions"));
        for (Object dimension : dimensions) {
            oneOf(model, by + ": a dimension", "type", inside(dimension, "type"), DIMENSIONS);
        }
        if (!dimensions.isEmpty() && !primary) {
            problems.add(SemanticErrors.entity(place(model), by));
        }
        for (Object measure : items(said.get("measures"))) {
            measure(model, by, measure, inside(said.get("defaults"), "agg_time_dimension"));
        }
    }

    private void measure(
            Declared model, String by, @Nullable Object measure, @Nullable Object time) {
        String name = String.valueOf(inside(measure, "name"));
        oneOf(model, by + ": measure '" + name + "'", "agg", inside(measure, "agg"), AGGREGATES);
        if (inside(measure, "agg_time_dimension") == null && time == null) {
            problems.add(SemanticErrors.timeDimension(place(model), by, name));
        }
        Place first = measures.putIfAbsent(name, place(model));
        if (first != null) {
            problems.add(SemanticErrors.measureTwice(place(model), by, name, first));
        }
        if (Boolean.TRUE.equals(inside(measure, "create_metric"))) {
            metrics.add(name);
        }
    }

    private void complete(Declared metric) {
        Map<Object, @Nullable Object> said = said(metric);
        for (String key : List.of("label", "type", "type_params")) {
            if (said.get(key) == null) {
                problems.add(SemanticErrors.missing(place(metric), named("Metric", metric), key));
            }
        }
    }

    private void metric(Declared metric) {
        String by = named("Metric", metric);
        Map<Object, @Nullable Object> said = said(metric);
        if (said.get("type") != null) {
            oneOf(metric, by, "type", said.get("type"), METRICS);
        }
        Object parameters = said.get("type_params");
        switch (String.valueOf(said.get("type"))) {
            case "simple", "cumulative" -> measureOf(metric, by, parameters, "measure");
            case "ratio" -> {
                metricOf(metric, by, parameters, "numerator");
                metricOf(metric, by, parameters, "denominator");
            }
            case "derived" -> {
                if (inside(parameters, "expr") == null) {
                    problems.add(SemanticErrors.missing(place(metric), by, "type_params.expr"));
                }
                items(inside(parameters, "metrics"))
                        .forEach(m -> known(metric, by, "metric", name(m), metrics));
            }
            case "conversion" -> {
                Object conversion = inside(parameters, "conversion_type_params");
                measureOf(metric, by, conversion, "base_measure");
                measureOf(metric, by, conversion, "conversion_measure");
                if (inside(conversion, "entity") == null) {
                    problems.add(SemanticErrors.missing(place(metric), by, "entity"));
                }
            }
            default -> {}
        }
    }

    private void measuresOnly(Declared metric) {
        if (List.of("simple", "cumulative").contains(String.valueOf(said(metric).get("type")))) {
            Object measure = inside(said(metric).get("type_params"), "measure");
            if (measure != null) {
                known(metric, named("Metric", metric), "measure", name(measure), Set.of());
            }
        }
    }

    private void measureOf(Declared metric, String by, @Nullable Object parameters, String key) {
        Object measure = inside(parameters, key);
        if (measure == null) {
            problems.add(SemanticErrors.missing(place(metric), by, "type_params." + key));
        } else {
            known(metric, by, "measure", name(measure), measures.keySet());
        }
    }

    private void metricOf(Declared metric, String by, @Nullable Object parameters, String key) {
        Object other = inside(parameters, key);
        if (other == null) {
            problems.add(SemanticErrors.missing(place(metric), by, "type_params." + key));
        } else {
            known(metric, by, "metric", name(other), metrics);
        }
    }

    private void savedQuery(Declared query) {
        for (Object metric : items(inside(said(query).get("query_params"), "metrics"))) {
            known(query, named("Saved query", query), "metric", String.valueOf(metric), metrics);
        }
    }

    private void known(
            Declared by, String named, String what, String name, Collection<String> known) {
        if (!known.contains(name)) {
            problems.add(SemanticErrors.notFound(place(by), named, what, name, known));
        }
    }

    private static String name(@Nullable Object said) {
        Object name = inside(said, "name");
        return String.valueOf(name == null ? said : name);
    }

    private static List<Object> items(@Nullable Object said) {
        return said instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }
}
