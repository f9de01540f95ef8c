package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.graph.Manifest;
import dev.tarn.model.graph.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares nodes with what they were in an earlier invocation. */
final class StateMatcher {
    private static final Set<String> WORDS =
            Set.of(
                    "new",
                    "old",
                    "unmodified",
                    "modified",
                    "modified.body",
                    "modified.configs",
                    "modified.persisted_descriptions",
                    "modified.relation",
                    "modified.macros",
                    "modified.contract");

    /** Settings that make no other node. */
    private static final Set<String> UNCOMPARED =
            Set.of("alias", "schema", "database", "tags", "group");

    /** Settings of a test that decide about what it finds. */
    private static final Set<String> VERDICT =
            Set.of(
                    "severity",
                    "where",
                    "limit",
                    "fail_calc",
                    "warn_if",
                    "error_if",
                    "store_failures",
                    "store_failures_as");

    private final Manifest now;
    private final Manifest before;

    /** Is told of broken contracts that nobody relies on by version. */
    private final Consumer<Problem> warnings;

    StateMatcher(Manifest now, Manifest before, Consumer<Problem> warnings) {
        this.now = now;
        this.before = before;
        this.warnings = warnings;
    }

    /**
     * Looks at models with contracts that are not there any more.
     *
     * @throws dev.tarn.model.TarnException when a version is gone that others rely on
     */
    void lookForGone(String word, Instant when) {
        if (!List.of("modified", "unmodified", "modified.contract").contains(word)) {
            return;
        }
        before.section("nodes")
                .forEach((id, old) -> {
                    boolean promised =
                            old.get("contract") instanceof Map<?, ?> c
                                    && Boolean.TRUE.equals(c.get("enforced"));
                    if (promised
                            && !now.section("nodes").containsKey(id)
                            && !isPast(old.get("deprecation_date"), when)) {
                        broken(
                                new NodeId(id),
                                old,
                                List.of(
                                        now.section("disabled").containsKey(id)
                                                ? "the model is disabled"
                                                : "the model is gone or has another name"));
                    }
                });
    }

    private static boolean isPast(@Nullable Object date, Instant when) {
        return date != null && TimeText.parse(date.toString()).filter(when::isAfter).isPresent();
    }

    private void broken(NodeId id, Map<?, ?> facts, List<String> how) {
        if (facts.get("version") != null) {
            throw SelectionErrors.contractBroken(id, how);
        }
        warnings.accept(SelectionErrors.contractBrokenUnversioned(facts, how));
    }

    static Set<String> words() {
        return WORDS;
    }

    /** What is said of exposures and the semantic layer; nobody cares where they stand. */
    private static final List<String> DECLARED =
            List.of(
                    "fqn",
                    "type",
                    "owner",
                    "maturity",
                    "url",
                    "label",
                    "description",
                    "depends_on",
                    "config",
                    "filter",
                    "type_params",
                    "model",
                    "entities",
                    "dimensions",
                    "measures",
                    "query_params");

    /** Exports of saved queries as they are written: where they go depends on the target. */
    private static String exports(Map<?, ?> facts) {
        List<String> exports = new ArrayList<>();
        if (facts.get("exports") instanceof List<?> all) {
            for (Object one : all) {
                if (one instanceof Map<?, ?> export) {
                    Object said = export.get("unrendered_config");
                    exports.add(export.get("name") + text(said));
                }
            }
        }
        return exports.toString();
    }

    private static Map<Object, @Nullable Object> facts(Manifest manifest, NodeId id) {
        for (String section :
                List.of(
                        "exposures",
                        "metrics",
                        "semantic_models",
                        "saved_queries",
                        "unit_tests",
                        "sources")) {
            Map<Object, @Nullable Object> facts = manifest.section(section).get(id.value());
            if (facts != null) {
                return facts;
            }
        }
        return manifest.node(id);
    }

    boolean matches(NodeId id, String word) {
        Map<Object, @Nullable Object> old = facts(before, id);
        return switch (word) {
            case "new" -> old.isEmpty();
            case "old" -> !old.isEmpty();
            case "unmodified" -> !old.isEmpty() && !modified(id, "modified");
            default -> modified(id, word);
        };
    }

    private boolean modified(NodeId id, String word) {
        Map<Object, @Nullable Object> old = facts(before, id);
        Map<Object, @Nullable Object> mine = facts(now, id);
        if (id.value().matches("(exposure|metric|semantic_model|saved_query)\\..*")) {
            return word.equals("modified")
                    && (old.isEmpty()
                            || DECLARED.stream().anyMatch(k -> differ(mine, old, k))
                            || !exports(mine).equals(exports(old)));
        }
        if (old.isEmpty()) {
            return word.equals("modified.macros") ? macros(mine) : true;
        }
        return switch (word) {
            case "modified.body" -> body(mine, old);
            case "modified.configs" -> configs(id, mine, old);
            case "modified.persisted_descriptions" -> descriptions(mine, old);
            case "modified.relation" -> relation(id, mine, old);
            case "modified.macros" -> macros(mine);
            case "modified.contract" -> contract(id, mine, old);
            default ->
                    contract(id, mine, old)
                            || body(mine, old)
                            || configs(id, mine, old)
                            || references(mine, old)
                            || descriptions(mine, old)
                            || relation(id, mine, old)
                            || differ(mine, old, "fqn")
                            || macros(mine);
        };
    }

    private static boolean differ(Map<?, ?> mine, Map<?, ?> old, String key) {
        return !Objects.equals(text(mine.get(key)), text(old.get(key)));
    }

    private static String text(@Nullable Object value) {
        return value instanceof Map<?, ?> map
                ? new java.util.TreeMap<>(
                                map.entrySet().stream()
                                        .collect(
                                                java.util.stream.Collectors.toMap(
                                                        e -> String.valueOf(e.getKey()),
                                                        e -> text(e.getValue()))))
                        .toString()
                : String.valueOf(value);
    }

    private static boolean body(Map<?, ?> mine, Map<?, ?> old) {
        return mine.get("checksum") != null && differ(mine, old, "checksum");
    }

    /** Names count as the relation, and how nodes are grouped for people changes nothing. */
    private static boolean configs(NodeId id, Map<?, ?> mine, Map<?, ?> old) {
        Map<?, ?> said = said(mine);
        Map<?, ?> before = said(old);
        Set<Object> keys = new HashSet<>(said.keySet());
        keys.addAll(before.keySet());
        return keys.stream()
                .map(String::valueOf)
                .filter(key ->
                        id.value().startsWith("test.")
                                ? VERDICT.contains(key)
                                : !UNCOMPARED.contains(key))
                .anyMatch(key -> differ(said, before, key));
    }

    /** Whether those who refer to a model could find it otherwise. */
    private static boolean references(Map<?, ?> mine, Map<?, ?> old) {
        return List.of("latest_version", "access", "deprecation_date").stream()
                .anyMatch(key -> differ(mine, old, key));
    }

    private static boolean descriptions(Map<?, ?> mine, Map<?, ?> old) {
        Object persisted = mine.get("config") instanceof Map<?, ?> c ? c.get("persist_docs") : null;
        return persisted instanceof Map<?, ?> p
                && !p.isEmpty()
                && (differ(mine, old, "description") || differ(mine, old, "columns"));
    }

    /** Of nodes, what somebody said of names counts: another target has its own schemas. */
    private static boolean relation(NodeId id, Map<?, ?> mine, Map<?, ?> old) {
        if (id.value().startsWith("source.")) {
            return differ(mine, old, "schema") || differ(mine, old, "identifier");
        }
        Map<?, ?> said = said(mine);
        Map<?, ?> before = said(old);
        return List.of("database", "schema", "alias").stream()
                .anyMatch(key -> differ(said, before, key));
    }

    private static Map<?, ?> said(Map<?, ?> facts) {
        return facts.get("unrendered_config") instanceof Map<?, ?> said ? said : Map.of();
    }

    /**
     * @throws dev.tarn.model.TarnException when a contract is broken that others rely on by version
     */
    private boolean contract(NodeId id, Map<?, ?> mine, Map<?, ?> old) {
        List<String> broken = ContractBreaks.of(mine, old);
        if (!broken.isEmpty()) {
            broken(id, mine, broken);
        }
        Object a = mine.get("contract") instanceof Map<?, ?> c ? c.get("checksum") : null;
        Object b = old.get("contract") instanceof Map<?, ?> c ? c.get("checksum") : null;
        return !Objects.equals(a, b);
    }

    /** Whether a macro it calls, or one that those call, has another text. */
    private boolean macros(Map<?, ?> mine) {
        Set<String> seen = new HashSet<>();
        List<String> open = new ArrayList<>(called(mine));
        while (!open.isEmpty()) {
            String id = open.removeLast();
            if (!seen.add(id)) {
                continue;
            }
            Map<?, ?> macro = now.section("macros").getOrDefault(id, Map.of());
            Map<?, ?> old = before.section("macros").getOrDefault(id, Map.of());
            if (!id.startsWith("macro.dbt.")
                    && !text(macro.get("macro_sql"))
                            .strip()
                            .equals(text(old.get("macro_sql")).strip())) {
                return true;
            }
            open.addAll(called(macro));
        }
        return false;
    }

    private static List<String> called(Map<?, ?> facts) {
        return facts.get("depends_on") instanceof Map<?, ?> d
                        && d.get("macros") instanceof List<?> m
                ? m.stream().map(String::valueOf).toList()
                : List.of();
    }
}
