package dev.tarn.project;

import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.PropertyFile.TestEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is said about generic tests, and what they tell of their models. */
final class GenericTestFacts {
    /** Settings in the order in which dbt writes them into the code of tests. */
    private static final List<String> SETTINGS =
            List.of(
                    "severity",
                    "tags",
                    "enabled",
                    "where",
                    "limit",
                    "warn_if",
                    "error_if",
                    "fail_calc",
                    "store_failures",
                    "store_failures_as",
                    "meta",
                    "database",
                    "schema",
                    "alias");

    private GenericTestFacts() {}

    /** What only they have. */
    static void add(Draft draft, Map<Object, @Nullable Object> map) {
        Draft.Subject subject = draft.subject.orElseThrow();
        map.put("column_name", subject.column().map(c -> (Object) c.name()).orElse(null));
        map.put(
                "file_key_name",
                subject.source().isPresent()
                        ? "sources." + subject.source().get().sourceName()
                        : subject.node().map(n -> n.kind.section() + "." + n.name).orElse(null));
        map.put("attached_node", subject.node().map(n -> n.id.value()).orElse(null));
        if (map.get("group") == null) {
            map.put("group", subject.node().map(n -> n.settings.plain("group")).orElse(null));
        }
        Map<Object, @Nullable Object> keywords = new LinkedHashMap<>();
        subject.arguments().forEach(keywords::put);
        subject.column().ifPresent(c -> keywords.put("column_name", c.expression()));
        keywords.put("model", model(subject));
        Map<Object, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("name", subject.entry().test());
        metadata.put("kwargs", keywords);
        metadata.put("namespace", subject.entry().namespace().orElse(null));
        map.put("test_metadata", metadata);
    }

    private static String model(Draft.Subject subject) {
        return "{{ get_where_subquery(" + subject.reference() + ") }}";
    }

    /** What a test calls: itself, what gives it the rows, and what its arguments call. */
    static String templates(Draft draft) {
        Draft.Subject subject = draft.subject.orElseThrow();
        return call(subject) + model(subject) + subject.arguments().values();
    }

    private static String call(Draft.Subject subject) {
        return "{{ %stest_%s(**_dbt_generic_test_kwargs) }}"
                .formatted(
                        subject.entry().namespace().map(n -> n + ".").orElse(""),
                        subject.entry().test());
    }

    /** The code that dbt makes of a test, with the settings it has where it stands. */
    static String code(Draft draft) {
        Draft.Subject subject = draft.subject.orElseThrow();
        Map<String, @Nullable Object> said = new LinkedHashMap<>();
        subject.entry().config().forEach((k, v) -> said.put(k, v.plain()));
        GenericTestName name = GenericTestName.of(subject);
        if (!name.alias().equals(name.full())) {
            said.putIfAbsent("alias", name.alias());
        }
        Set<String> keys = new LinkedHashSet<>(SETTINGS);
        keys.addAll(said.keySet());
        List<String> settings = new ArrayList<>();
        for (String key : keys) {
            Object value = said.get(key);
            if (value instanceof String text) {
                settings.add("%s=\"%s\"".formatted(key, text.replace("\"", "\\\"")));
            } else if (value != null) {
                settings.add(key + "=" + dev.tarn.jinja.Values.representation(value));
            }
        }
        return call(subject)
                + (settings.isEmpty() ? "" : "{{ config(" + String.join(",", settings) + ") }}");
    }

    /** What a test is about comes last, behind what its arguments name. */
    static <T> List<T> subjectLast(List<T> references, Optional<T> subject) {
        List<T> ordered = new ArrayList<>(references);
        subject.ifPresent(s -> {
            if (ordered.remove(s)) {
                ordered.add(s);
            }
        });
        return ordered;
    }

    static Optional<NodeId> about(Draft draft) {
        return draft.subject.map(Draft.Subject::id);
    }

    /** The columns by which rows are known, as far as constraints and tests tell. */
    static List<Object> primaryKey(Draft draft) {
        List<ColumnEntry> columns = draft.entry.map(NodeEntry::columns).orElse(List.of());
        List<Object> constraints =
                NodeFacts.constraints(draft.entry.flatMap(e -> e.find("constraints")));
        for (Object constraint : constraints) {
            if (isKey(constraint)
                    && ((Map<?, ?>) constraint).get("columns") instanceof List<?> key) {
                return new ArrayList<>(key);
            }
        }
        for (ColumnEntry column : columns) {
            if (NodeFacts.constraints(
                            column.mapping().find("constraints").map(YamlValue.Entry::value))
                    .stream()
                    .anyMatch(GenericTestFacts::isKey)) {
                return new ArrayList<>(List.of(column.name()));
            }
        }
        Keys keys = new Keys();
        for (ColumnEntry column : columns) {
            column.tests().forEach(t -> keys.add(t, Optional.of(column.expression())));
        }
        draft.entry
                .map(NodeEntry::tests)
                .orElse(List.of())
                .forEach(t -> keys.add(t, Optional.empty()));
        return keys.best();
    }

    private static boolean isKey(Object constraint) {
        return constraint instanceof Map<?, ?> c && "primary_key".equals(c.get("type"));
    }

    /** What tests say of columns. */
    private static final class Keys {
        private final Set<Object> unique = new LinkedHashSet<>();
        private final Set<Object> uniqueOnce = new LinkedHashSet<>();
        private final Set<Object> there = new LinkedHashSet<>();

        void add(TestEntry test, Optional<String> column) {
            Set<Object> columns = new LinkedHashSet<>();
            Object named = argument(test, "column_name");
            Object together = argument(test, "combination_of_columns");
            if (column.isPresent()) {
                columns.add(column.get());
            } else if (named instanceof String) {
                columns.add(named);
            } else if (together instanceof List<?> list) {
                list.stream().filter(String.class::isInstance).forEach(columns::add);
            }
            YamlValue enabled = test.config().get("enabled");
            switch (test.test()) {
                case "unique", "unique_combination_of_columns" ->
                        (enabled != null && Boolean.FALSE.equals(enabled.plain())
                                        ? uniqueOnce
                                        : unique)
                                .addAll(columns);
                case "not_null" -> there.addAll(columns);
                default -> {}
            }
        }

        private static @Nullable Object argument(TestEntry test, String name) {
            YamlValue said = test.arguments().get(name);
            return said == null ? null : said.plain();
        }

        List<Object> best() {
            there.removeIf(c -> !unique.contains(c) && !uniqueOnce.contains(c));
            Set<Object> best = there.isEmpty() ? unique : there;
            return new ArrayList<>(best.isEmpty() ? uniqueOnce : best);
        }
    }
}
