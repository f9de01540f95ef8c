package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.PropertyFile.SourceEntry;
import dev.tarn.project.PropertyFile.TableEntry;
import dev.tarn.project.PropertyFile.TestEntry;
import dev.tarn.project.PropertyFile.Thing;
import dev.tarn.project.PropertyFile.Words;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Reads one property file: the YAML beside models, seeds and tests. */
final class PropertyFileReader {
    /** What a test's entry says about when it fails rather than about what it looks for. */
    static final Set<String> TEST_CONFIG =
            Set.of(
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
                    "alias",
                    "sql_header");

    /** Values that are filled in later, when it is known what they are about. */
    private static final Set<String> LATER =
            Set.of(
                    "tests",
                    "data_tests",
                    "description",
                    "loaded_at_query",
                    "pre-hook",
                    "pre_hook",
                    "post-hook",
                    "post_hook");

    /** Where conditions are templates of another kind, which nobody fills in here. */
    private static final Set<String> SEMANTIC =
            Set.of("metrics", "saved_queries", "semantic_models");

    private static final List<String> THINGS =
            List.of(
                    "unit_tests",
                    "semantic_models",
                    "metrics",
                    "saved_queries",
                    "exposures",
                    "groups",
                    "macros");
    private static final List<String> TOLERATED = List.of("version", "anchors");
    private static final List<String> NODE_KEYS =
            List.of(
                    "docs",
                    "contract",
                    "access",
                    "group",
                    "latest_version",
                    "deprecation_date",
                    "constraints",
                    "time_spine",
                    "data_type",
                    "primary_key",
                    "agg_time_dimension",
                    "semantic_model",
                    "metrics",
                    "freshness",
                    "relation",
                    "versions",
                    "inputs",
                    "arguments",
                    "returns");

    private final Problems problems;
    private final Consumer<Problem> notes;
    private final YamlCache yaml;

    PropertyFileReader(Problems problems, Consumer<Problem> notes) {
        this(problems, notes, new YamlCache(Optional.empty()));
    }

    PropertyFileReader(Problems problems, Consumer<Problem> notes, YamlCache yaml) {
        this.problems = problems;
        this.notes = notes;
        this.yaml = yaml;
    }

    PropertyFile read(String file, String text, UnaryOperator<YamlValue> render) {
        Optional<Mapping> mapping = yaml.readMapping(file, text, problems, notes);
        if (mapping.isEmpty()) {
            return PropertyFile.NOTHING;
        }
        Mapping rendered = rendered(mapping.get(), render);
        YamlSection top = new YamlSection("A property file", rendered, problems);
        top.accept(TOLERATED);
        new PropertyShapes(problems).check(rendered);
        PropertyFile properties =
                new PropertyFile(
                        nodes(top, "models", "Model"),
                        nodes(top, "seeds", "Seed"),
                        singular(top),
                        nodes(top, "snapshots", "Snapshot"),
                        nodes(top, "analyses", "Analysis"),
                        nodes(top, "functions", "Function"),
                        sources(top),
                        things(top));
        top.tellMisspelt(notes);
        return properties;
    }

    private static Mapping rendered(Mapping file, UnaryOperator<YamlValue> render) {
        Set<String> conditions = new HashSet<>(LATER);
        conditions.addAll(List.of("filter", "where"));
        List<YamlValue.Entry> entries = new ArrayList<>();
        for (YamlValue.Entry e : file.entries()) {
            YamlValue value =
                    YamlRendering.except(
                            e.value(), SEMANTIC.contains(e.key()) ? conditions : LATER, render);
            entries.add(new YamlValue.Entry(e.key(), e.plainKey(), e.keyPlace(), value));
        }
        return new Mapping(file.place(), entries);
    }

    private List<Thing> things(YamlSection top) {
        List<Thing> all = new ArrayList<>();
        for (String kind : THINGS) {
            String one = "An entry of '" + kind + "'";
            for (YamlSection thing : top.sections(kind, one)) {
                thing.required("name")
                        .ifPresent(name ->
                                all.add(
                                        new Thing(
                                                kind,
                                                name,
                                                thing.entry("name")
                                                        .map(Entry::place)
                                                        .orElse(thing.place()),
                                                SemanticWords.small(kind, thing.mapping()))));
            }
        }
        return all;
    }

    /** Tests that are listed beside models instead of under one test nothing, as in dbt. */
    private List<NodeEntry> singular(YamlSection top) {
        top.accept(List.of("tests"));
        top.entry("tests").ifPresent(e -> notes.accept(PropertyErrors.strayTests(e.keyPlace())));
        List<YamlSection> described = new ArrayList<>();
        for (YamlValue item : top.items("data_tests")) {
            if (item instanceof Mapping mapping && mapping.find("name").isPresent()) {
                YamlSection.of("A test", item, problems).ifPresent(described::add);
            } else {
                notes.accept(PropertyErrors.strayTests(item.place()));
            }
        }
        return nodes(described, "Test");
    }

    private List<NodeEntry> nodes(YamlSection top, String key, String kind) {
        return nodes(top.sections(key, "A " + kind.toLowerCase(java.util.Locale.ROOT)), kind);
    }

    private List<NodeEntry> nodes(List<YamlSection> sections, String kind) {
        List<NodeEntry> nodes = new ArrayList<>();
        for (YamlSection node : sections) {
            Optional<String> name = node.required("name");
            if (name.isEmpty()) {
                continue;
            }
            YamlSection named = node.named("%s '%s'".formatted(kind, name.get()));
            Place place = node.entry("name").map(Entry::place).orElse(node.place());
            named.accept(List.of("name")).accept(NODE_KEYS);
            refuseTwice(named);
            nodes.add(
                    new NodeEntry(
                            name.get(),
                            place,
                            words(named),
                            columns(named),
                            tests(named),
                            named.mapping("config"),
                            named.mapping()));
            named.tellMisspelt(notes);
        }
        return nodes;
    }

    /** As in dbt, these are said in one place. */
    private void refuseTwice(YamlSection node) {
        Optional<Mapping> config = node.mapping("config");
        for (String key : List.of("meta", "docs", "group", "contract", "access")) {
            Optional<Entry> own = node.mapping().find(key);
            if (own.isPresent() && config.flatMap(c -> c.find(key)).isPresent()) {
                problems.add(RefErrors.saidTwice(own.get().keyPlace(), node.what(), key));
            }
        }
    }

    private static Words words(YamlSection section) {
        Optional<Mapping> config = section.mapping("config");
        Optional<Mapping> meta = section.mapping("meta");
        Optional<String> owner = owner(section.value("owner"));
        if (owner.isEmpty()) {
            owner = meta.flatMap(m -> owner(m.find("owner").map(Entry::value)));
        }
        if (owner.isEmpty()) {
            owner =
                    config.flatMap(c -> c.find("meta"))
                            .map(Entry::value)
                            .filter(Mapping.class::isInstance)
                            .flatMap(m -> owner(((Mapping) m).find("owner").map(Entry::value)));
        }
        return new Words(
                section.text("description").orElse(""),
                section.entry("description").map(Entry::place).orElse(section.place()),
                section.texts("tags"),
                meta,
                owner);
    }

    /** An owner is a name, or a mapping with a name or an address. */
    static Optional<String> owner(Optional<? extends YamlValue> value) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Scalar scalar) {
            return scalar.isNull() ? Optional.empty() : Optional.of(scalar.text());
        }
        if (value.get() instanceof Mapping mapping) {
            return mapping.find("name")
                    .or(() -> mapping.find("email"))
                    .map(Entry::value)
                    .filter(Scalar.class::isInstance)
                    .map(v -> ((Scalar) v).text());
        }
        return Optional.empty();
    }

    /** The columns of something whose list also has entries without a name. */
    List<ColumnEntry> columnsOf(String what, Mapping owner) {
        List<Entry> entries = new ArrayList<>();
        for (Entry e : owner.entries()) {
            if (e.key().equals("columns") && e.value() instanceof YamlValue.Sequence list) {
                List<YamlValue> named =
                        list.items().stream()
                                .filter(i -> i instanceof Mapping m && m.find("name").isPresent())
                                .toList();
                entries.add(
                        new Entry(
                                e.key(),
                                e.plainKey(),
                                e.keyPlace(),
                                new YamlValue.Sequence(list.place(), named)));
            }
        }
        return columns(new YamlSection(what, new Mapping(owner.place(), entries), problems));
    }

    private List<ColumnEntry> columns(YamlSection owner) {
        Map<String, ColumnEntry> columns = new LinkedHashMap<>();
        for (YamlSection column : owner.sections("columns", owner.what() + ": a column")) {
            Optional<String> name = column.required("name");
            if (name.isEmpty()) {
                continue;
            }
            YamlSection named = column.named("%s: column '%s'".formatted(owner.what(), name.get()));
            Place place = column.entry("name").map(Entry::place).orElse(column.place());
            named.accept(List.of("name", "constraints", "config", "policy_tags", "granularity"));
            named.accept(List.of("entity", "dimension", "docs"));
            ColumnEntry entry =
                    new ColumnEntry(
                            name.get(),
                            place,
                            words(named),
                            named.text("data_type"),
                            named.flag("quote").orElse(false),
                            tests(named),
                            named.mapping());
            ColumnEntry first = columns.get(name.get());
            if (first != null) {
                notes.accept(
                        PropertyErrors.duplicateColumn(
                                place, owner.what(), name.get(), first.place()));
            }
            columns.put(name.get(), first == null ? entry : entry.withTestsOf(first));
            named.tellMisspelt(notes);
        }
        return new ArrayList<>(columns.values());
    }

    /** The tests of something that is a part of an entry. */
    List<TestEntry> testsOf(String what, Mapping owner) {
        return tests(new YamlSection(what, owner, problems));
    }

    private List<TestEntry> tests(YamlSection owner) {
        List<TestEntry> tests = new ArrayList<>();
        List<YamlValue> items = new ArrayList<>(owner.items("data_tests"));
        items.addAll(owner.items("tests"));
        for (YamlValue item : items) {
            test(owner, item).ifPresent(tests::add);
        }
        return tests;
    }

    private Optional<TestEntry> test(YamlSection owner, YamlValue item) {
        if (item instanceof Scalar scalar && !scalar.isNull()) {
            Mapping nothing = new Mapping(item.place(), List.of());
            return Optional.of(test(owner, scalar.text(), item.place(), nothing));
        }
        if (!(item instanceof Mapping mapping)) {
            problems.add(
                    YamlErrors.wrongKind(
                            item.place(), owner.what() + ": a test", "a name or a mapping", item));
            return Optional.empty();
        }
        Optional<Entry> named = mapping.find("test_name");
        if (named.isPresent() && named.get().value() instanceof Scalar name) {
            List<Entry> rest =
                    mapping.entries().stream().filter(e -> !e.key().equals("test_name")).toList();
            return Optional.of(
                    test(owner, name.text(), item.place(), new Mapping(item.place(), rest)));
        }
        if (mapping.entries().size() != 1) {
            problems.add(PropertyErrors.testShape(item.place(), mapping));
            return Optional.empty();
        }
        Entry only = mapping.entries().getFirst();
        if (only.value() instanceof Mapping body) {
            return Optional.of(test(owner, only.key(), only.keyPlace(), body));
        }
        if (only.value() instanceof Scalar s && s.isNull()) {
            return Optional.of(
                    test(owner, only.key(), only.keyPlace(), new Mapping(s.place(), List.of())));
        }
        problems.add(
                YamlErrors.wrongKind(
                        only.value().place(),
                        "What test '%s' takes".formatted(only.key()),
                        "a mapping",
                        only.value()));
        return Optional.empty();
    }

    private TestEntry test(YamlSection owner, String fullName, Place place, Mapping body) {
        YamlSection section =
                new YamlSection(owner.what() + ": test '" + fullName + "'", body, problems);
        Map<String, YamlValue> arguments = new LinkedHashMap<>();
        Map<String, YamlValue> config = new LinkedHashMap<>();
        for (Entry entry : body.entries()) {
            if (TEST_CONFIG.contains(entry.key())) {
                config.put(entry.key(), entry.value());
            } else if (!Set.of("name", "description", "config", "arguments")
                    .contains(entry.key())) {
                arguments.put(entry.key(), entry.value());
            }
        }
        for (Entry entry : section.mapping("config").map(Mapping::entries).orElse(List.of())) {
            if (config.put(entry.key(), entry.value()) != null) {
                problems.add(
                        PropertyErrors.testConfigTwice(entry.keyPlace(), fullName, entry.key()));
            }
        }
        for (Entry entry : section.mapping("arguments").map(Mapping::entries).orElse(List.of())) {
            arguments.put(entry.key(), entry.value());
        }
        int dot = fullName.indexOf('.');
        Words words =
                new Words(
                        section.text("description").orElse(""),
                        section.entry("description").map(Entry::place).orElse(place),
                        List.of(),
                        Optional.empty(),
                        Optional.empty());
        return new TestEntry(
                place,
                dot < 0 ? Optional.empty() : Optional.of(fullName.substring(0, dot)),
                fullName.substring(dot + 1),
                section.text("name"),
                words,
                arguments,
                config);
    }

    private List<SourceEntry> sources(YamlSection top) {
        List<SourceEntry> sources = new ArrayList<>();
        for (YamlSection source : top.sections("sources", "A source")) {
            Optional<String> name = source.required("name");
            if (name.isEmpty()) {
                continue;
            }
            YamlSection named = source.named("Source '%s'".formatted(name.get()));
            Place place = source.entry("name").map(Entry::place).orElse(source.place());
            named.accept(List.of("name", "quoting", "loader", "freshness"));
            named.accept(List.of("loaded_at_field", "loaded_at_query", "overrides"));
            sources.add(
                    new SourceEntry(
                            name.get(),
                            place,
                            words(named),
                            named.text("database"),
                            named.text("schema"),
                            named.mapping("config"),
                            tables(named, name.get()),
                            named.mapping()));
            named.refuseOthers();
        }
        return sources;
    }

    private List<TableEntry> tables(YamlSection source, String sourceName) {
        List<TableEntry> tables = new ArrayList<>();
        Optional<Mapping> ingest = source.mapping("ingest");
        for (YamlSection table : source.sections("tables", source.what() + ": a table")) {
            Optional<String> name = table.required("name");
            if (name.isEmpty()) {
                continue;
            }
            YamlSection named = table.named("Source '%s.%s'".formatted(sourceName, name.get()));
            Place place = table.entry("name").map(Entry::place).orElse(table.place());
            named.accept(List.of("name", "quoting", "loader", "freshness", "external"));
            named.accept(List.of("loaded_at_field", "loaded_at_query", "database"));
            tables.add(
                    new TableEntry(
                            name.get(),
                            place,
                            words(named),
                            named.text("identifier"),
                            columns(named),
                            tests(named),
                            named.mapping("config"),
                            named.section("ingest")
                                    .or(() -> ingest.map(named::with))
                                    .flatMap(i -> new IngestReader(problems).read(i, ingest)),
                            named.section("external")
                                    .flatMap(e -> new ExternalReader(problems).read(e)),
                            named.mapping()));
            named.tellMisspelt(notes);
        }
        return tables;
    }
}
