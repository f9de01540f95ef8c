package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.PropertyFile.SourceEntry;
import dev.tarn.project.PropertyFile.TableEntry;
import dev.tarn.project.PropertyFile.TestEntry;
import dev.tarn.project.UnitTestReader.UnitEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the files of one package into drafts. */
final class DraftBuilder {
    private final CompileScope scope;
    private final ProjectFile project;
    private final Problems problems;
    private final SnapshotReader snapshots;

    /** What describes nodes that this package does not have. */
    private final Map<NodeEntry, Draft.Kind> strange = new LinkedHashMap<>();

    /** Seeds and snapshots that were described as models. */
    private final Set<NodeId> elsewhere = new HashSet<>();

    DraftBuilder(CompileScope scope, ProjectFile project, Problems problems) {
        this.scope = scope;
        this.project = project;
        this.problems = problems;
        this.snapshots = new SnapshotReader(scope, project, problems);
    }

    /** Makes a draft for a file: a model, a seed or a singular test. */
    void addFile(Draft.Kind kind, ProjectFiles.Found file, String text) {
        String name = file.stem();
        List<String> fqn = new ArrayList<>(List.of(project.name()));
        if (kind == Draft.Kind.ANALYSIS) {
            fqn.add("analysis");
        }
        fqn.addAll(file.folders());
        fqn.add(name);
        NodeId id = new NodeId(kind.word() + "." + project.name() + "." + name);
        Place place = new Place(file.shown(), 1, 1);
        Draft draft = new Draft(kind, id, name, project.name(), fqn, place, text);
        scope.nodes().addRival(draft);
    }

    static String word(Draft.Kind kind) {
        return switch (kind) {
            case MODEL -> "Model";
            case SEED -> "Seed";
            case SNAPSHOT -> "Snapshot";
            case ANALYSIS -> "Analysis";
            case FUNCTION -> "Function";
            case SINGULAR, GENERIC -> "Test";
            case UNIT -> "Unit test";
        };
    }

    /** Attaches what a property file says, and makes drafts of its sources. */
    void addProperties(PropertyFile properties, List<String> folders) {
        properties.models().forEach(e -> attach(Draft.Kind.MODEL, e));
        properties.seeds().forEach(e -> attach(Draft.Kind.SEED, e));
        properties.analyses().forEach(e -> attach(Draft.Kind.ANALYSIS, e));
        properties.functions().forEach(e -> attach(Draft.Kind.FUNCTION, e));
        properties.singularTests().forEach(e -> attach(Draft.Kind.SINGULAR, e));
        for (SourceEntry written : properties.sources()) {
            Optional<String> overridden =
                    SourcePatches.overrides(written).filter(p -> !p.equals(project.name()));
            if (overridden.isPresent()) {
                scope.declarations()
                        .sourcePatches()
                        .add(overridden.get(), written)
                        .ifPresent(problems::add);
                continue;
            }
            SourceEntry source =
                    scope.declarations().sourcePatches().applied(project.name(), written);
            source.tables().forEach(table -> addSource(source, table, folders));
        }
        for (NodeEntry snapshot : properties.snapshots()) {
            if (snapshot.find("relation").isPresent()) {
                snapshots.addDeclared(snapshot, folders);
            }
            attach(Draft.Kind.SNAPSHOT, snapshot);
        }
        for (PropertyFile.Thing thing : properties.things()) {
            switch (thing.kind()) {
                case "unit_tests" ->
                        new UnitTestReader(scope, project, problems).add(thing, folders);
                default -> scope.declarations().add(declared(thing, folders));
            }
            if (thing.kind().equals("semantic_models")) {
                for (PropertyFile.Thing metric : MeasureMetrics.of(thing)) {
                    scope.declarations().add(declared(metric, folders));
                }
            }
        }
    }

    private Declarations.Declared declared(PropertyFile.Thing thing, List<String> folders) {
        List<String> fqn = new ArrayList<>(List.of(project.name()));
        fqn.addAll(folders);
        fqn.add(thing.name());
        String section = DeclaredFacts.section(thing.kind());
        Optional<YamlValue.Mapping> config =
                thing.mapping()
                        .find("config")
                        .map(YamlValue.Entry::value)
                        .filter(YamlValue.Mapping.class::isInstance)
                        .map(YamlValue.Mapping.class::cast);
        Settings settings = new Settings();
        applyTree(settings, section, fqn);
        config.ifPresent(settings::putAll);
        applyRoot(settings, section, fqn);
        WrittenSettings wrote = new WrittenSettings();
        if (!section.contains("-")) {
            // What a project file says of the others, dbt does not tell as it was written.
            write(wrote, section, fqn);
        }
        wrote.putAll(config);
        return new Declarations.Declared(
                project.name(), thing, List.copyOf(folders), settings, wrote);
    }

    /** Makes the drafts of all snapshots that a file has. */
    void addSnapshots(ProjectFiles.Found file, String text) {
        snapshots.addFile(file, text);
    }

    private NodeId id(Draft.Kind kind, NodeEntry entry) {
        return new NodeId(kind.word() + "." + project.name() + "." + entry.name());
    }

    private void attach(Draft.Kind kind, NodeEntry entry) {
        NodeId id = id(kind, entry);
        if (kind == Draft.Kind.MODEL && entry.find("versions").isPresent()) {
            new ModelVersions(scope, project, problems).attach(entry);
            return;
        }
        if (kind == Draft.Kind.MODEL
                && entry.find("latest_version").orElse(null) instanceof YamlValue.Scalar latest
                && !latest.isNull()) {
            problems.add(
                    ProjectErrors.latestVersion(
                            latest.place(), entry.name(), latest.text(), List.of()));
        }
        Optional<Draft> draft = scope.nodes().find(id);
        if (draft.isEmpty() && kind == Draft.Kind.MODEL) {
            for (Draft.Kind other : List.of(Draft.Kind.SEED, Draft.Kind.SNAPSHOT)) {
                if (scope.nodes()
                        .find(id(other, entry))
                        .filter(d -> d.entry.isEmpty())
                        .isPresent()) {
                    Problem told =
                            ProjectErrors.describedElsewhere(
                                    entry.place(), entry.name(), other.word());
                    scope.request().notes().accept(told);
                    attach(other, entry);
                    elsewhere.add(id(other, entry));
                    return;
                }
            }
        }
        if (draft.isEmpty()) {
            strange.put(entry, kind);
            return;
        }
        if (draft.get().entry.isPresent() && !elsewhere.remove(id)) {
            problems.add(describedTwice(kind, entry, draft.get().entry.get()));
            return;
        }
        draft.get().entry = Optional.of(entry);
        scope.nodes()
                .rivals()
                .getOrDefault(id, List.of())
                .forEach(r -> r.entry = Optional.of(entry));
    }

    private static Problem describedTwice(Draft.Kind kind, NodeEntry entry, NodeEntry first) {
        return ProjectErrors.duplicate(
                entry.place(),
                "The description of " + word(kind).toLowerCase(Locale.ROOT),
                entry.name(),
                first.place());
    }

    /** Describes nodes of other packages, once all are read and settled. */
    void describeOthers() {
        strange.forEach((entry, kind) -> {
            Optional<Draft> node =
                    scope.nodes().drafts().stream()
                            .filter(d -> d.kind == kind && d.name.equals(entry.name()))
                            .findFirst();
            if (node.isEmpty() || kind == Draft.Kind.ANALYSIS) {
                tellStrange(kind, entry);
            } else if (node.get().entry.isPresent()) {
                problems.add(describedTwice(kind, entry, node.get().entry.get()));
            } else {
                describe(node.get(), entry);
            }
        });
        strange.clear();
    }

    private void describe(Draft node, NodeEntry entry) {
        node.entry = Optional.of(entry);
        node.describer = Optional.of(project.name());
        applyEntry(node, entry);
        Set<NodeId> before = new HashSet<>();
        scope.nodes().drafts().forEach(d -> before.add(d.id));
        addTests(node);
        scope.nodes().drafts().stream()
                .filter(d -> !before.contains(d.id))
                .forEach(this::applySettings);
    }

    private void tellStrange(Draft.Kind kind, NodeEntry entry) {
        List<String> known =
                scope.nodes().drafts().stream()
                        .filter(d -> d.kind == kind)
                        .map(d -> d.name)
                        .toList();
        scope.request()
                .notes()
                .accept(
                        ProjectErrors.nothingToDescribe(
                                entry.place(),
                                word(kind).toLowerCase(Locale.ROOT),
                                entry.name(),
                                known));
    }

    private void addSource(SourceEntry source, TableEntry table, List<String> folders) {
        List<String> fqn = new ArrayList<>(List.of(project.name()));
        fqn.addAll(folders);
        fqn.add(source.name());
        fqn.add(table.name());
        Settings settings = new Settings();
        applyTree(settings, "sources", fqn);
        source.config().ifPresent(settings::putAll);
        table.config().ifPresent(settings::putAll);
        addWords(settings, source.words());
        addWords(settings, table.words());
        applyRoot(settings, "sources", fqn);
        WrittenSettings wrote = new WrittenSettings();
        write(wrote, "sources", fqn);
        wrote.putAll(source.config());
        wrote.putAll(table.config());
        boolean enabled = settings.flag("enabled", true, problems);
        String id = String.join(".", "source", project.name(), source.name(), table.name());
        SourceDraft draft =
                new SourceDraft(
                        new NodeId(id),
                        project.name(),
                        fqn,
                        source,
                        table,
                        settings,
                        wrote,
                        Databases.of(scope.target()),
                        enabled,
                        Optional.empty());
        SourceDraft first = scope.nodes().add(draft);
        if (first != null) {
            problems.add(
                    ProjectErrors.duplicate(
                            table.place(),
                            "Source",
                            source.name() + "." + table.name(),
                            first.place()));
        }
    }

    private static void addWords(Settings settings, PropertyFile.Words words) {
        if (!words.tags().isEmpty()) {
            settings.put("tags", YamlRendering.of(words.place(), words.tags()));
        }
        words.meta().ifPresent(m -> settings.put("meta", m));
    }

    /** Fills in a draft's settings from the project files and its property file. */
    void applySettings(Draft draft) {
        Settings settings = draft.settings;
        applyTree(settings, draft.kind.section(), draft.fqn);
        write(draft.written, draft.kind.section(), draft.fqn);
        if (draft.isPython()) {
            // What the project file says of all models in a folder is not meant for these.
            settings.put("materialized", YamlRendering.of(draft.place, "table"));
        }
        if (draft.isStream()) {
            settings.put("materialized", YamlRendering.of(draft.place, "stream"));
        }
        draft.entry.ifPresent(e -> applyEntry(draft, e));
        draft.unit.flatMap(UnitEntry::config).ifPresent(settings::putAll);
        draft.unit.map(UnitEntry::config).ifPresent(draft.written::putAll);
        draft.subject.ifPresent(s -> s.entry().config().forEach(settings::put));
        draft.subject.ifPresent(s -> s.entry().config().forEach(draft.written::put));
        if (draft.subject.isPresent()
                && !draft.identifier.equals(draft.name)
                && settings.find("alias").isEmpty()) {
            YamlValue shortened = YamlRendering.of(draft.place, draft.identifier);
            settings.put("alias", shortened);
            draft.written.put("alias", shortened);
        }
    }

    private static void applyEntry(Draft draft, NodeEntry entry) {
        Settings settings = draft.settings;
        for (String key : List.of("access", "group", "docs", "contract")) {
            entry.find(key)
                    .ifPresent(v -> {
                        settings.put(key, v);
                        draft.written.put(key, v);
                    });
        }
        entry.config().ifPresent(settings::putAll);
        entry.words().meta().ifPresent(m -> settings.put("meta", m));
        draft.written.putAll(entry.config());
        entry.words().meta().ifPresent(m -> draft.written.put("meta", m));
    }

    private boolean isPackage() {
        return !project.name().equals(scope.root().name());
    }

    /** What the package's own project file says. */
    private void applyTree(Settings settings, String section, List<String> fqn) {
        Optional.ofNullable(project.configs().get(section))
                .ifPresent(t -> settings.putTree(t, fqn));
    }

    /** What the root project says about a package is the last word about it. */
    private void applyRoot(Settings settings, String section, List<String> fqn) {
        if (isPackage()) {
            Optional.ofNullable(scope.root().configs().get(section))
                    .ifPresent(t -> settings.putTree(t, fqn));
        }
    }

    private void write(WrittenSettings written, String section, List<String> fqn) {
        written.putTree(project, section, fqn);
        if (isPackage()) {
            written.putLast(scope.root(), section, fqn);
        }
    }

    /** Makes the drafts of all generic tests on a model or seed. */
    void addTests(Draft node) {
        if (node.entry.isEmpty() || node.kind == Draft.Kind.ANALYSIS) {
            return;
        }
        NodeEntry entry = node.entry.get();
        List<String> fqn = foldersOf(entry);
        for (TestEntry test : entry.tests()) {
            addTest(test, Optional.of(node), Optional.empty(), Optional.empty(), fqn);
        }
        for (ColumnEntry column : entry.columns()) {
            for (TestEntry test : column.tests()) {
                addTest(test, Optional.of(node), Optional.empty(), Optional.of(column), fqn);
            }
        }
    }

    /** Generic tests are in the folder of the file that asks for them, not of what they test. */
    private List<String> foldersOf(NodeEntry entry) {
        List<String> parts = List.of(FactTexts.below(entry.place().file()).split("/"));
        List<String> fqn = new ArrayList<>(List.of(project.name()));
        fqn.addAll(parts.subList(0, parts.size() - 1));
        return fqn;
    }

    /** Makes the drafts of all generic tests on a source. */
    void addTests(SourceDraft source) {
        if (!source.enabled()) {
            return;
        }
        List<String> fqn = source.fqn().subList(0, source.fqn().size() - 2);
        for (TestEntry test : source.table().tests()) {
            addTest(test, Optional.empty(), Optional.of(source), Optional.empty(), fqn);
        }
        for (ColumnEntry column : source.table().columns()) {
            for (TestEntry test : column.tests()) {
                addTest(test, Optional.empty(), Optional.of(source), Optional.of(column), fqn);
            }
        }
    }

    private void addTest(
            TestEntry entry,
            Optional<Draft> node,
            Optional<SourceDraft> source,
            Optional<ColumnEntry> column,
            List<String> fqnOfNode) {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        entry.arguments().forEach((k, v) -> arguments.put(k, v.plain()));
        Draft.Subject subject = new Draft.Subject(entry, node, source, column, arguments);
        GenericTestName name = GenericTestName.of(subject);
        List<String> fqn = new ArrayList<>(fqnOfNode);
        fqn.add(name.full());
        NodeId id =
                new NodeId(
                        String.join(
                                ".", List.of("test", project.name(), name.full(), name.hash())));
        Draft draft =
                new Draft(
                        Draft.Kind.GENERIC,
                        id,
                        name.full(),
                        project.name(),
                        fqn,
                        entry.place(),
                        "");
        draft.subject = Optional.of(subject);
        draft.identifier = name.alias();
        Draft first = scope.nodes().add(draft);
        if (first != null) {
            problems.add(ProjectErrors.duplicate(entry.place(), "Test", name.full(), first.place));
        }
    }
}
