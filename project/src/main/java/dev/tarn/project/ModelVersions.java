package dev.tarn.project;

import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.PropertyFile.TestEntry;
import dev.tarn.project.PropertyFile.Words;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives each version of a model its own draft. */
final class ModelVersions {
    private final CompileScope scope;
    private final ProjectFile project;
    private final Problems problems;

    ModelVersions(CompileScope scope, ProjectFile project, Problems problems) {
        this.scope = scope;
        this.project = project;
        this.problems = problems;
    }

    void attach(NodeEntry entry) {
        List<Mapping> versions = new ArrayList<>();
        if (entry.find("versions").orElse(null) instanceof Sequence list) {
            list.items().stream()
                    .filter(Mapping.class::isInstance)
                    .forEach(i -> versions.add((Mapping) i));
        }
        Optional<Object> latest =
                entry.find("latest_version").map(YamlValue::plain).or(() -> greatest(versions));
        Set<String> seen = new LinkedHashSet<>();
        for (Mapping version : versions) {
            Optional<Scalar> number = scalar(version, "v");
            if (number.isPresent() && !seen.add(number.get().text())) {
                problems.add(
                        ProjectErrors.versionTwice(
                                number.get().place(), entry.name(), number.get().text()));
                continue;
            }
            if (number.isEmpty()) {
                problems.add(
                        YamlErrors.missingKey(
                                version.place(), "A version of model '" + entry.name() + "'", "v"));
                continue;
            }
            attach(entry, version, number.get(), latest);
        }
        if (entry.find("latest_version").orElse(null) instanceof Scalar wanted
                && !seen.isEmpty()
                && !seen.contains(wanted.text())) {
            problems.add(
                    ProjectErrors.latestVersion(wanted.place(), entry.name(), wanted.text(), seen));
        }
    }

    private void attach(NodeEntry entry, Mapping version, Scalar number, Optional<Object> latest) {
        String file =
                scalar(version, "defined_in")
                        .map(Scalar::text)
                        .orElse(entry.name() + "_v" + number.text());
        Optional<Draft> found = model(file);
        boolean isLatest = latest.filter(l -> l.equals(number.plain())).isPresent();
        if (found.isEmpty() && isLatest) {
            found = model(entry.name());
        }
        if (found.isEmpty()) {
            scope.request()
                    .notes()
                    .accept(
                            ProjectErrors.versionWithoutFile(
                                    number.place(), entry.name(), number.text(), file));
            return;
        }
        Draft old = found.get();
        List<String> fqn = new ArrayList<>(old.fqn.subList(0, old.fqn.size() - 1));
        fqn.add(entry.name());
        fqn.add("v" + number.text());
        Draft next =
                new Draft(
                        old.kind,
                        new NodeId(
                                "model.%s.%s.v%s"
                                        .formatted(project.name(), entry.name(), number.text())),
                        entry.name(),
                        project.name(),
                        fqn,
                        old.place,
                        old.text);
        next.version = Optional.ofNullable(number.plain());
        next.latestVersion = latest;
        next.entry = Optional.of(merged(entry, version));
        scope.nodes().replace(old, next);
    }

    private Optional<Draft> model(String name) {
        return scope.nodes().find(new NodeId("model." + project.name() + "." + name));
    }

    /** What is said about the model, as this version has it. */
    private NodeEntry merged(NodeEntry entry, Mapping version) {
        List<YamlValue.Entry> all = new ArrayList<>();
        for (YamlValue.Entry e : entry.mapping().entries()) {
            boolean own = e.key().equals("columns") || version.find(e.key()).isEmpty();
            if (own && !e.key().equals("versions") && !e.key().equals("config")) {
                all.add(e);
            }
        }
        for (YamlValue.Entry e : version.entries()) {
            if (!List.of("v", "defined_in", "columns", "config").contains(e.key())) {
                all.add(e);
            }
        }
        Mapping mapping = new Mapping(version.place(), all);
        List<YamlValue.Entry> config = new ArrayList<>();
        Optional<Mapping> own = inner(version, "config");
        entry.config()
                .ifPresent(c ->
                        c.entries().stream()
                                .filter(e -> own.flatMap(o -> o.find(e.key())).isEmpty())
                                .forEach(config::add));
        own.ifPresent(o -> o.entries().forEach(e -> config.add(withTags(e, entry))));
        Words words = entry.words();
        Optional<Scalar> description = scalar(version, "description");
        if (description.isPresent()) {
            words =
                    new Words(
                            description.get().text(),
                            description.get().place(),
                            words.tags(),
                            words.meta(),
                            words.owner());
        }
        return new NodeEntry(
                entry.name(),
                entry.place(),
                words,
                columns(entry, version),
                tests(entry, version),
                config.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Mapping(version.place(), config)),
                mapping);
    }

    private List<ColumnEntry> columns(NodeEntry entry, Mapping version) {
        if (!(version.find("columns").map(YamlValue.Entry::value).orElse(null)
                instanceof Sequence list)) {
            return entry.columns();
        }
        List<ColumnEntry> kept = new ArrayList<>();
        List<ColumnEntry> own =
                new PropertyFileReader(problems, scope.request().notes())
                        .columnsOf("Model '" + entry.name() + "'", version).stream().toList();
        boolean said = false;
        for (YamlValue item : list.items()) {
            if (item instanceof Mapping m && m.find("include").isPresent()) {
                said = true;
                List<String> include = texts(m, "include");
                List<String> exclude = texts(m, "exclude");
                boolean all = include.contains("all") || include.contains("*");
                entry.columns().stream()
                        .filter(c -> all || include.contains(c.name()))
                        .filter(c -> !exclude.contains(c.name()))
                        .forEach(kept::add);
            }
        }
        if (!said) {
            kept.addAll(entry.columns());
        }
        // What a version says of a column replaces what its model says, and adds to its tests.
        List<ColumnEntry> all = new ArrayList<>(kept);
        all.removeIf(c -> own.stream().anyMatch(o -> o.name().equals(c.name())));
        for (ColumnEntry column : own) {
            all.add(
                    kept.stream()
                            .filter(c -> c.name().equals(column.name()))
                            .findFirst()
                            .map(column::withTestsOf)
                            .orElse(column));
        }
        return all;
    }

    /** Tags of a version come before those of its model; other settings replace them. */
    private static YamlValue.Entry withTags(YamlValue.Entry own, NodeEntry entry) {
        Optional<YamlValue> base =
                entry.config().flatMap(c -> c.find("tags")).map(YamlValue.Entry::value);
        if (!own.key().equals("tags") || base.isEmpty()) {
            return own;
        }
        List<YamlValue> tags = new ArrayList<>(items(own.value()));
        tags.addAll(items(base.get()));
        return new YamlValue.Entry(
                own.key(), own.plainKey(), own.keyPlace(), new Sequence(own.value().place(), tags));
    }

    private static List<YamlValue> items(YamlValue value) {
        return value instanceof Sequence list ? list.items() : List.of(value);
    }

    /** Those a version says itself, even if it says none; otherwise those of the model. */
    private List<TestEntry> tests(NodeEntry entry, Mapping version) {
        boolean own =
                List.of("data_tests", "tests").stream()
                        .flatMap(k -> version.find(k).stream())
                        .anyMatch(e -> !(e.value() instanceof Scalar s && s.isNull()));
        return own
                ? new PropertyFileReader(problems, scope.request().notes())
                        .testsOf("Model '" + entry.name() + "'", version)
                : entry.tests();
    }

    private List<String> texts(Mapping mapping, String key) {
        return mapping.find(key)
                .map(e -> YamlSection.texts("'" + key + "'", e.value(), problems))
                .orElse(List.of());
    }

    private static Optional<Mapping> inner(Mapping mapping, String key) {
        return mapping.find(key)
                .map(YamlValue.Entry::value)
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast);
    }

    private static Optional<Scalar> scalar(Mapping mapping, String key) {
        return mapping.find(key)
                .map(YamlValue.Entry::value)
                .filter(Scalar.class::isInstance)
                .map(Scalar.class::cast)
                .filter(s -> !s.isNull());
    }

    /** The greatest number; the last text where not all are numbers. */
    private static Optional<Object> greatest(List<Mapping> versions) {
        Object best = null;
        for (Mapping version : versions) {
            Object v = scalar(version, "v").map(Scalar::plain).orElse(null);
            if (v == null) {
                continue;
            }
            boolean greater =
                    best == null
                            || ((v instanceof Number n && best instanceof Number b)
                                    ? n.doubleValue() > b.doubleValue()
                                    : v.toString().compareTo(best.toString()) > 0);
            best = greater ? v : best;
        }
        return Optional.ofNullable(best);
    }
}
