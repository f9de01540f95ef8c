package dev.tarn.project;

import dev.tarn.project.Declarations.Declared;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is said about exposures, groups and the semantic layer, in the shape of dbt's manifest. */
final class DeclaredFacts {
    private static final Map<String, String> WORDS =
            Map.of(
                    "exposures", "exposure",
                    "groups", "group",
                    "metrics", "metric",
                    "saved_queries", "saved_query",
                    "semantic_models", "semantic_model");
    private static final Pattern CALL =
            Pattern.compile(
                    "(?<function>ref|source|metric)\\s*\\(\\s*['\"](?<first>[^'\"]+)['\"]\\s*"
                            + "(?:,\\s*['\"](?<second>[^'\"]+)['\"]\\s*)?"
                            + "(?:,\\s*v(?:ersion)?\\s*=\\s*['\"]?(?<version>[\\w.]+)['\"]?)?");

    private static final Set<String> GROUPED =
            Set.of("metrics", "semantic_models", "saved_queries");

    private final CompileScope scope;

    DeclaredFacts(CompileScope scope) {
        this.scope = scope;
    }

    Map<Object, @Nullable Object> of(Declared declared) {
        String kind = declared.thing().kind();
        String word = WORDS.getOrDefault(kind, kind);
        String name = declared.thing().name();
        Mapping said = declared.thing().mapping();
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("name", name);
        facts.put("resource_type", word);
        facts.put("package_name", declared.packageName());
        String file = FactTexts.inPackage(declared.thing().place().file());
        facts.put("path", file.substring(file.indexOf('/') + 1));
        facts.put("original_file_path", file);
        facts.put("unique_id", word + "." + declared.packageName() + "." + name);
        if (!kind.equals("groups")) {
            List<Object> fqn = new ArrayList<>(List.of(declared.packageName()));
            fqn.addAll(declared.folders());
            fqn.add(name);
            facts.put("fqn", fqn);
        }
        for (Entry entry : said.entries()) {
            facts.putIfAbsent(entry.plainKey(), entry.value().plain());
        }
        String silent = GROUPED.contains(kind) && !kind.equals("metrics") ? null : "";
        facts.put(
                "description", new Descriptions(scope, new Problems()).of(declared).orElse(silent));
        facts.put("config", config(declared));
        if (kind.equals("groups")) {
            facts.put("config", groupConfig(said));
            facts.put(
                    "description",
                    "".equals(facts.get("description")) ? null : facts.get("description"));
            facts.put("owner", owner(facts.get("owner")));
            return facts;
        }
        Map<Object, @Nullable Object> settings = config(declared);
        for (String key : List.of("tags", "meta")) {
            if (GROUPED.contains(kind) && settings.get(key) != null) {
                facts.putIfAbsent(key, settings.get(key));
            }
        }
        facts.putIfAbsent("tags", new ArrayList<>());
        facts.putIfAbsent("meta", new LinkedHashMap<>());
        facts.put("created_at", 0.0);
        facts.put("unrendered_config", declared.written().plain());
        references(declared, facts);
        standards(declared, facts);
        return facts;
    }

    /** What the project file calls the settings of a kind. */
    static String section(String kind) {
        return kind.startsWith("semantic") || kind.startsWith("saved")
                ? kind.replace('_', '-')
                : kind;
    }

    private static Map<Object, @Nullable Object> config(Declared declared) {
        Map<Object, @Nullable Object> config = new LinkedHashMap<>();
        config.put("enabled", true);
        String kind = declared.thing().kind();
        if (GROUPED.contains(kind)) {
            config.put("group", null);
            config.put("meta", new LinkedHashMap<>());
        }
        if (kind.equals("saved_queries")) {
            config.put("export_as", null);
            config.put("schema", null);
            config.put("cache", new LinkedHashMap<>(Map.of("enabled", false)));
        }
        declared.settings().plain().forEach(config::put);
        if (kind.equals("saved_queries")) {
            // Its own tags stand for those of project files.
            Object tags = ExportFacts.first(own(declared).get("tags"), config.get("tags"));
            config.put("tags", tags == null ? new ArrayList<>() : listed(tags));
        }
        return config;
    }

    /** Whoever it is has a name and an address, be they unknown. */
    private static Map<Object, @Nullable Object> owner(@Nullable Object said) {
        Map<Object, @Nullable Object> owner = new LinkedHashMap<>();
        owner.put("email", null);
        owner.put("name", null);
        if (said instanceof Map<?, ?> map) {
            map.forEach(owner::put);
        }
        return owner;
    }

    /** What its own file says of its settings. */
    private static Map<Object, @Nullable Object> own(Declared declared) {
        Map<Object, @Nullable Object> own = new LinkedHashMap<>();
        declared.thing()
                .mapping()
                .find("config")
                .map(e -> e.value().plain())
                .filter(Map.class::isInstance)
                .ifPresent(c -> ((Map<?, ?>) c).forEach(own::put));
        return own;
    }

    private static Map<Object, @Nullable Object> groupConfig(Mapping said) {
        Map<Object, @Nullable Object> config = new LinkedHashMap<>();
        config.put("meta", new LinkedHashMap<>());
        said.find("config")
                .map(e -> e.value().plain())
                .filter(Map.class::isInstance)
                .ifPresent(c -> ((Map<?, ?>) c).forEach(config::put));
        return config;
    }

    private void standards(Declared declared, Map<Object, @Nullable Object> facts) {
        switch (declared.thing().kind()) {
            case "exposures" -> {
                together(facts);
                facts.putIfAbsent("type", "application");
                facts.put("owner", owner(facts.get("owner")));
                for (String key : List.of("label", "maturity", "url")) {
                    facts.putIfAbsent(key, null);
                }
                facts.putIfAbsent("metrics", new ArrayList<>());
            }
            case "metrics" -> {
                facts.putIfAbsent("label", facts.get("name"));
                facts.putIfAbsent("type", "simple");
                Map<Object, @Nullable Object> parameters =
                        MetricFacts.typeParameters(
                                facts.get("type_params"), "cumulative".equals(facts.get("type")));
                if (parameters.get("input_measures") instanceof List<?> list && list.isEmpty()) {
                    parameters.put(
                            "input_measures",
                            new MetricInputs(scope.declarations()).measures(parameters));
                }
                facts.put("type_params", parameters);
                for (String key : List.of("filter", "metadata", "time_granularity")) {
                    facts.putIfAbsent(key, null);
                }
                facts.put("group", config(declared).get("group"));
                facts.putIfAbsent("metrics", new ArrayList<>());
                facts.put("filter", MetricFacts.filter(facts.get("filter")));
            }
            case "semantic_models" -> {
                facts.remove("sources");
                facts.putIfAbsent("model", "");
                facts.putIfAbsent("node_relation", null);
                for (String key : List.of("label", "defaults", "primary_entity", "metadata")) {
                    facts.putIfAbsent(key, null);
                }
                facts.put("group", config(declared).get("group"));
                for (String key : List.of("entities", "measures", "dimensions")) {
                    facts.put(key, new SemanticParts(scope, declared, config(declared)).of(key));
                }
                facts.remove("tags");
                facts.remove("meta");
            }
            case "saved_queries" -> {
                Set<String> tags = new TreeSet<>();
                for (Object said : Arrays.asList(facts.get("tags"), config(declared).get("tags"))) {
                    if (said != null) {
                        listed(said).forEach(t -> tags.add(String.valueOf(t)));
                    }
                }
                facts.put("tags", new ArrayList<>(tags));
                facts.put("query_params", queryParameters(facts.get("query_params")));
                facts.remove("sources");
                facts.remove("meta");
                facts.put("exports", ExportFacts.of(scope, declared, config(declared)));
                facts.put("group", config(declared).get("group"));
                facts.put("unrendered_config", own(declared));
                for (String key : List.of("label", "metadata")) {
                    facts.putIfAbsent(key, null);
                }
            }
            default -> {}
        }
    }

    /** Tags and meta of an exposure are what it says itself and what its config says. */
    private static void together(Map<Object, @Nullable Object> facts) {
        @SuppressWarnings("unchecked") // made above
        Map<Object, @Nullable Object> config = (Map<Object, @Nullable Object>) facts.get("config");
        Set<String> tags = new TreeSet<>();
        Map<Object, @Nullable Object> meta = new LinkedHashMap<>();
        for (Map<Object, @Nullable Object> said : List.of(facts, config)) {
            Object own = said.get("tags");
            (own instanceof List<?> list ? list : own == null ? List.of() : List.of(own))
                    .forEach(t -> tags.add(String.valueOf(t)));
            if (said.get("meta") instanceof Map<?, ?> map) {
                map.forEach(meta::put);
            }
        }
        for (Map<Object, @Nullable Object> said : List.of(facts, config)) {
            said.put("tags", new ArrayList<>(tags));
            said.put("meta", new LinkedHashMap<>(meta));
        }
    }

    private static List<Object> listed(Object said) {
        return said instanceof List<?> list
                ? new ArrayList<>(list)
                : new ArrayList<>(List.of(said));
    }

    private static Map<Object, @Nullable Object> queryParameters(@Nullable Object said) {
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        if (said instanceof Map<?, ?> map) {
            map.forEach((k, v) -> facts.put(String.valueOf(k), v));
        }
        facts.putIfAbsent("metrics", new ArrayList<>());
        facts.putIfAbsent("group_by", new ArrayList<>());
        facts.putIfAbsent("order_by", new ArrayList<>());
        facts.putIfAbsent("limit", null);
        facts.put("where", MetricFacts.filter(facts.get("where")));
        return facts;
    }

    /** What it depends on that is a call without its end: YAML ends a text at a comma in a list. */
    static List<String> unended(Declared declared) {
        List<String> unended = new ArrayList<>();
        for (String text : texts(declared)) {
            Matcher m = CALL.matcher(text);
            if (m.find() && !text.substring(m.end()).stripLeading().startsWith(")")) {
                unended.add(text);
            }
        }
        return unended;
    }

    /** The nodes it names that do not exist, each with those there are. */
    Map<String, Collection<String>> missing(Declared declared) {
        Map<String, Collection<String>> missing = new LinkedHashMap<>();
        for (String text : texts(declared)) {
            Matcher m = CALL.matcher(text);
            if (!m.find()) {
                continue;
            }
            String first = m.group("first");
            String second = m.group("second");
            if (m.group("function").equals("ref")) {
                Draft.RefCall call = call(m, declared);
                boolean there =
                        scope.nodes().anyNamed(call.name())
                                || scope.nodes().isDisabled(call, declared.packageName());
                if (!there) {
                    missing.put(call.name(), scope.nodes().names());
                }
            } else if (m.group("function").equals("metric")) {
                List<String> known =
                        scope.declarations().of("metrics").stream()
                                .map(d -> d.thing().name())
                                .toList();
                String name = second == null ? first : second;
                if (!known.contains(name)) {
                    missing.put(name, known);
                }
            } else if (m.group("function").equals("source")
                    && scope.nodes().sources().stream()
                            .noneMatch(s ->
                                    s.sourceName().equals(first) && s.tableName().equals(second))) {
                missing.put(
                        first + "." + second,
                        scope.nodes().sources().stream()
                                .map(s -> s.sourceName() + "." + s.tableName())
                                .toList());
            }
        }
        return missing;
    }

    /** The nodes that it refers to and that are there. */
    List<Draft> named(Declared declared) {
        List<Draft> named = new ArrayList<>();
        for (String text : texts(declared)) {
            Matcher m = CALL.matcher(text);
            if (m.find() && m.group("function").equals("ref")) {
                scope.nodes()
                        .named(call(m, declared), declared.packageName())
                        .ifPresent(named::add);
            }
        }
        return named;
    }

    private static Draft.RefCall call(Matcher m, Declared declared) {
        String first = m.group("first");
        String second = m.group("second");
        return new Draft.RefCall(
                second == null ? Optional.empty() : Optional.of(first),
                second == null ? first : second,
                Optional.ofNullable(m.group("version")),
                declared.thing().place());
    }

    private static @Nullable Object version(Draft.RefCall call) {
        String version = call.version().orElse("");
        return version.matches("[0-9]{1,9}")
                ? (Object) Integer.valueOf(version)
                : call.version().orElse(null);
    }

    private static List<String> texts(Declared declared) {
        List<String> texts = new ArrayList<>();
        for (String key : List.of("depends_on", "model")) {
            Optional<Object> value =
                    declared.thing()
                            .mapping()
                            .find(key)
                            .flatMap(e -> Optional.ofNullable(e.value().plain()));
            value.ifPresent(v -> {
                if (v instanceof List<?> list) {
                    list.forEach(i -> texts.add(String.valueOf(i)));
                } else {
                    texts.add(v.toString());
                }
            });
        }
        return texts;
    }

    /** What it depends on: calls of ref, source and metric anywhere in it. */
    private void references(Declared declared, Map<Object, @Nullable Object> facts) {
        List<Object> refs = new ArrayList<>();
        List<Object> sources = new ArrayList<>();
        List<Object> nodes = new ArrayList<>();
        List<Object> models = new ArrayList<>();
        List<Object> named = new ArrayList<>();
        List<Object> metrics = new ArrayList<>();
        for (String text : texts(declared)) {
            Matcher m = CALL.matcher(text);
            if (!m.find()) {
                continue;
            }
            String first = m.group("first");
            String second = m.group("second");
            switch (m.group("function")) {
                case "source" -> {
                    sources.add(new ArrayList<>(List.of(first, String.valueOf(second))));
                    scope.nodes().sources().stream()
                            .filter(s ->
                                    s.sourceName().equals(first) && s.tableName().equals(second))
                            .findFirst()
                            .ifPresent(s -> nodes.add(s.id().value()));
                }
                case "metric" -> {
                    named.add("metric." + declared.packageName() + "." + first);
                    metrics.add(new ArrayList<>(List.of(first)));
                }
                default -> {
                    Draft.RefCall call = call(m, declared);
                    Map<Object, @Nullable Object> ref = new LinkedHashMap<>();
                    ref.put("name", call.name());
                    ref.put("package", call.packageName().orElse(null));
                    ref.put("version", version(call));
                    refs.add(ref);
                    scope.nodes()
                            .named(call, declared.packageName())
                            .ifPresent(d -> models.add(d.id.value()));
                }
            }
        }
        nodes.addAll(models);
        nodes.addAll(named);
        if (declared.thing().kind().equals("metrics")) {
            new MetricInputs(scope.declarations()).of(declared).forEach(nodes::add);
        }
        if (declared.thing().kind().equals("saved_queries")) {
            new MetricInputs(scope.declarations()).ofQuery(declared).forEach(nodes::add);
        }
        if (declared.thing().kind().equals("exposures")) {
            facts.put("metrics", metrics);
        }
        facts.put("refs", refs);
        facts.put("sources", sources);
        Map<Object, @Nullable Object> depends = new LinkedHashMap<>();
        depends.put("macros", new ArrayList<>());
        depends.put("nodes", nodes);
        facts.put("depends_on", depends);
    }
}
