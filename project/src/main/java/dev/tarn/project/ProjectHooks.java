package dev.tarn.project;

import dev.tarn.jinja.JinjaException;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.HookEnd;
import dev.tarn.model.graph.HookName;
import dev.tarn.model.graph.RunHooks;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.YamlValue.Scalar;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The statements of {@code on-run-start} and {@code on-run-end} of a project and its packages. */
public final class ProjectHooks implements RunHooks {
    private final CompileScope scope;
    private final Optional<Execution> execution;

    /** Where statements are executed, and who is told how each ended. */
    private record Execution(CompileDatabase data, Clock clock, Consumer<HookEnd> ended) {}

    private record Hook(HookName name, ProjectFile file, Scalar text) {}

    ProjectHooks(CompileScope scope) {
        this(scope, Optional.empty());
    }

    private ProjectHooks(CompileScope scope, Optional<Execution> execution) {
        this.scope = scope;
        this.execution = execution;
    }

    /**
     * The same, with templates that can look at data.
     *
     * @param ended is told of every statement, also of those that are skipped because one failed
     */
    public ProjectHooks with(CompileDatabase data, Clock clock, Consumer<HookEnd> ended) {
        return new ProjectHooks(scope, Optional.of(new Execution(data, clock, ended)));
    }

    @Override
    public List<SqlText> atStart() {
        scope.graph().forget();
        return render("on-run-start", Map.of());
    }

    @Override
    public boolean nodesNeedStart() {
        return scope.root().flag("skip_nodes_if_on_run_start_fails").equals(Optional.of(true));
    }

    @Override
    public Set<String> vocabulary() {
        return MadeWords.of(scope);
    }

    @Override
    public List<SqlText> wordsFor(SqlText query) {
        List<SqlText> words = new ArrayList<>();
        if (MadeWords.anyOf(vocabulary()).matcher(query.sql()).find()) {
            for (Hook hook : new ProjectHooks(scope).hooks("on-run-start")) {
                try {
                    List<SqlText> texts = new ArrayList<>();
                    render(hook, Map.of(), texts::add);
                    words.addAll(texts);
                } catch (TarnException e) {
                    // It needs data, or is wrong: a run says so, and the query what it lacks.
                }
            }
        }
        return words;
    }

    @Override
    public List<SqlText> atEnd(Map<String, @Nullable Object> names) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(names);
        shown.computeIfPresent(
                "results",
                (name, told) -> told instanceof List<?> list ? EndedValue.all(list) : told);
        return render("on-run-end", shown);
    }

    /** All of one moment: those of the project, then those of its packages. */
    private List<Hook> hooks(String when) {
        List<Hook> hooks = new ArrayList<>();
        for (ProjectFile file : scope.packages().values()) {
            int index = 0;
            for (Scalar text : file.runHooks().getOrDefault(when, List.of())) {
                hooks.add(new Hook(new HookName(file.name(), when, index), file, text));
                index++;
            }
        }
        return hooks;
    }

    /** With data, each is executed before the next is rendered, so that this sees what it did. */
    private List<SqlText> render(String when, Map<String, @Nullable Object> names) {
        List<SqlText> statements = new ArrayList<>();
        List<Hook> hooks = hooks(when);
        TarnException failure = null;
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            if (execution.isEmpty()) {
                render(hook, names, statements::add);
                continue;
            }
            Execution where = execution.get();
            Optional<Instant> began = Optional.empty();
            Optional<Instant> ended = Optional.empty();
            Optional<Problem> wrong = Optional.empty();
            if (failure == null) {
                began = Optional.of(where.clock().instant());
                failure = failure(hook, names, where);
                ended = Optional.of(where.clock().instant());
                wrong = Optional.ofNullable(failure).map(e -> e.problems().getFirst());
            }
            where.ended()
                    .accept(new HookEnd(hook.name(), i + 1, hooks.size(), began, ended, wrong));
        }
        if (failure != null) {
            throw failure;
        }
        return statements;
    }

    /** Why it failed, or nothing. */
    private @Nullable TarnException failure(
            Hook hook, Map<String, @Nullable Object> names, Execution where) {
        try {
            render(hook, names, where.data()::execute);
            return null;
        } catch (TarnException e) {
            return e;
        }
    }

    private void render(Hook hook, Map<String, @Nullable Object> names, Consumer<SqlText> use) {
        NodeContext context =
                NodeContext.executing(scope, hook.file().name(), execution.map(Execution::data));
        names.forEach(context::override);
        try {
            new HookTexts(scope).each(hook.text(), context, use);
        } catch (JinjaException e) {
            throw new TarnException(TemplateErrors.problem(e, Place.of(hook.file().file())));
        }
    }

    /** What the manifest says of them, by id. */
    static Map<String, Map<Object, @Nullable Object>> facts(CompileScope scope) {
        Map<String, Map<Object, @Nullable Object>> all = new LinkedHashMap<>();
        for (String when : List.of("on-run-start", "on-run-end")) {
            Map<String, Integer> before = new LinkedHashMap<>();
            for (Hook hook : new ProjectHooks(scope).hooks(when)) {
                HookName name = hook.name();
                Draft draft =
                        new Draft(
                                Draft.Kind.ANALYSIS,
                                name.id(),
                                name.node(),
                                name.packageName(),
                                List.of(name.packageName(), "hooks", name.node()),
                                Place.of(hook.file().file()),
                                hook.text().text());
                Map<Object, @Nullable Object> facts = draft.asMap();
                facts.put("resource_type", "operation");
                facts.put("path", "hooks/" + name.node() + ".sql");
                facts.put("tags", new ArrayList<>(List.of(when)));
                facts.put("schema", scope.target().get("schema"));
                facts.put("index", before.merge(name.packageName(), 1, Integer::sum) - 1);
                all.put(name.id().value(), facts);
            }
        }
        return all;
    }
}
