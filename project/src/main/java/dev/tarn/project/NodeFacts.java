package dev.tarn.project;

import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is said about a node, in the shape of dbt's manifest. */
final class NodeFacts {
    /** Whose own parts are told of only if somebody said them. */
    private static final Set<Object> NESTED =
            Set.of("config", "docs", "contract", "refs", "snapshot_meta_column_names");

    private NodeFacts() {}

    static Map<Object, @Nullable Object> of(Draft draft) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        map.put("database", draft.database);
        map.put("schema", draft.schema);
        map.put("name", draft.name);
        map.put("resource_type", draft.kind.word());
        map.put("package_name", draft.packageName);
        map.put("path", path(draft));
        map.put("original_file_path", FactTexts.inPackage(draft.file));
        map.put("unique_id", draft.id.value());
        map.put("fqn", new ArrayList<>(draft.fqn));
        map.put("alias", draft.identifier);
        map.put("checksum", Checksums.of(draft));
        Map<Object, @Nullable Object> config = config(draft);
        map.put("config", config);
        map.put("tags", tags(draft, config));
        map.put("description", draft.described());
        map.put("columns", columns(draft.entry.map(NodeEntry::columns).orElse(List.of()), draft));
        map.put("meta", config.getOrDefault("meta", new LinkedHashMap<>()));
        map.put("group", config.get("group"));
        map.put("docs", config.getOrDefault("docs", docs()));
        map.put("patch_path", patchPath(draft));
        map.put("build_path", null);
        map.put("unrendered_config", draft.written.plain());
        map.put("created_at", 0.0);
        map.put("relation_name", relationName(draft));
        map.put("raw_code", rawCode(draft));
        map.put("raw_sql", rawCode(draft));
        map.put(
                "doc_blocks",
                FactTexts.docBlocks(
                        draft.entry.map(e -> e.words().description()).orElse(""),
                        draft.packageName));
        map.put("language", draft.isPython() ? "python" : "sql");
        map.put("refs", refs(draft));
        map.put("sources", sources(draft));
        map.put("metrics", MetricFunction.calls(draft));
        map.put("depends_on", dependsOn(draft));
        map.put("compiled_path", null);
        map.put("contract", contract(config, draft));
        own(draft, map);
        return map;
    }

    /** The same without what nobody said, as a node's own templates see it. */
    static Map<Object, @Nullable Object> withoutNone(Map<Object, @Nullable Object> facts) {
        Map<Object, @Nullable Object> said = new LinkedHashMap<>();
        facts.forEach((key, value) -> {
            if (value != null) {
                said.put(key, NESTED.contains(key) ? saidOf(value) : value);
            }
        });
        return said;
    }

    private static @Nullable Object saidOf(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> part = new LinkedHashMap<>();
                map.forEach(part::put);
                yield withoutNone(part);
            }
            case List<?> list -> new ArrayList<>(list.stream().map(item -> saidOf(item)).toList());
            default -> value;
        };
    }

    /** What only some kinds have. */
    private static void own(Draft draft, Map<Object, @Nullable Object> map) {
        switch (draft.kind) {
            case MODEL -> {
                map.put(
                        "access",
                        Optional.ofNullable(draft.settings.plain("access")).orElse("protected"));
                map.put(
                        "constraints",
                        constraints(draft.entry.flatMap(e -> e.find("constraints"))));
                map.put("version", draft.version.orElse(null));
                map.put("latest_version", draft.latestVersion.orElse(null));
                map.put(
                        "deprecation_date",
                        draft.entry
                                .flatMap(e -> e.text("deprecation_date"))
                                .map(NodeFacts::moment)
                                .orElse(null));
                map.put("primary_key", GenericTestFacts.primaryKey(draft));
                map.put(
                        "time_spine",
                        draft.entry
                                .flatMap(e -> e.find("time_spine"))
                                .map(NodeFacts::timeSpine)
                                .orElse(null));
            }
            case SEED -> map.put("root_path", null);
            case GENERIC -> GenericTestFacts.add(draft, map);
            case FUNCTION -> {
                map.put("arguments", FunctionSignature.facts(draft));
                map.put("returns", FunctionSignature.returned(draft));
            }
            case SINGULAR, SNAPSHOT, ANALYSIS, UNIT -> {}
        }
        if (draft.kind != Draft.Kind.MODEL) {
            map.put("version", null);
        }
    }

    private static @Nullable Object timeSpine(YamlValue said) {
        if (!(said.plain() instanceof Map<?, ?> map)) {
            return said.plain();
        }
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        map.forEach(facts::put);
        facts.putIfAbsent("custom_granularities", new ArrayList<>());
        return facts;
    }

    /** A day begins in UTC. */
    private static String moment(String text) {
        return text.matches("\\d{4}-\\d\\d-\\d\\d") ? text + "T00:00:00+00:00" : text;
    }

    /** All settings, those nobody gave too. */
    static Map<Object, @Nullable Object> config(Draft draft) {
        Map<Object, @Nullable Object> config = new LinkedHashMap<>();
        config.put("enabled", true);
        config.put("alias", null);
        config.put("schema", draft.kind.isTest() ? "dbt_test__audit" : null);
        config.put("database", null);
        config.put("tags", new ArrayList<>());
        config.put("meta", new LinkedHashMap<>());
        config.put("group", null);
        switch (draft.kind) {
            case MODEL, SEED, SNAPSHOT, ANALYSIS, FUNCTION -> built(draft, config);
            case SINGULAR, GENERIC, UNIT -> {
                config.put("materialized", "test");
                config.put("severity", "ERROR");
                config.put("store_failures", null);
                config.put("store_failures_as", null);
                config.put("where", null);
                config.put("limit", null);
                config.put("fail_calc", "count(*)");
                config.put("warn_if", "!= 0");
                config.put("error_if", "!= 0");
            }
        }
        draft.settings.plain().forEach((k, v) -> config.put(k, setting(String.valueOf(k), v)));
        config.computeIfPresent("docs", (k, said) -> withStandards(said));
        if (draft.kind.isTest()) {
            keeping(config);
        }
        if (draft.kind == Draft.Kind.MODEL) {
            config.put("materialized", ModelSettings.materialized(draft.settings));
        }
        return config;
    }

    /** How failing rows are kept decides whether they are; one follows from the other. */
    private static void keeping(Map<Object, @Nullable Object> config) {
        Object as = config.get("store_failures_as");
        if (as != null) {
            config.put("store_failures", !String.valueOf(as).equalsIgnoreCase("ephemeral"));
        } else if (config.get("store_failures") instanceof Boolean stored) {
            config.put("store_failures_as", stored ? "table" : "ephemeral");
        }
    }

    private static void built(Draft draft, Map<Object, @Nullable Object> config) {
        config.put(
                "materialized",
                switch (draft.kind) {
                    case SEED -> "seed";
                    case SNAPSHOT -> "snapshot";
                    case FUNCTION -> "function";
                    default -> "view";
                });
        config.put("incremental_strategy", null);
        config.put("batch_size", null);
        config.put("lookback", 1L);
        config.put("begin", null);
        config.put("persist_docs", new LinkedHashMap<>());
        config.put("post-hook", new ArrayList<>());
        config.put("pre-hook", new ArrayList<>());
        config.put("quoting", new LinkedHashMap<>());
        config.put("column_types", new LinkedHashMap<>());
        config.put("full_refresh", null);
        config.put("unique_key", null);
        config.put("on_schema_change", "ignore");
        config.put("on_configuration_change", "apply");
        config.put("grants", new LinkedHashMap<>());
        config.put("packages", new ArrayList<>());
        config.put("docs", docs());
        Map<Object, @Nullable Object> contract = new LinkedHashMap<>();
        contract.put("enforced", false);
        contract.put("alias_types", true);
        config.put("contract", contract);
        config.put("event_time", null);
        config.put("concurrent_batches", null);
        switch (draft.kind) {
            case SEED -> {
                config.put("delimiter", ",");
                config.put("quote_columns", null);
            }
            case SNAPSHOT -> {
                for (String key :
                        List.of(
                                "strategy",
                                "target_schema",
                                "target_database",
                                "updated_at",
                                "check_cols",
                                "dbt_valid_to_current")) {
                    config.put(key, null);
                }
                config.put("snapshot_meta_column_names", columnNames(null));
            }
            case MODEL -> {
                config.put("access", "protected");
                config.put("freshness", null);
            }
            case FUNCTION -> {
                config.put("type", "scalar");
                config.put("volatility", null);
                config.put("runtime_version", null);
                config.put("entry_point", null);
            }
            case ANALYSIS, SINGULAR, GENERIC, UNIT -> {}
        }
    }

    private static @Nullable Object setting(String key, @Nullable Object value) {
        return switch (key) {
            case "pre-hook", "post-hook" -> hooks(value);
            case "contract" -> {
                Map<Object, @Nullable Object> contract = new LinkedHashMap<>();
                contract.put("enforced", false);
                contract.put("alias_types", true);
                if (value instanceof Map<?, ?> given) {
                    given.forEach(contract::put);
                }
                yield contract;
            }
            case "severity" -> String.valueOf(value);
            case "snapshot_meta_column_names" -> columnNames(value);
            default -> value;
        };
    }

    private static Map<Object, @Nullable Object> columnNames(@Nullable Object said) {
        Map<Object, @Nullable Object> names = new LinkedHashMap<>();
        for (String name :
                List.of("valid_to", "valid_from", "scd_id", "updated_at", "is_deleted")) {
            names.put("dbt_" + name, null);
        }
        if (said instanceof Map<?, ?> map) {
            map.forEach(names::put);
        }
        return names;
    }

    private static List<Object> hooks(@Nullable Object value) {
        List<Object> hooks = new ArrayList<>();
        for (Object one : value instanceof List<?> list ? list : java.util.Arrays.asList(value)) {
            Map<Object, @Nullable Object> hook = new LinkedHashMap<>();
            if (one instanceof Map<?, ?> given) {
                given.forEach(hook::put);
            } else {
                hook.put("sql", one);
            }
            hook.putIfAbsent("transaction", true);
            hook.putIfAbsent("index", null);
            hooks.add(hook);
        }
        return hooks;
    }

    private static Object withStandards(Object said) {
        Map<Object, @Nullable Object> docs = docs();
        if (said instanceof Map<?, ?> map) {
            map.forEach(docs::put);
        }
        return docs;
    }

    /** A test on a column has the column's tags, too. */
    private static List<Object> tags(Draft draft, Map<Object, @Nullable Object> config) {
        List<Object> tags = new ArrayList<>(FactColumns.tags(draft));
        if (config.get("tags") instanceof List<?> own) {
            own.stream().filter(t -> !tags.contains(t)).forEach(tags::add);
        }
        return tags;
    }

    private static Map<Object, @Nullable Object> docs() {
        Map<Object, @Nullable Object> docs = new LinkedHashMap<>();
        docs.put("show", true);
        docs.put("node_color", null);
        return docs;
    }

    /** Below the folder that the kind's files are in. */
    private static String path(Draft draft) {
        if (draft.kind == Draft.Kind.GENERIC) {
            return GenericTestName.of(draft.subject.orElseThrow()).alias() + ".sql";
        }
        if (draft.kind == Draft.Kind.SNAPSHOT && !draft.file.endsWith(".sql")) {
            return FactTexts.below(draft.file) + "/" + draft.name + ".sql";
        }
        return draft.kind == Draft.Kind.ANALYSIS
                ? "analysis/" + FactTexts.below(draft.file)
                : FactTexts.below(draft.file);
    }

    private static @Nullable Object patchPath(Draft draft) {
        return draft.entry
                .map(e ->
                        (Object)
                                (draft.describer.orElse(draft.packageName)
                                        + "://"
                                        + FactTexts.inPackage(e.place().file())))
                .orElse(null);
    }

    static @Nullable Object relationName(Draft draft) {
        boolean none =
                draft.isEphemeral()
                        || draft.kind == Draft.Kind.ANALYSIS
                        || (draft.kind.isTest() && !keepsRows(draft));
        return none || draft.schema.isEmpty()
                ? null
                : "\"%s\".\"%s\".\"%s\"".formatted(draft.database, draft.schema, draft.identifier);
    }

    private static boolean keepsRows(Draft test) {
        Map<Object, @Nullable Object> config = new HashMap<>(test.settings.plain());
        keeping(config);
        return Boolean.TRUE.equals(config.get("store_failures"));
    }

    private static String rawCode(Draft draft) {
        if (draft.subject.isEmpty()) {
            return draft.text.strip();
        }
        return GenericTestFacts.code(draft);
    }

    /** All of its text that may call macros. */
    static String templates(Draft draft) {
        return draft.isPython() || draft.kind == Draft.Kind.UNIT
                ? ""
                : (draft.subject.isPresent() ? GenericTestFacts.templates(draft) : draft.text)
                        + draft.settings.plain("pre-hook")
                        + draft.settings.plain("post-hook");
    }

    private static List<Object> refs(Draft draft) {
        List<Object> refs = new ArrayList<>();
        for (Draft.RefCall call : List.copyOf(draft.refs)) {
            Map<Object, @Nullable Object> ref = new LinkedHashMap<>();
            ref.put("name", call.name());
            ref.put(
                    "package",
                    draft.kind == Draft.Kind.GENERIC ? null : call.packageName().orElse(null));
            ref.put("version", call.version().map(UnitTestVersions::plain).orElse(null));
            if (draft.kind == Draft.Kind.GENERIC || !refs.contains(ref)) {
                refs.add(ref);
            }
        }
        // What a test is about comes last, behind what its arguments name.
        if (draft.subject.flatMap(Draft.Subject::node).isPresent() && !refs.isEmpty()) {
            refs.add(refs.removeFirst());
        }
        return refs;
    }

    private static List<Object> sources(Draft draft) {
        List<Object> sources = new ArrayList<>();
        for (Draft.SourceCall call : List.copyOf(draft.sources)) {
            List<Object> source = new ArrayList<>(List.of(call.source(), call.table()));
            if (!sources.contains(source)) {
                sources.add(source);
            }
        }
        return sources;
    }

    private static Map<Object, @Nullable Object> dependsOn(Draft draft) {
        Map<Object, @Nullable Object> depends = new LinkedHashMap<>();
        List<Object> nodes = new ArrayList<>();
        for (NodeId id :
                GenericTestFacts.subjectLast(
                        List.of(draft.dependsOn.toArray(new NodeId[0])),
                        GenericTestFacts.about(draft))) {
            nodes.add(id.value());
        }
        nodes.addAll(draft.metricIds);
        depends.put("macros", new ArrayList<Object>(draft.calls));
        depends.put("nodes", nodes);
        return depends;
    }

    private static Map<Object, @Nullable Object> contract(
            Map<Object, @Nullable Object> config, Draft draft) {
        Map<Object, @Nullable Object> contract = new LinkedHashMap<>();
        Map<?, ?> said = config.get("contract") instanceof Map<?, ?> c ? c : Map.of();
        Object enforced = said.get("enforced");
        contract.put("enforced", Boolean.TRUE.equals(enforced));
        contract.put("alias_types", !Boolean.FALSE.equals(said.get("alias_types")));
        contract.put(
                "checksum",
                Boolean.TRUE.equals(enforced) && draft.kind != Draft.Kind.ANALYSIS
                        ? Checksums.of(promises(draft)).get("checksum")
                        : null);
        return contract;
    }

    /** What a contract promises, in any order of columns. */
    private static String promises(Draft draft) {
        String columns =
                draft.entry.map(NodeEntry::columns).orElse(List.of()).stream()
                        .map(c ->
                                c.name()
                                        + c.dataType().orElse("")
                                        + constraints(
                                                c.mapping()
                                                        .find("constraints")
                                                        .map(YamlValue.Entry::value)))
                        .sorted()
                        .toList()
                        .toString();
        String materialized = ModelSettings.materialized(draft.settings);
        return materialized.equals("table") || materialized.equals("incremental")
                ? columns
                        + materialized
                        + constraints(draft.entry.flatMap(e -> e.find("constraints")))
                : columns;
    }

    static List<Object> constraints(Optional<YamlValue> said) {
        List<Object> constraints = new ArrayList<>();
        if (said.orElse(null) instanceof Sequence list) {
            for (YamlValue item : list.items()) {
                if (item instanceof Mapping m) {
                    Map<Object, @Nullable Object> one = new LinkedHashMap<>();
                    for (String key : List.of("type", "name", "expression")) {
                        one.put(key, m.find(key).map(e -> e.value().plain()).orElse(null));
                    }
                    for (String key : List.of("warn_unenforced", "warn_unsupported")) {
                        one.put(key, m.find(key).map(e -> e.value().plain()).orElse(true));
                    }
                    one.put("to", m.find("to").map(e -> e.value().plain()).orElse(null));
                    one.put(
                            "to_columns",
                            m.find("to_columns")
                                    .map(e -> e.value().plain())
                                    .orElseGet(ArrayList::new));
                    m.find("columns").ifPresent(e -> one.put("columns", e.value().plain()));
                    constraints.add(one);
                }
            }
        }
        return constraints;
    }

    static Map<Object, @Nullable Object> columns(List<ColumnEntry> entries, Draft draft) {
        return FactColumns.columns(
                entries,
                draft.packageName,
                e -> draft.descriptions.getOrDefault(e.name(), e.words().description()));
    }
}
