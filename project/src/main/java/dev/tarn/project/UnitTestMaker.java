package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Rendered;
import dev.tarn.jinja.Values;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.UnitCase;
import dev.tarn.model.graph.UnitCase.Fixture;
import dev.tarn.project.NodeContext.Mode;
import dev.tarn.project.UnitTestReader.RowsEntry;
import dev.tarn.project.UnitTestReader.UnitEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compiles unit tests: the model's query over names of common table expressions. */
final class UnitTestMaker {
    private static final String PREFIX = "__dbt__cte__";
    private static final Pattern CALL =
            Pattern.compile(
                    "\\s*(?<function>ref|source)\\s*\\(\\s*['\"](?<first>[^'\"]+)['\"]\\s*"
                            + "(?:,\\s*['\"](?<second>[^'\"]+)['\"]\\s*)?"
                            + "(?:,\\s*(?:v|version)\\s*=\\s*['\"]?(?<version>[^'\")\\s]+)['\"]?\\s*)?\\)\\s*");

    private final CompileScope scope;
    private final FixtureFiles fixtures;

    UnitTestMaker(CompileScope scope) {
        this.scope = scope;
        this.fixtures = new FixtureFiles(scope);
    }

    /** What stops the whole project: an incremental model has to be told which way it is tested. */
    Optional<Problem> refusal(Draft draft) {
        UnitEntry unit = draft.unit.orElseThrow();
        Draft model = model(draft);
        if (!model.isIncremental() || !model.calls.contains("macro.dbt.is_incremental")) {
            return Optional.empty();
        }
        if (!(overrides(unit, "macros").get("is_incremental") instanceof Boolean incremental)) {
            return Optional.of(
                    ProjectErrors.unitTestOfIncremental(draft.place, draft.name, model.name));
        }
        return !incremental || unit.given().stream().anyMatch(UnitTestMaker::isThis)
                ? Optional.empty()
                : Optional.of(
                        ProjectErrors.unitTestWithoutThis(draft.place, draft.name, model.name));
    }

    private Draft model(Draft draft) {
        UnitEntry unit = draft.unit.orElseThrow();
        return scope.nodes()
                .named(
                        new Draft.RefCall(
                                Optional.empty(), unit.model(), unit.version(), draft.place),
                        draft.packageName)
                .orElseThrow();
    }

    private static boolean isThis(RowsEntry rows) {
        return rows.input().strip().equals("this");
    }

    /** The query of a unit test, and the rows it is about. */
    UnitCase make(Draft draft) {
        UnitEntry unit = draft.unit.orElseThrow();
        Draft model = model(draft);
        if (model.isPython()) {
            throw new TarnException(PythonErrors.unitTest(draft.place, model.name));
        }
        Map<String, String> names = new LinkedHashMap<>();
        List<Fixture> given = new ArrayList<>();
        for (RowsEntry rows : unit.given()) {
            given.add(fixture(draft, model, rows, names));
        }
        NodeContext context = new NodeContext(scope, model, Mode.FULL);
        override(context, draft, model, unit, names);
        Rendered rendered = new DraftRenderer(scope, new Problems()).rendered(model, context);
        SqlText sql =
                new SqlText(
                        rendered.text(),
                        offset ->
                                Optional.of(
                                        TemplateErrors.place(rendered.sourceMap().locate(offset))));
        SqlText whole = new FunctionInliner(scope.nodes()).inline(sql);
        return new UnitCase(
                model.id, whole, given, rows(draft, unit.expect(), "", Optional.empty()));
    }

    private void override(
            NodeContext context,
            Draft draft,
            Draft model,
            UnitEntry unit,
            Map<String, String> names) {
        Map<Object, @Nullable Object> macros = overrides(unit, "macros");
        boolean incremental = Boolean.TRUE.equals(macros.get("is_incremental"));
        context.override("ref", (PyCallable) a -> named(refKey(a), names, draft));
        context.override("source", (PyCallable) a -> named(sourceKey(a), names, draft));
        context.override(
                "this",
                names.containsKey("this")
                        ? RelationValue.cte(names.get("this"))
                        : model.relationValue());
        context.override("is_incremental", (PyCallable) a -> incremental);
        context.override("should_full_refresh", (PyCallable) a -> !incremental);
        Map<Object, @Nullable Object> vars = overrides(unit, "vars");
        VarFunction var = new VarFunction(context);
        context.override("var", new Overridden(vars, var));
        Map<Object, @Nullable Object> environment = overrides(unit, "env_vars");
        PyCallable envVar = (PyCallable) context.builtin("env_var");
        context.override(
                "env_var",
                (PyCallable)
                        a ->
                                environment.containsKey(a.requireText(0, "var"))
                                        ? Values.text(environment.get(a.requireText(0, "var")))
                                        : envVar.call(a));
        Map<String, Map<String, @Nullable Object>> packages = new LinkedHashMap<>();
        macros.forEach((key, value) -> {
            String name = String.valueOf(key);
            int dot = name.indexOf('.');
            if (dot > 0) {
                packages.computeIfAbsent(name.substring(0, dot), p -> new LinkedHashMap<>())
                        .put(name.substring(dot + 1), value);
            } else if (!name.equals("is_incremental")) {
                // What is no macro, such as invocation_id, is read and not called.
                Object known = context.builtin(name);
                boolean read = known != Missing.VALUE && !(known instanceof PyCallable);
                context.override(name, read ? value : (PyCallable) a -> value);
            }
        });
        packages.forEach((name, constants) -> {
            Object whole = context.resolve(name);
            context.override(name, new OverriddenPackage(constants, whole));
        });
    }

    private static Map<Object, @Nullable Object> overrides(UnitEntry unit, String kind) {
        return unit.overrides().getOrDefault(kind, Map.of());
    }

    /** {@code var} with some values of its own. */
    private record Overridden(Map<Object, @Nullable Object> values, VarFunction others)
            implements PyCallable, PyObject {
        @Override
        public @Nullable Object call(Arguments a) {
            String name = a.requireText(0, "name");
            return values.containsKey(name) ? values.get(name) : others.call(a);
        }

        @Override
        public @Nullable Object attribute(String name) {
            return others.attribute(name);
        }
    }

    /** A package of macros some of which are constants. */
    private record OverriddenPackage(Map<String, @Nullable Object> values, @Nullable Object others)
            implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            if (values.containsKey(name)) {
                Object value = values.get(name);
                return (PyCallable) a -> value;
            }
            return others instanceof PyObject o ? o.attribute(name) : Missing.VALUE;
        }
    }

    private static String refKey(Arguments a) {
        return "ref " + Values.text(a.positional().getLast());
    }

    private static String sourceKey(Arguments a) {
        return "source "
                + Values.text(a.positional().getFirst())
                + "."
                + Values.text(a.positional().getLast());
    }

    private static RelationValue named(String key, Map<String, String> names, Draft draft) {
        String name = names.get(key);
        if (name == null) {
            throw new TarnException(
                    Problem.at(
                            ErrorCode.NODE_NOT_FOUND,
                            draft.place,
                            ("Unit test '%s' gives no rows for %s, which the model reads. Add it"
                                            + " to 'given'; 'rows: []' is an empty table.")
                                    .formatted(draft.name, key.replaceFirst(" ", " '") + "'")));
        }
        return RelationValue.cte(name);
    }

    private Fixture fixture(Draft draft, Draft model, RowsEntry entry, Map<String, String> names) {
        if (isThis(entry)) {
            names.put("this", PREFIX + "this");
            return rows(draft, entry, PREFIX + "this", Optional.of(model.id));
        }
        Matcher m = CALL.matcher(entry.input());
        if (!m.matches()) {
            throw new TarnException(
                    Problem.at(
                            ErrorCode.YAML_INVALID,
                            entry.place(),
                            ("An input of unit test '%s' is ref('model'), source('name', 'table')"
                                            + " or this, not \"%s\".")
                                    .formatted(draft.name, entry.input())));
        }
        String first = m.group("first");
        String second = m.group("second");
        String name;
        NodeId id;
        if (m.group("function").equals("source")) {
            var source =
                    scope.nodes()
                            .resolve(
                                    new Draft.SourceCall(
                                            first, String.valueOf(second), entry.place()),
                                    draft.inSentence(),
                                    draft.packageName);
            name = PREFIX + source.sourceName() + "__" + source.tableName();
            id = source.id();
            names.put("source " + source.sourceName() + "." + source.tableName(), name);
        } else {
            Draft input =
                    scope.nodes()
                            .resolve(
                                    new Draft.RefCall(
                                            second == null ? Optional.empty() : Optional.of(first),
                                            second == null ? first : second,
                                            Optional.ofNullable(m.group("version")),
                                            entry.place()),
                                    draft.inSentence(),
                                    draft.packageName);
            name = PREFIX + input.identifier;
            id = input.id;
            names.put("ref " + input.name, name);
            if (entry.untold() && input.kind == Draft.Kind.SEED) {
                return new Fixture(
                        name, Optional.of(id), seedRows(input), Optional.empty(), entry.place());
            }
        }
        return rows(draft, entry, name, Optional.of(id));
    }

    private List<Map<String, @Nullable Object>> seedRows(Draft seed) {
        Path file = scope.request().root().resolve(seed.file);
        return CsvText.rows(ProjectFiles.text(file, seed.file, new Problems()).orElse(""));
    }

    private Fixture rows(Draft draft, RowsEntry entry, String name, Optional<NodeId> input) {
        String format = entry.format();
        if (format.equals("sql")) {
            String sql =
                    entry.fixture()
                            .map(f -> fixtureFile(draft, entry, f, "sql"))
                            .or(() -> UnitTestReader.text(entry.rows()))
                            .orElse("select null where false");
            return new Fixture(name, input, List.of(), Optional.of(sql), entry.place());
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        if (format.equals("csv")) {
            String text =
                    entry.fixture()
                            .map(f -> fixtureFile(draft, entry, f, "csv"))
                            .or(() -> UnitTestReader.text(entry.rows()))
                            .orElse("");
            rows.addAll(CsvText.rows(text));
        } else if (entry.rows().plain() instanceof List<?> list) {
            for (Object row : list) {
                Map<String, @Nullable Object> values = new LinkedHashMap<>();
                if (row instanceof Map<?, ?> map) {
                    map.forEach((k, v) -> values.put(String.valueOf(k), v));
                }
                rows.add(values);
            }
        }
        return new Fixture(name, input, rows, Optional.empty(), entry.place());
    }

    private String fixtureFile(Draft draft, RowsEntry entry, String fixture, String extension) {
        return fixtures.text(fixture, extension)
                .orElseThrow(() ->
                        new TarnException(
                                fixtures.missing(entry.place(), draft.name, fixture, extension)));
    }
}
