package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.spi.RunLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the tasks of one run, as many at a time as the settings allow. One thread decides; the
 * others only work and report back, so that no state is shared.
 */
final class RunExecution {
    private static final Logger log = LoggerFactory.getLogger(RunExecution.class);

    private final TaskContext.Ground ground;
    private final int nodesAtOnce;
    private final int sampleRows;
    private final RunLog runLog;
    private final Optional<SourceLoader> loader;
    private final NodeCompiler compiler;
    private final RunListener listener;
    private final Optional<StepPublisher> steps;
    private final TaskGraph graph;
    private final Hooks hooks;
    private final Map<NodeId, Task> tasks = new LinkedHashMap<>();
    private final Map<NodeId, TaskContext> active = new ConcurrentHashMap<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<RunReport.Finding> findings = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private boolean failedAround;

    RunExecution(
            TaskContext.Ground ground,
            RunSettings settings,
            RunLog runLog,
            Optional<SourceLoader> loader,
            NodeCompiler compiler,
            RunListener listener,
            Optional<StepPublisher> steps) {
        this.steps = steps;
        this.ground = ground;
        nodesAtOnce = settings.nodesAtOnce(ground.request().project());
        sampleRows = settings.sampleRows();
        this.runLog = runLog;
        this.loader = loader;
        this.compiler = compiler;
        this.listener = listener;
        hooks = new Hooks(ground, compiler);
        graph = new TaskGraph(ground.request().project(), ground.request().selected());
        for (Node node : graph.nodes()) {
            tasks.put(node.id(), waiting(ground.run(), node));
        }
    }

    /** What a worker brings back. */
    private record Outcome(
            Node node,
            @Nullable TaskResult result,
            Optional<Verdict> verdict,
            Optional<RunReport.Finding> finding,
            @Nullable Throwable failure) {}

    /** The nodes for which something is done. */
    List<Node> nodes() {
        return graph.nodes().stream().filter(n -> !isPart(n)).toList();
    }

    List<Task> tasks() {
        return graph.nodes().stream()
                .map(n -> Optional.of(task(n.id())).filter(t -> isTold(n, t)))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Nothing is done for a node that is part of what reads it. */
    private static boolean isPart(Node node) {
        return node instanceof Node.Model model
                && model.materialization() instanceof Materialization.Ephemeral;
    }

    private static boolean isTold(Node node, Task task) {
        return !isPart(node) || task.status() == TaskStatus.FAILED;
    }

    List<Verdict> verdicts() {
        return List.copyOf(verdicts);
    }

    List<RunReport.Finding> findings() {
        return List.copyOf(findings);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Whether anything failed, so that nothing may be published. */
    boolean failed() {
        return failedAround
                || tasks.values().stream().anyMatch(t -> t.status() == TaskStatus.FAILED);
    }

    /** Something around the nodes failed. */
    void fail(Problem problem) {
        failedAround = true;
        problems.add(problem);
    }

    /** Nothing is tried. */
    void skipAll(String why) {
        for (Node node : graph.nodes()) {
            update(node, ended(task(node.id()), TaskStatus.SKIPPED, Optional.of(why)));
        }
    }

    /** How far the nodes are that run right now. */
    Progress progress() {
        return id -> {
            TaskContext context = active.get(id);
            return context == null ? OptionalDouble.empty() : context.progress();
        };
    }

    /** Executes everything that can be executed; returns when nothing is running any more. */
    void execute() {
        BlockingQueue<Outcome> finished = new LinkedBlockingQueue<>();
        Set<NodeId> waiting = new LinkedHashSet<>(tasks.keySet());
        Set<NodeId> running = new HashSet<>();
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        nodesAtOnce, Thread.ofPlatform().name("task-", 1).factory())) {
            while (!waiting.isEmpty() || !running.isEmpty()) {
                start(waiting, running, finished, workers);
                if (running.isEmpty()) {
                    continue;
                }
                Outcome outcome = take(finished);
                running.remove(outcome.node().id());
                settle(outcome);
            }
        }
    }

    private void start(
            Set<NodeId> waiting,
            Set<NodeId> running,
            BlockingQueue<Outcome> finished,
            ExecutorService workers) {
        for (NodeId id : List.copyOf(waiting)) {
            Node node = ground.request().project().find(id).orElseThrow();
            if (ground.request().failFast() && !problems.isEmpty()) {
                waiting.remove(id);
                update(
                        node,
                        ended(
                                task(id),
                                TaskStatus.SKIPPED,
                                Optional.of("because the run ends with its first failure")));
                continue;
            }
            if (ground.cancellation().isCancelled()) {
                waiting.remove(id);
                update(node, ended(task(id), TaskStatus.CANCELLED, Optional.of("stopped")));
                continue;
            }
            Optional<NodeId> culprit =
                    graph.waitsFor(id).stream().filter(d -> blocks(task(d))).findFirst();
            if (culprit.isPresent()) {
                waiting.remove(id);
                update(
                        node,
                        ended(
                                task(id),
                                TaskStatus.SKIPPED,
                                Optional.of("because " + shortName(culprit.get()) + " failed")));
                continue;
            }
            boolean ready = graph.waitsFor(id).stream().allMatch(d -> task(d).status().isFinal());
            if (ready && running.size() < nodesAtOnce) {
                waiting.remove(id);
                running.add(id);
                update(node, started(task(id)));
                workers.execute(() -> finished.add(work(node)));
            }
        }
    }

    private Outcome work(Node node) {
        NodeScope scope = NodeScope.fresh();
        try {
            Outcome outcome = task(node, scope);
            steps.ifPresent(s -> s.step(scope.changed(), "build " + node.id()));
            return outcome;
        } catch (TarnException failure) {
            takeBack(node, scope);
            return new Outcome(
                    node, null, Optional.empty(), Optional.empty(), whyMissing(node, failure));
        } catch (Throwable failure) {
            takeBack(node, scope);
            return new Outcome(node, null, Optional.empty(), Optional.empty(), failure);
        } finally {
            active.remove(node.id());
        }
    }

    /** What a node did before it failed, and what its hooks did, is no part of the run. */
    private void takeBack(Node node, NodeScope scope) {
        List<Change> changes = scope.takenBack();
        if (changes.isEmpty()) {
            return;
        }
        try {
            ground.catalog()
                    .commit(
                            new CommitRequest(
                                    RefName.of(ground.run()),
                                    changes,
                                    "take back " + node.id(),
                                    Optional.of(ground.run()),
                                    false,
                                    List.of(),
                                    List.of()));
        } catch (TarnException e) {
            log.warn("What {} did could not be taken back", node.id(), e);
        }
    }

    private Outcome task(Node node, NodeScope scope) {
        Node ready;
        try (TaskContext context = new TaskContext(ground, scope)) {
            active.put(node.id(), context);
            ready = compiler.compile(node, context);
            boolean own = CustomTask.isFor(node) || (node instanceof Node.Model m && m.isPython());
            if (ready.equals(node) && !Hooks.has(node) && !own) {
                return outcome(node, ready, context);
            }
        }
        if (ready instanceof Node.Model model && CustomTask.isFor(model)) {
            // Its macro decides when its hooks run.
            try (TaskContext context = new TaskContext(ground, scope.seenBy(model))) {
                active.put(node.id(), context);
                TaskResult built = new CustomTask(model, compiler, context).run();
                return new Outcome(node, built, Optional.empty(), Optional.empty(), null);
            }
        }
        if (ready instanceof Node.Model model && model.isPython()) {
            return python(model, scope);
        }
        // What its template or its hooks did is part of what it sees.
        hooks.before(ready, scope);
        Outcome outcome;
        try (TaskContext context = new TaskContext(ground, scope)) {
            active.put(node.id(), context);
            boolean headed = Hooks.rules(ready).header().isPresent();
            outcome =
                    outcome(
                            node,
                            headed ? compiler.columnsChecked(ready, context) : ready,
                            context);
        }
        hooks.after(ready, scope);
        return outcome;
    }

    private Outcome python(Node.Model model, NodeScope scope) {
        hooks.before(model, scope);
        TaskResult result;
        try (TaskContext context = new TaskContext(ground, scope.seenBy(model))) {
            active.put(model.id(), context);
            if (new ModelTask(model, context).isUnchanged()) {
                result = new ModelTask(model, context).run();
            } else {
                try (NodeCompiler.MadeRows rows = compiler.rows(model, context)) {
                    result = new ModelTask(model.withSql(rows.query()), context).run();
                }
            }
        }
        hooks.after(model, scope);
        return new Outcome(model, result, Optional.empty(), Optional.empty(), null);
    }

    private Outcome outcome(Node node, Node ready, TaskContext context) {
        new InputFilter(context).apply(ready);
        if (ready instanceof Node.Check check) {
            CheckTask.Outcome found = new CheckTask(check, context, compiler, sampleRows).run();
            return new Outcome(
                    node, found.result(), Optional.of(found.verdict()), found.finding(), null);
        }
        return new Outcome(node, build(ready, context), Optional.empty(), Optional.empty(), null);
    }

    /** A table that is missing is told better when it is one that the node reads. */
    private TarnException whyMissing(Node node, TarnException failure) {
        if (failure.code() != ErrorCode.TABLE_NOT_FOUND) {
            return failure;
        }
        try (TaskContext context = new TaskContext(ground)) {
            for (NodeId id : node.dependsOn()) {
                Node input = ground.request().project().find(id).orElseThrow();
                Optional<TableName> missing =
                        relation(input)
                                .filter(t -> context.relations().resolve(t).isEmpty())
                                .filter(t ->
                                        String.valueOf(failure.getMessage()).contains(t.table()));
                if (missing.isPresent()) {
                    return RunErrors.inputMissing(node, input, missing.get());
                }
            }
        }
        return failure;
    }

    private static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Model model ->
                    model.materialization().isKept()
                            ? Optional.of(model.relation())
                            : Optional.empty();
            case Node.Seed seed -> Optional.of(seed.relation());
            case Node.Source source -> Optional.of(source.relation());
            case Node.Check check -> Optional.empty();
        };
    }

    private TaskResult build(Node node, TaskContext context) {
        return switch (node) {
            case Node.Model model -> new ModelTask(model, context, compiler).run();
            case Node.Seed seed -> SeedTask.run(seed, context);
            case Node.Source source ->
                    !source.isLoaded()
                            ? TaskResult.unchanged("filled by others")
                            : loader.orElseThrow(() -> RunErrors.noLoader(source))
                                    .load(source, context);
            case Node.Check check ->
                    throw new IllegalStateException("Checks are judged, not built");
        };
    }

    private void settle(Outcome outcome) {
        Node node = outcome.node();
        outcome.verdict().ifPresent(verdicts::add);
        outcome.finding().ifPresent(findings::add);
        TaskResult result = outcome.result();
        if (result != null) {
            Task task = task(node.id());
            update(
                    node,
                    new Task(
                            task.run(),
                            task.node(),
                            task.attempt(),
                            result.status(),
                            task.startedAt(),
                            Optional.of(ground.clock().instant()),
                            result.rows(),
                            result.bytes(),
                            result.message()));
            if (result.status() == TaskStatus.FAILED && node instanceof Node.Check check) {
                problems.add(RunErrors.checkFailed(check, result.rows()));
            }
            problems.addAll(ground.batches().problems(node.id()));
            return;
        }
        Throwable failure = outcome.failure();
        if (ground.cancellation().isCancelled()) {
            update(node, ended(task(node.id()), TaskStatus.CANCELLED, Optional.of("stopped")));
            return;
        }
        Problem problem =
                RunErrors.asProblem(
                        node, failure == null ? new IllegalStateException("no result") : failure);
        if (!(failure instanceof TarnException)) {
            log.error("{} failed", node.id(), failure);
        }
        List<Problem> all = new ArrayList<>(List.of(problem));
        if (failure instanceof TarnException known && known.problems().size() > 1) {
            all.addAll(known.problems().subList(1, known.problems().size()));
        }
        problems.addAll(all);
        String told = all.stream().map(Problem::toString).collect(Collectors.joining("\n"));
        update(node, ended(task(node.id()), TaskStatus.FAILED, Optional.of(told)));
    }

    private void update(Node node, Task task) {
        tasks.put(node.id(), task);
        if (isTold(node, task)) {
            runLog.record(List.of(task));
            listener.changed(node, task);
        }
    }

    private Task task(NodeId id) {
        Task task = tasks.get(id);
        if (task == null) {
            throw new IllegalStateException("No task for " + id);
        }
        return task;
    }

    private Task started(Task task) {
        return new Task(
                task.run(),
                task.node(),
                task.attempt(),
                TaskStatus.RUNNING,
                Optional.of(ground.clock().instant()),
                Optional.empty(),
                0,
                0,
                Optional.empty());
    }

    private Task ended(Task task, TaskStatus status, Optional<String> message) {
        return new Task(
                task.run(),
                task.node(),
                task.attempt(),
                status,
                task.startedAt(),
                Optional.of(ground.clock().instant()),
                0,
                0,
                message);
    }

    private static Task waiting(RunId run, Node node) {
        return new Task(
                run,
                node.id().value(),
                1,
                TaskStatus.WAITING,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Optional.empty());
    }

    private static boolean blocks(Task task) {
        return task.status() == TaskStatus.FAILED || task.status() == TaskStatus.SKIPPED;
    }

    private static String shortName(NodeId id) {
        String[] parts = id.value().split("\\.", 4);
        if (parts.length < 3) {
            return id.value();
        }
        // The last part of a generic test's id is a hash, that of a model's is its version.
        return parts.length == 4 && parts[0].equals("model")
                ? parts[2] + "." + parts[3]
                : parts[0].equals("source") ? parts[3] : parts[2];
    }

    private static Outcome take(BlockingQueue<Outcome> finished) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return finished.take();
                } catch (InterruptedException e) {
                    // Workers must be waited for; whoever interrupts us cancels them as well.
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
