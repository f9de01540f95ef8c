package dev.tarn.run;

import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.BuildRules;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Executes what a project wants done around its nodes and around a whole run. */
final class Hooks {
    /** What a task ends with that has left nothing in the schema of its node. */
    private static final Set<String> NOTHING_BUILT = Set.of("error", "fail", "skipped");

    private final TaskContext.Ground ground;
    private final NodeCompiler compiler;

    Hooks(TaskContext.Ground ground, NodeCompiler compiler) {
        this.ground = ground;
        this.compiler = compiler;
    }

    /** Whether anything is to be done around a node. */
    static boolean has(Node node) {
        BuildRules rules = rules(node);
        return !rules.before().isEmpty() || rules.header().isPresent() || !rules.after().isEmpty();
    }

    void before(Node node, NodeScope scope) {
        around(node, rules(node).before(), compiler::before, scope);
        execute(rules(node).header().stream().toList(), scope);
    }

    void after(Node node, NodeScope scope) {
        around(node, rules(node).after(), compiler::after, scope);
        sweep(scope, node.id().toString());
    }

    /** Tables that were made for the work only go with it. */
    private void sweep(NodeScope scope, String work) {
        if (scope.hasTemporary()) {
            try (TaskContext context = new TaskContext(ground, scope)) {
                context.sweep(work);
            }
        }
    }

    private interface Rendering {
        List<SqlText> render(Node node, TaskContext context);
    }

    private void around(Node node, List<SqlText> asked, Rendering rendering, NodeScope scope) {
        if (asked.isEmpty()) {
            return;
        }
        List<SqlText> statements;
        try (TaskContext context = new TaskContext(ground, scope)) {
            statements = rendering.render(node, context);
        }
        execute(statements, scope);
    }

    static BuildRules rules(Node node) {
        return switch (node) {
            // An ephemeral model is not built, so nothing is done around that.
            case Node.Model model ->
                    model.materialization() instanceof Materialization.Ephemeral
                            ? BuildRules.NONE
                            : model.rules();
            case Node.Seed seed -> seed.rules();
            case Node.Source source -> BuildRules.NONE;
            case Node.Check check -> BuildRules.NONE;
        };
    }

    /** Why the run cannot begin; empty when it can. */
    Optional<Problem> atStart() {
        return attempt(context -> compiler.atStart(ground.request().project(), context));
    }

    /** What went wrong at the end; empty when nothing did. */
    Optional<Problem> atEnd(List<Task> tasks, List<Verdict> verdicts) {
        return attempt(context ->
                compiler.atEnd(ground.request().project(), names(tasks, verdicts), context));
    }

    private interface Texts {
        List<SqlText> render(TaskContext context);
    }

    private Optional<Problem> attempt(Texts texts) {
        NodeScope scope = NodeScope.fresh();
        try (TaskContext context = new TaskContext(ground, scope)) {
            execute(texts.render(context), scope);
            sweep(scope, "the run");
            return Optional.empty();
        } catch (TarnException e) {
            return Optional.of(e.problems().getFirst());
        }
    }

    private void execute(List<SqlText> statements, NodeScope scope) {
        if (!statements.isEmpty()) {
            StatementExecutor executor =
                    new StatementExecutor(() -> new TaskContext(ground, scope));
            statements.forEach(executor::execute);
        }
    }

    private Map<String, @Nullable Object> names(List<Task> tasks, List<Verdict> verdicts) {
        Map<String, Verdict> judged = new LinkedHashMap<>();
        verdicts.forEach(v -> judged.put(v.check(), v));
        List<Object> results = new ArrayList<>();
        Set<String> built = new LinkedHashSet<>();
        for (Task task : tasks) {
            if (isEphemeral(task)) {
                continue;
            }
            Map<Object, @Nullable Object> result = new LinkedHashMap<>();
            result.put(
                    "node",
                    ground.request()
                            .project()
                            .manifest()
                            .node(new dev.tarn.model.graph.NodeId(task.node())));
            result.put("unique_id", task.node());
            Optional<Verdict> verdict = Optional.ofNullable(judged.get(task.node()));
            String status = word(task, verdict);
            result.put("status", status);
            if (!NOTHING_BUILT.contains(status)) {
                schema(task).ifPresent(built::add);
            }
            result.put("message", message(task, verdict).orElse(null));
            result.put("failures", task.node().startsWith("test.") ? (Object) task.rows() : null);
            result.put(
                    "execution_time",
                    task.startedAt().isPresent() && task.finishedAt().isPresent()
                            ? (double)
                                            java.time.Duration.between(
                                                            task.startedAt().get(),
                                                            task.finishedAt().get())
                                                    .toMillis()
                                    / 1000
                            : 0.0);
            result.put("thread_id", "Thread-1");
            result.put("adapter_response", new LinkedHashMap<>());
            result.put("timing", timing(task));
            results.add(result);
        }
        results.addAll(
                new Bystanders(ground.request().project(), tasks)
                        .results(ground.request().beside()));
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        names.put("results", results);
        List<Object> schemas = new ArrayList<>(built);
        names.put("schemas", schemas);
        names.put(
                "database_schemas",
                new ArrayList<>(schemas.stream().map(s -> List.of("tarn", s)).toList()));
        return names;
    }

    /** Where a node is, or the rows that a check keeps. */
    private Optional<String> schema(Task task) {
        return ground.request()
                .project()
                .find(new dev.tarn.model.graph.NodeId(task.node()))
                .filter(n -> !(n instanceof Node.Source))
                .flatMap(n ->
                        n instanceof Node.Check check
                                ? kept(check)
                                : Identities.relation(n).map(TableName::schema));
    }

    private Optional<String> kept(Node.Check check) {
        boolean kept = check.rules().storeFailures().orElse(ground.request().storeFailures());
        return kept ? check.rules().kept().map(TableName::schema) : Optional.empty();
    }

    private Optional<String> message(Task task, Optional<Verdict> verdict) {
        Optional<Node> node =
                ground.request().project().find(new dev.tarn.model.graph.NodeId(task.node()));
        return switch (word(task, verdict)) {
            case "success" -> Optional.of("OK");
            case "pass" -> Optional.empty();
            case "fail", "warn" ->
                    node.filter(Node.Check.class::isInstance)
                            .map(Node.Check.class::cast)
                            .flatMap(c ->
                                    verdict.map(v ->
                                            FailureText.found(
                                                    c, v.failures(), word(task, verdict))))
                            .or(task::message);
            case "error" ->
                    task.message()
                            .map(m -> node.map(n -> FailureText.of(n, m).toString()).orElse(m));
            default -> task.message();
        };
    }

    /** The parts of the time that a task took; there is no separate one for its template. */
    private static List<Object> timing(Task task) {
        if (task.startedAt().isEmpty() || task.finishedAt().isEmpty()) {
            return List.of();
        }
        Instant began = task.startedAt().get();
        return List.of(
                part("compile", began, began), part("execute", began, task.finishedAt().get()));
    }

    private static Map<String, Object> part(String name, Instant began, Instant ended) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("name", name);
        part.put("started_at", began);
        part.put("completed_at", ended);
        return part;
    }

    private boolean isEphemeral(Task task) {
        return ground.request()
                .project()
                .find(new dev.tarn.model.graph.NodeId(task.node()))
                .filter(n ->
                        n instanceof Node.Model m
                                && m.materialization() instanceof Materialization.Ephemeral)
                .isPresent();
    }

    /** The word dbt has for how a task ended. */
    private static String word(Task task, Optional<Verdict> verdict) {
        boolean test = task.node().startsWith("test.") || task.node().startsWith("unit_test.");
        return switch (task.status()) {
            case SUCCEEDED, UNCHANGED -> test ? "pass" : "success";
            case WARNED -> "warn";
            case FAILED -> test && verdict.isPresent() ? "fail" : "error";
            case SKIPPED, CANCELLED -> "skipped";
            case WAITING, RUNNING -> task.status().name().toLowerCase(Locale.ROOT);
        };
    }
}
