package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What kinds of values property files must have where dbt insists on them. What a key means is said
 * by who reads it; here a number for a description is refused, and an empty list of columns.
 */
final class PropertyShapes {
    /** What a value must be. */
    private enum Kind {
        TEXT("text"),
        TEXT_OR_NOTHING("text"),
        TEXTS("text or a list"),
        HOOKS("text, a mapping or a list"),
        NUMBER("a whole number"),
        FLAG("true or false"),
        LIST("a list"),
        MAPPING("a mapping");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        boolean fits(YamlValue value) {
            return switch (this) {
                case TEXT -> value instanceof Scalar s && s.plain() instanceof String;
                case TEXT_OR_NOTHING ->
                        value instanceof Scalar s && (s.isNull() || s.plain() instanceof String);
                case TEXTS -> TEXT_OR_NOTHING.fits(value) || value instanceof Sequence;
                case HOOKS -> TEXTS.fits(value) || value instanceof Mapping;
                case NUMBER -> value instanceof Scalar s && s.plain() instanceof Long;
                case FLAG -> value instanceof Scalar s && s.plain() instanceof Boolean;
                case LIST -> value instanceof Sequence;
                case MAPPING -> value instanceof Mapping;
            };
        }
    }

    private static final Map<String, String> NODES =
            Map.of(
                    "models", "Model",
                    "seeds", "Seed",
                    "snapshots", "Snapshot",
                    "analyses", "Analysis",
                    "macros", "Macro");
    private static final Map<String, Kind> NODE =
            Map.of(
                    "name", Kind.TEXT,
                    "description", Kind.TEXT,
                    "columns", Kind.LIST,
                    "config", Kind.MAPPING);
    private static final Map<String, Kind> COLUMN =
            Map.of(
                    "name", Kind.TEXT,
                    "description", Kind.TEXT,
                    "data_type", Kind.TEXT_OR_NOTHING);
    private static final Map<String, Kind> CONFIG =
            Map.ofEntries(
                    Map.entry("meta", Kind.MAPPING),
                    Map.entry("materialized", Kind.TEXT),
                    Map.entry("incremental_strategy", Kind.TEXT_OR_NOTHING),
                    Map.entry("alias", Kind.TEXT_OR_NOTHING),
                    Map.entry("schema", Kind.TEXT_OR_NOTHING),
                    Map.entry("tags", Kind.TEXTS),
                    Map.entry("pre_hook", Kind.HOOKS),
                    Map.entry("pre-hook", Kind.HOOKS),
                    Map.entry("post_hook", Kind.HOOKS),
                    Map.entry("post-hook", Kind.HOOKS),
                    Map.entry("quoting", Kind.MAPPING),
                    Map.entry("column_types", Kind.MAPPING),
                    Map.entry("persist_docs", Kind.MAPPING),
                    Map.entry("grants", Kind.MAPPING));
    private static final Map<String, Kind> SOURCE =
            Map.of(
                    "name", Kind.TEXT,
                    "description", Kind.TEXT,
                    "database", Kind.TEXT_OR_NOTHING,
                    "schema", Kind.TEXT_OR_NOTHING,
                    "tables", Kind.LIST);
    private static final Map<String, Kind> QUOTING =
            Map.of(
                    "database", Kind.FLAG,
                    "schema", Kind.FLAG,
                    "identifier", Kind.FLAG);
    private static final Map<String, Kind> EXPOSURE =
            Map.of(
                    "name", Kind.TEXT,
                    "description", Kind.TEXT,
                    "meta", Kind.MAPPING,
                    "depends_on", Kind.LIST,
                    "config", Kind.MAPPING);
    private static final Set<String> EXPOSURE_KEYS =
            Set.of(
                    "name",
                    "type",
                    "owner",
                    "description",
                    "label",
                    "maturity",
                    "meta",
                    "tags",
                    "url",
                    "depends_on",
                    "config");
    private static final Set<String> GROUP_KEYS = Set.of("name", "owner", "description", "config");
    private static final Set<String> ARGUMENT_KEYS = Set.of("name", "type", "description");
    private static final List<String> MATURITIES = List.of("low", "medium", "high");
    private static final List<String> PERIODS = List.of("minute", "hour", "day");

    private final Problems problems;

    PropertyShapes(Problems problems) {
        this.problems = problems;
    }

    void check(Mapping file) {
        for (Entry entry : file.entries()) {
            boolean empty = entry.value() instanceof Scalar s && s.isNull();
            if (empty && (NODES.containsKey(entry.key()) || entry.key().equals("sources"))) {
                wrong(entry, "A property file", Kind.LIST);
            }
            if (!(entry.value() instanceof Sequence list)) {
                continue;
            }
            for (YamlValue item : list.items()) {
                if (item instanceof Mapping thing && thing.find("name").isPresent()) {
                    thing(entry.key(), thing);
                }
            }
        }
    }

    private void thing(String kind, Mapping thing) {
        String name =
                thing.find("name").map(Entry::value).orElseThrow() instanceof Scalar s
                        ? s.text()
                        : "";
        if (NODES.containsKey(kind)) {
            String what = "%s '%s'".formatted(NODES.get(kind), name);
            node(what, thing);
            if (kind.equals("macros")) {
                for (Mapping argument : items(thing, "arguments")) {
                    only(what + ": an argument", argument, ARGUMENT_KEYS);
                }
            }
            return;
        }
        switch (kind) {
            case "sources" -> source(name, thing);
            case "exposures" -> {
                String what = "Exposure '%s'".formatted(name);
                fits(what, thing, EXPOSURE);
                only(what, thing, EXPOSURE_KEYS);
                oneOf(what, thing, "maturity", MATURITIES);
            }
            case "groups" -> only("Group '%s'".formatted(name), thing, GROUP_KEYS);
            default -> {}
        }
    }

    private void node(String what, Mapping node) {
        fits(what, node, NODE);
        testsOnce(what, node);
        inside(node, "docs").forEach(d -> fits(what + ": 'docs'", d, Map.of("show", Kind.FLAG)));
        inside(node, "config").forEach(c -> fits(what + ": 'config'", c, CONFIG));
        for (Mapping column : items(node, "columns")) {
            column(what, column);
        }
    }

    private void column(String owner, Mapping column) {
        String what = "%s: column '%s'".formatted(owner, named(column));
        fits(what, column, COLUMN);
        testsOnce(what, column);
    }

    private void source(String name, Mapping source) {
        String what = "Source '%s'".formatted(name);
        fits(what, source, SOURCE);
        ages(what, source);
        for (Mapping table : items(source, "tables")) {
            String inner = "Source '%s.%s'".formatted(name, named(table));
            fits(inner, table, Map.of("name", Kind.TEXT, "description", Kind.TEXT));
            testsOnce(inner, table);
            ages(inner, table);
            for (Mapping column : items(table, "columns")) {
                column(inner, column);
            }
        }
    }

    /** Where a source's table is found, and how old it may be. */
    private void ages(String what, Mapping source) {
        inside(source, "quoting").forEach(q -> fits(what + ": 'quoting'", q, QUOTING));
        source.find("loaded_at_field")
                .filter(f -> source.find("loaded_at_query").isPresent())
                .ifPresent(f -> problems.add(PropertyErrors.loadedAtTwice(f.keyPlace(), what)));
        for (Mapping freshness : inside(source, "freshness")) {
            for (String when : List.of("warn_after", "error_after")) {
                for (Mapping limit : inside(freshness, when)) {
                    String inner = "%s: '%s'".formatted(what, when);
                    fits(inner, limit, Map.of("count", Kind.NUMBER));
                    oneOf(inner, limit, "period", PERIODS);
                }
            }
        }
    }

    private void testsOnce(String what, Mapping owner) {
        owner.find("tests")
                .filter(t -> owner.find("data_tests").isPresent())
                .ifPresent(t -> problems.add(PropertyErrors.testsTwice(t.keyPlace(), what)));
    }

    private void fits(String what, Mapping mapping, Map<String, Kind> kinds) {
        for (Entry entry : mapping.entries()) {
            Kind kind = kinds.get(entry.key());
            if (kind != null && !kind.fits(entry.value())) {
                wrong(entry, what, kind);
            }
        }
    }

    private void wrong(Entry entry, String what, Kind kind) {
        problems.add(
                YamlErrors.wrongKind(
                        entry.place(),
                        "%s: '%s'".formatted(what, entry.key()),
                        kind.words,
                        entry.value()));
    }

    private void only(String what, Mapping mapping, Set<String> keys) {
        for (Entry entry : mapping.entries()) {
            if (!keys.contains(entry.key())) {
                problems.add(
                        YamlErrors.unknownKey(
                                entry.keyPlace(), what, entry.key(), new TreeSet<>(keys)));
            }
        }
    }

    private void oneOf(String what, Mapping mapping, String key, List<String> words) {
        for (Entry entry : mapping.entries()) {
            if (entry.key().equals(key)
                    && entry.value() instanceof Scalar s
                    && !s.isNull()
                    && !words.contains(s.text())) {
                Place place = entry.value().place();
                problems.add(
                        YamlErrors.notOneOf(
                                place, "%s: '%s'".formatted(what, key), s.text(), words));
            }
        }
    }

    private static String named(Mapping thing) {
        return thing.find("name").map(Entry::value).orElse(null) instanceof Scalar s
                ? s.text()
                : "";
    }

    /** The mapping below a key: one or none. */
    private static List<Mapping> inside(Mapping mapping, String key) {
        return mapping.find(key).map(Entry::value).orElse(null) instanceof Mapping inner
                ? List.of(inner)
                : List.of();
    }

    private static List<Mapping> items(Mapping mapping, String key) {
        return mapping.find(key).map(Entry::value).orElse(null) instanceof Sequence list
                ? list.items().stream()
                        .filter(Mapping.class::isInstance)
                        .map(Mapping.class::cast)
                        .toList()
                : List.of();
    }
}
