package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads {@code dbt_project.yml}. */
final class ProjectFileReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final List<String> TREES =
            List.of(
                    "models",
                    "seeds",
                    "sources",
                    "snapshots",
                    "tests",
                    "data_tests",
                    "unit_tests",
                    "exposures",
                    "metrics",
                    "semantic-models",
                    "saved-queries",
                    "functions",
                    "analyses");
    private static final List<String> TOLERATED =
            List.of(
                    "config-version",
                    "asset-paths",
                    "target-path",
                    "log-path",
                    "clean-targets",
                    "quoting",
                    "require-dbt-version",
                    "packages",
                    "query-comment",
                    "restrict-access",
                    "dbt-cloud",
                    "flags",
                    "sync",
                    "anchors");

    private static final Set<String> LATER =
            Set.of(
                    "vars",
                    "on-run-start",
                    "on-run-end",
                    "pre-hook",
                    "+pre-hook",
                    "pre_hook",
                    "+pre_hook",
                    "post-hook",
                    "+post-hook",
                    "post_hook",
                    "+post_hook",
                    "query-comment");

    private final Problems problems;
    private final Consumer<Problem> notes;

    /**
     * @param notes is told what is odd without being wrong
     */
    ProjectFileReader(Problems problems, Consumer<Problem> notes) {
        this.problems = problems;
        this.notes = notes;
    }

    /**
     * @param file the file's path as messages show it
     * @param render fills in templates inside values; variables are left as they are
     */
    Optional<ProjectFile> read(String file, String text, UnaryOperator<YamlValue> render) {
        Optional<Mapping> mapping = YamlReader.readMapping(file, text, problems, notes);
        if (mapping.isEmpty()) {
            problems.add(ProjectErrors.projectFileEmpty(file));
            return Optional.empty();
        }
        Mapping rendered = rendered(mapping.get(), render);
        YamlSection top = new YamlSection("dbt_project.yml", rendered, problems);
        top.accept(TOLERATED);
        new ProjectShapes(rendered, problems).check();
        Optional<String> name = top.required("name");
        Place namePlace = top.entry("name").map(YamlValue.Entry::place).orElse(top.place());
        name.filter(n -> !NAME.matcher(n).matches())
                .ifPresent(n -> problems.add(ProjectErrors.projectName(namePlace, n)));
        ProjectFile project =
                new ProjectFile(
                        file,
                        name.orElse("project"),
                        namePlace,
                        top.text("version"),
                        top.text("profile"),
                        paths(top, "model-paths", "source-paths", "models"),
                        paths(top, "seed-paths", "data-paths", "seeds"),
                        paths(top, "test-paths", "test-paths", "tests"),
                        paths(top, "macro-paths", "macro-paths", "macros"),
                        paths(top, "analysis-paths", "analysis-paths", "analyses"),
                        paths(top, "snapshot-paths", "snapshot-paths", "snapshots"),
                        top.texts("docs-paths"),
                        paths(top, "function-paths", "function-paths", "functions"),
                        top.text("packages-install-path").orElse("dbt_packages"),
                        top.mapping("vars"),
                        trees(top),
                        dispatch(top),
                        runHooks(top),
                        rendered,
                        mapping.get());
        top.refuseOthers();
        return Optional.of(project);
    }

    /** Variables and hooks are filled in when they are used. */
    private static Mapping rendered(Mapping mapping, UnaryOperator<YamlValue> render) {
        return (Mapping) YamlRendering.except(mapping, LATER, render);
    }

    private static List<String> paths(
            YamlSection top, String key, String formerKey, String standard) {
        List<String> former = listed(top, formerKey);
        List<String> paths = key.equals(formerKey) ? former : listed(top, key);
        if (!paths.isEmpty()) {
            return paths;
        }
        return former.isEmpty() ? List.of(standard) : former;
    }

    /** As in dbt, one path is a list, too. */
    private static List<String> listed(YamlSection top, String key) {
        return top.items(key).isEmpty() ? List.of() : top.texts(key);
    }

    private static Map<String, Mapping> trees(YamlSection top) {
        Map<String, Mapping> trees = new LinkedHashMap<>();
        for (String key : TREES) {
            top.mapping(key).ifPresent(m -> trees.put(key, m));
        }
        Mapping tests = trees.remove("tests");
        if (tests != null) {
            trees.putIfAbsent("data_tests", tests);
        }
        return trees;
    }

    private static Map<String, List<Scalar>> runHooks(YamlSection top) {
        Map<String, List<Scalar>> hooks = new LinkedHashMap<>();
        for (String hook : List.of("on-run-start", "on-run-end")) {
            List<Scalar> statements = new ArrayList<>();
            top.value(hook)
                    .ifPresent(v -> {
                        if (v instanceof Scalar one) {
                            statements.add(one);
                        } else {
                            top.texts(hook); // says what is no text
                            top.items(hook).stream()
                                    .filter(Scalar.class::isInstance)
                                    .map(Scalar.class::cast)
                                    .filter(s -> !s.isNull())
                                    .forEach(statements::add);
                        }
                    });
            hooks.put(hook, statements);
        }
        return hooks;
    }

    private static Map<String, List<String>> dispatch(YamlSection top) {
        Map<String, List<String>> orders = new LinkedHashMap<>();
        for (YamlSection entry : top.sections("dispatch", "An entry of 'dispatch'")) {
            Optional<String> namespace = entry.required("macro_namespace");
            List<String> order = entry.texts("search_order");
            entry.refuseOthers();
            namespace.ifPresent(n -> orders.put(n, order));
        }
        return orders;
    }
}
