package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Rendered;
import dev.tarn.jinja.Values;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.NodeContext.Mode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs the templates of drafts: first to learn about them, then for their SQL. */
final class DraftRenderer {
    private final CompileScope scope;
    private final Problems problems;
    private final RenderCache remembered;
    private final GenericTestCall tests;
    private final Optional<CompileDatabase> database;

    DraftRenderer(CompileScope scope, Problems problems) {
        this(scope, problems, scope.request().database());
    }

    DraftRenderer(CompileScope scope, Problems problems, Optional<CompileDatabase> database) {
        this.scope = scope;
        this.problems = problems;
        this.remembered = new RenderCache(scope);
        this.tests = new GenericTestCall(scope);
        this.database = database;
    }

    /** Learns a draft's settings and references. */
    void read(Draft draft) {
        guarded(
                draft,
                () -> {
                    if (draft.isPython()) {
                        readPython(draft);
                    } else if (draft.kind != Draft.Kind.SEED && draft.kind != Draft.Kind.UNIT) {
                        remembered.read(draft, () -> readAnew(draft));
                    }
                    lastWord(draft);
                    hooks(draft, "pre-hook", Mode.READ);
                    hooks(draft, "post-hook", Mode.READ);
                    draft.calls =
                            MacroCalls.ofNode(scope, draft.packageName, NodeFacts.templates(draft));
                    if (draft.kind == Draft.Kind.SEED
                            && !(draft.refs.isEmpty() && draft.sources.isEmpty())) {
                        problems.add(SeedErrors.dependsOnOthers(draft.place, draft.name));
                    }
                });
    }

    /** What the root project says about a node of a package counts more than what that says. */
    private void lastWord(Draft draft) {
        if (draft.packageName.equals(scope.root().name())) {
            return;
        }
        Optional<YamlValue> ofPython =
                draft.isPython() ? draft.settings.find("materialized") : Optional.empty();
        Optional.ofNullable(scope.root().configs().get(draft.kind.section()))
                .ifPresent(t -> draft.settings.putTree(t, draft.fqn));
        ofPython.ifPresent(m -> draft.settings.put("materialized", m));
    }

    /** Renders a draft's template, which is read when it is needed for the first time. */
    Rendered rendered(Draft draft, NodeContext context) {
        if (draft.block.isPresent()) {
            return draft.block.get().render(context);
        }
        if (draft.template.isEmpty()) {
            draft.template = Optional.of(scope.jinja().parse(draft.file, draft.text));
        }
        return draft.template.get().render(context);
    }

    /** The statements around a node's building. */
    private List<SqlText> hooks(Draft draft, String key, Mode mode) {
        if (draft.settings.find(key).isEmpty()) {
            return List.of();
        }
        return new HookTexts(scope)
                .render(
                        draft.settings.find(key).get(),
                        new NodeContext(scope, draft, mode, database));
    }

    private RenderTrace readAnew(Draft draft) {
        NodeContext context = new NodeContext(scope, draft, Mode.READ);
        switch (draft.kind) {
            case SEED, UNIT -> {}
            case GENERIC -> tests.read(draft, context, problems);
            case MODEL, SINGULAR, SNAPSHOT, ANALYSIS, FUNCTION -> rendered(draft, context);
        }
        return context.trace();
    }

    /** Learns what Python code says of its model, without running it. */
    private void readPython(Draft draft) {
        Optional<Problem> unreadable =
                PythonCode.jinja(draft.file, draft.text)
                        .or(() -> PythonSyntax.wrong(draft.file, draft.text));
        if (unreadable.isPresent()) {
            problems.add(unreadable.get());
            return;
        }
        Problems found = new Problems();
        for (PythonCode.Call call : PythonCode.calls(draft.file, draft.text, found)) {
            switch (call.function()) {
                case "config" ->
                        call.keywords()
                                .forEach((key, value) -> {
                                    if (value != null) {
                                        YamlValue told = YamlRendering.of(call.place(), value);
                                        draft.settings.put(key, told);
                                        draft.written.call(key, told);
                                    }
                                });
                case "ref" -> {
                    List<@Nullable Object> names = call.positional();
                    Object version =
                            call.keywords().getOrDefault("v", call.keywords().get("version"));
                    draft.refs.add(
                            new Draft.RefCall(
                                    names.size() > 1
                                            ? Optional.of(Values.text(names.getFirst()))
                                            : Optional.empty(),
                                    names.isEmpty() ? "" : Values.text(names.getLast()),
                                    Optional.ofNullable(version).map(Values::text),
                                    call.place()));
                }
                default -> {
                    if (call.positional().size() == 2) {
                        draft.sources.add(
                                new Draft.SourceCall(
                                        Values.text(call.positional().get(0)),
                                        Values.text(call.positional().get(1)),
                                        call.place()));
                    }
                }
            }
        }
        if (!found.isEmpty()) {
            draft.failed = true;
            problems.addAll(found.sorted());
        }
    }

    /** Decides where a model or seed goes. */
    void name(Draft draft) {
        if (draft.kind == Draft.Kind.UNIT) {
            return;
        }
        if (draft.kind.isTest()) {
            nameTest(draft);
            return;
        }
        guarded(
                draft,
                () -> {
                    List<String> own = List.copyOf(draft.macros);
                    draft.schema = String.valueOf(scope.target().get("schema"));
                    NodeContext context = naming(draft);
                    Map<Object, @Nullable Object> node = draft.asMap();
                    Object fixed =
                            draft.kind == Draft.Kind.SNAPSHOT
                                    ? draft.settings.plain("target_schema")
                                    : null;
                    String schema =
                            fixed == null
                                    ? named(context, "generate_schema_name", "schema", node)
                                    : Values.text(fixed);
                    String alias = named(context, "generate_alias_name", "alias", node);
                    place(draft, context, node, schema);
                    draft.macros.retainAll(own);
                    if (draft.version.isPresent() && alias.equals(draft.name)) {
                        alias += "_v" + String.valueOf(draft.version.get()).replace('.', '_');
                    }
                    draft.identifier = alias;
                    if (draft.kind != Draft.Kind.ANALYSIS) {
                        draft.relation = Optional.of(new TableName(draft.schema, alias));
                    }
                });
    }

    /** Names are found once: a variable that nobody set cannot be part of one. */
    private NodeContext naming(Draft draft) {
        NodeContext context = new NodeContext(scope, draft, Mode.READ);
        return context.override("var", new VarFunction(context, true));
    }

    /** Databases matter only where a profile attaches some. */
    private void place(
            Draft draft, NodeContext context, Map<Object, @Nullable Object> node, String schema) {
        draft.schema = schema;
        if (scope.target().containsKey(Databases.KEY)) {
            Object fixed = draft.settings.plain("target_database");
            String wanted =
                    fixed == null
                            ? named(context, "generate_database_name", "database", node)
                            : Values.text(fixed);
            Databases databases = Databases.of(scope.target());
            draft.database = databases.name(wanted);
            draft.schema = databases.schema(wanted, schema);
        }
    }

    /** Where the failing rows of a test go, if they are kept. */
    private void nameTest(Draft draft) {
        guarded(
                draft,
                () -> {
                    List<String> own = List.copyOf(draft.macros);
                    draft.schema = String.valueOf(scope.target().get("schema"));
                    Object custom = draft.settings.plain("schema");
                    NodeContext context = naming(draft);
                    Object schema =
                            Values.call(
                                    context.resolve("generate_schema_name"),
                                    Arguments.of(
                                            custom == null ? "dbt_test__audit" : custom,
                                            draft.asMap()));
                    Object chosen = draft.settings.plain("alias");
                    if (chosen == null && !draft.identifier.equals(draft.name)) {
                        chosen = draft.identifier;
                    }
                    Object alias =
                            Values.call(
                                    context.resolve("generate_alias_name"),
                                    Arguments.of(chosen, draft.asMap()));
                    draft.macros.retainAll(own);
                    draft.schema = Values.text(schema).strip();
                    draft.identifier = Values.text(alias).strip();
                });
    }

    private String named(
            NodeContext context, String macro, String setting, Map<Object, @Nullable Object> node) {
        Object custom = context.node().map(n -> n.settings.plain(setting)).orElse(null);
        Object value = Values.call(context.resolve(macro), Arguments.of(custom, node));
        if (value == null && setting.equals("schema")) {
            context.node().ifPresent(n -> n.hasNoSchema = true);
        }
        return Values.text(value).strip();
    }

    /** Gets the SQL. Every draft it may refer to has been read and named. */
    void compile(Draft draft) {
        compiled(draft);
        if (!draft.late) {
            draft.said.forEach(Runnable::run);
        }
        draft.said.clear();
    }

    private void compiled(Draft draft) {
        if (draft.failed || draft.kind == Draft.Kind.UNIT) {
            return;
        }
        draft.compiling = true;
        if (draft.isMicrobatch() && database.isEmpty() && asksForPeriod(draft)) {
            draft.asksForPeriod = true;
            draft.late = true;
        }
        guarded(
                draft,
                () -> {
                    renderHooks(draft);
                    if (draft.kind == Draft.Kind.SEED) {
                        return;
                    }
                    if (draft.isPython()) {
                        draft.full = Optional.of(new SqlText(draft.text, o -> placeIn(draft, o)));
                        return;
                    }
                    draft.full = Optional.of(sql(draft, Mode.FULL));
                    if (draft.late
                            && (draft.kind == Draft.Kind.FUNCTION || draft.isTableFunction())) {
                        problems.add(ProjectErrors.functionLooksAtData(draft.place, draft.name));
                    }
                    if (database.isEmpty() && StandardNames.listsContents(draft.full.get().sql())) {
                        draft.late = true;
                    }
                    if (draft.isIncremental()) {
                        draft.incremental = Optional.of(sql(draft, Mode.INCREMENTAL));
                    }
                });
    }

    private boolean asksForPeriod(Draft draft) {
        return BatchPeriod.isAskedIn(draft.text)
                || List.copyOf(draft.macros).stream()
                        .map(id -> id.split("\\.", 3))
                        .filter(parts -> !parts[1].equals(MacroLibrary.INTERNAL))
                        .flatMap(parts -> scope.macros().in(parts[1], parts[2]).stream())
                        .anyMatch(m -> BatchPeriod.isAskedIn(m.block().bodyText()));
    }

    private static Optional<Place> placeIn(Draft draft, int offset) {
        String before = draft.text.substring(0, Math.clamp(offset, 0, draft.text.length()));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return Optional.of(new Place(draft.file, line, before.length() - before.lastIndexOf('\n')));
    }

    /** Hooks that look at data do not keep the node's own code waiting. */
    private void renderHooks(Draft draft) {
        if (asksForIncremental(draft, "pre-hook") || asksForIncremental(draft, "post-hook")) {
            hooksLater(draft);
            return;
        }
        try {
            draft.before = hooks(draft, "pre-hook", Mode.FULL);
            draft.after = hooks(draft, "post-hook", Mode.FULL);
        } catch (JinjaException | TarnException e) {
            if (!putOff(draft)) {
                throw e;
            }
            draft.late = false;
            draft.said.clear();
            hooksLater(draft);
        }
    }

    private static void hooksLater(Draft draft) {
        draft.lateHooks = true;
        draft.before = placeholders(draft, "pre-hook");
        draft.after = placeholders(draft, "post-hook");
    }

    /** Whether what a hook says is known only when it is known how the table is built. */
    private static boolean asksForIncremental(Draft draft, String key) {
        return draft.settings.find(key).map(HookTexts::texts).orElse(List.of()).stream()
                .anyMatch(t -> t.text().contains("is_incremental"));
    }

    private static List<SqlText> placeholders(Draft draft, String key) {
        return draft.settings.find(key).map(HookTexts::texts).orElse(List.of()).stream()
                .map(t -> SqlText.of(""))
                .toList();
    }

    /** Executes the statements around a node's building: each sees what those before it did. */
    void lateHooks(Draft draft, String key, Mode mode) {
        CompileDatabase data = database.orElseThrow();
        guarded(
                draft,
                () ->
                        draft.settings
                                .find(key)
                                .ifPresent(texts ->
                                        new HookTexts(scope)
                                                .each(
                                                        texts,
                                                        new NodeContext(
                                                                scope, draft, mode, database),
                                                        data::execute)));
    }

    /** Gets the SQL of a node that looks at data, now that the data is there. */
    void compileLate(Draft draft, Mode mode) {
        guarded(
                draft,
                () -> {
                    SqlText sql = sql(draft, mode);
                    draft.full = Optional.of(sql);
                    draft.incremental = draft.isIncremental() ? Optional.of(sql) : Optional.empty();
                });
    }

    private SqlText sql(Draft draft, Mode mode) {
        return remembered.sql(
                draft,
                mode,
                () -> {
                    NodeContext context = new NodeContext(scope, draft, mode, database);
                    return new RenderCache.Rendering(sql(draft, context), context.trace());
                });
    }

    private SqlText sql(Draft draft, NodeContext context) {
        Optional<String> home = Databases.home(scope.target());
        if (draft.kind == Draft.Kind.GENERIC) {
            String text = Values.text(tests.call(draft, context)).strip();
            return new SqlText(StandardNames.own(text, home), offset -> Optional.of(draft.place));
        }
        Rendered rendered = rendered(draft, context);
        return new SqlText(
                StandardNames.own(
                        draft.kind.isTest()
                                ? rendered.text().stripTrailing()
                                : withoutEnd(rendered.text()),
                        home),
                offset -> Optional.of(TemplateErrors.place(rendered.sourceMap().locate(offset))));
    }

    /** Without the blanks and semicolons at the end. */
    private static String withoutEnd(String sql) {
        int end = sql.length();
        while (end > 0
                && (Character.isWhitespace(sql.charAt(end - 1)) || sql.charAt(end - 1) == ';')) {
            end--;
        }
        return sql.substring(0, end);
    }

    private void guarded(Draft draft, Runnable work) {
        try {
            work.run();
        } catch (JinjaException e) {
            if (putOff(draft)) {
                return;
            }
            draft.failed = true;
            if (draft.kind == Draft.Kind.GENERIC) {
                problems.add(GenericTestCall.problem(draft, e));
            } else {
                problems.add(TemplateErrors.problem(e, draft.place));
            }
        } catch (TarnException e) {
            if (putOff(draft)) {
                return;
            }
            draft.failed = true;
            e.problems()
                    .forEach(p ->
                            problems.add(
                                    p.place().isPresent()
                                            ? p
                                            : Problem.at(p.code(), draft.place, p.message())));
        }
    }

    /** Whether a draft failed only because it wants to see data that is not there yet. */
    private boolean putOff(Draft draft) {
        if (draft.compiling && scope.request().failLate() && database.isEmpty()) {
            draft.late = true;
        }
        return draft.late && database.isEmpty();
    }
}
