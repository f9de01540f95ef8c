package dev.tarn.run;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunLog;
import dev.tarn.spi.Tables;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs projects. A run cuts its own ref, builds and judges there, and publishes everything to its
 * target in one commit, or nothing.
 */
public final class Runner {
    private static final Logger log = LoggerFactory.getLogger(Runner.class);

    private final Catalog catalog;
    private final RunLog runLog;
    private final Tables tables;
    private final Engine engine;
    private final Clock clock;
    private final RandomGenerator random;
    private final RunSettings settings;
    private final Optional<SourceLoader> loader;
    private final NodeCompiler compiler;
    private final NodeLineage columns;

    public Runner(
            Catalog catalog,
            RunLog runLog,
            Tables tables,
            Engine engine,
            Clock clock,
            RandomGenerator random,
            RunSettings settings,
            Optional<SourceLoader> loader,
            NodeCompiler compiler,
            NodeLineage columns) {
        this.catalog = catalog;
        this.runLog = runLog;
        this.tables = tables;
        this.engine = engine;
        this.clock = clock;
        this.random = random;
        this.settings = settings;
        this.loader = loader;
        this.compiler = compiler;
        this.columns = columns;
    }

    /**
     * Executes a run to its end.
     *
     * @return also for runs that failed: the report says why nothing was published
     * @throws TarnException when the run could not even begin
     */
    public RunReport run(RunRequest request, RunListener listener, Cancellation cancellation) {
        Optional<Run> before = request.retryOf().map(runLog::run);
        before.ifPresent(Runner::checkRetryable);
        Run run = begin(request);
        RunListener calm = new SerialListener(listener);
        TaskContext.Ground ground =
                new TaskContext.Ground(
                        run.id(),
                        request,
                        catalog,
                        new PastStates(catalog, runLog, tables),
                        tables,
                        RunTables.ofRun(tables),
                        engine,
                        clock,
                        cancellation,
                        new BatchLog(),
                        new HookLog(calm),
                        new SessionWords());
        try (ScheduledExecutorService heart = heart(run.id())) {
            try {
                before.ifPresent(
                        b -> new TakeOver(catalog, run.id()).from(b.id(), request.target()));
                Optional<StepPublisher> steps = steps(run);
                RunExecution execution =
                        new RunExecution(ground, settings, runLog, loader, compiler, calm, steps);
                runLog.record(execution.tasks());
                calm.follow(execution.progress());
                calm.began(run, execution.nodes());
                Hooks hooks = new Hooks(ground, compiler);
                Optional<Problem> atStart = hooks.atStart();
                if (atStart.isPresent() && request.project().hooks().nodesNeedStart()) {
                    execution.skipAll("because on-run-start failed");
                } else {
                    execution.execute();
                }
                Optional<Problem> atEnd = hooks.atEnd(execution.tasks(), execution.verdicts());
                Optional<Problem> wrong = atStart.or(() -> atEnd);
                if (wrong.isEmpty() && !execution.failed() && !cancellation.isCancelled()) {
                    wrong = viewsRefreshed(ground);
                }
                wrong.ifPresent(execution::fail);
                return finish(run, execution, calm, cancellation, steps)
                        .with(ground.batches().all(), ground.hooks().all());
            } catch (RuntimeException | Error failure) {
                end(run, RunStatus.FAILED, Optional.of(String.valueOf(failure.getMessage())));
                throw failure;
            } finally {
                heart.shutdownNow();
            }
        }
    }

    private static Optional<Problem> viewsRefreshed(TaskContext.Ground ground) {
        try {
            new ViewUpkeep(ground).refresh();
            return Optional.empty();
        } catch (TarnException e) {
            return Optional.of(e.problems().getFirst());
        }
    }

    private Run begin(RunRequest request) {
        Instant now = clock.instant();
        for (Run lost : runLog.markLost(now.minus(settings.lostAfter()), now)) {
            log.warn("Run {} vanished without an end; nothing of it was published", lost.id());
        }
        RunId id = RunId.create(now, random);
        Ref ref = catalog.create(RefName.of(id), Ref.Kind.RUN, request.target(), AsOf.head());
        Run run =
                new Run(
                        id,
                        request.project().name(),
                        request.command(),
                        request.target(),
                        ref.cutAt(),
                        RunStatus.RUNNING,
                        now,
                        now,
                        Optional.empty(),
                        Optional.empty(),
                        request.retryOf(),
                        Optional.empty());
        runLog.begin(run);
        return run;
    }

    private RunReport finish(
            Run run,
            RunExecution execution,
            RunListener listener,
            Cancellation cancellation,
            Optional<StepPublisher> steps) {
        List<Problem> problems = new ArrayList<>(execution.problems());
        RunStatus status = RunStatus.PUBLISHED;
        if (cancellation.isCancelled()) {
            status = RunStatus.CANCELLED;
            problems.addFirst(RunErrors.cancelled().problems().getFirst());
        } else if (execution.failed()) {
            status = RunStatus.FAILED;
            if (steps.isPresent()) {
                steps.get()
                        .rest(
                                new Publisher.Note(
                                        run.command(),
                                        Optional.of(run.id()),
                                        List.of(),
                                        lineage(execution)),
                                false);
            }
        } else {
            try {
                listener.publishing();
                publish(run, execution, steps);
            } catch (TarnException refused) {
                status = RunStatus.FAILED;
                problems.addAll(refused.problems());
                if (refused.code() == ErrorCode.COMMIT_OUTCOME_UNKNOWN) {
                    throw refused;
                }
            }
        }
        if (status != RunStatus.PUBLISHED) {
            runLog.verdicts(run.id(), execution.verdicts());
            end(run, status, problems.stream().findFirst().map(Problem::toString));
        }
        RunReport report =
                new RunReport(
                        runLog.run(run.id()),
                        execution.tasks(),
                        execution.verdicts(),
                        execution.findings(),
                        problems);
        listener.ended(report);
        return report;
    }

    /** Publishes node by node, where that is asked for. */
    private Optional<StepPublisher> steps(Run run) {
        return settings.publishing() == Publishing.TOGETHER
                ? Optional.empty()
                : Optional.of(
                        new StepPublisher(
                                catalog,
                                new Publisher(catalog, tables, settings.publishAttempts()),
                                run.id(),
                                run.target()));
    }

    private void publish(Run run, RunExecution execution, Optional<StepPublisher> steps) {
        Publisher.Note note =
                new Publisher.Note(
                        run.command(),
                        Optional.of(run.id()),
                        execution.verdicts(),
                        lineage(execution));
        Optional<Publication> published =
                steps.isPresent()
                        ? steps.get().rest(note, true)
                        : new Publisher(catalog, tables, settings.publishAttempts())
                                .publish(RefName.of(run.id()), run.target(), note);
        if (published.isEmpty()) {
            runLog.verdicts(run.id(), execution.verdicts());
            end(run, RunStatus.UNCHANGED, Optional.empty());
        }
        forget(RefName.of(run.id()));
        forgetOldRuns();
    }

    private void end(Run run, RunStatus status, Optional<String> error) {
        runLog.end(run.id(), status, clock.instant(), error);
    }

    /** Drops the refs of runs that published nothing, when they are old or there are many. */
    private void forgetOldRuns() {
        catalog.pruneRuns(clock.instant().minus(settings.keepFailed()));
        catalog.refs().stream()
                .filter(ref -> ref.kind() == Ref.Kind.RUN)
                .filter(this::hasEnded)
                .sorted(Comparator.comparing(Ref::createdAt).reversed())
                .skip(settings.keepFailedCount())
                .forEach(ref -> forget(ref.name()));
    }

    private boolean hasEnded(Ref ref) {
        try {
            RunId id = new RunId(ref.name().value().substring("run:".length()));
            return runLog.run(id).status() != RunStatus.RUNNING;
        } catch (TarnException notYetWrittenDown) {
            return false;
        }
    }

    private void forget(RefName ref) {
        try {
            catalog.delete(ref);
        } catch (TarnException e) {
            log.info("{} stays for now: {}", ref, e.getMessage());
        }
    }

    private List<LineageEdge> lineage(RunExecution execution) {
        List<LineageEdge> edges = new ArrayList<>();
        for (Task task : execution.tasks()) {
            if (task.status() != TaskStatus.SUCCEEDED) {
                continue;
            }
            execution.nodes().stream()
                    .filter(n -> n.id().value().equals(task.node()))
                    .filter(n -> !(n instanceof Node.Check))
                    .forEach(n -> {
                        n.dependsOn()
                                .forEach(from ->
                                        edges.add(
                                                new LineageEdge(
                                                        from.value(), "", n.id().value(), "")));
                        edges.addAll(columns.columns(n.id()));
                    });
        }
        return edges;
    }

    private ScheduledExecutorService heart(RunId run) {
        ScheduledExecutorService heart =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("heartbeat").daemon(true).factory());
        long period = settings.heartbeat().toMillis();
        ScheduledFuture<?> unused =
                heart.scheduleAtFixedRate(() -> beat(run), period, period, TimeUnit.MILLISECONDS);
        return heart;
    }

    private void beat(RunId run) {
        try {
            runLog.beat(run, clock.instant());
        } catch (RuntimeException e) {
            // The next beat may get through; a run that stays silent is declared lost by others.
            log.warn("Run {} could not say that it lives", run, e);
        }
    }

    private static void checkRetryable(Run run) {
        switch (run.status()) {
            case FAILED, CANCELLED, LOST -> {}
            case RUNNING -> throw RunErrors.notRetryable(run.id(), "still running");
            case PUBLISHED, UNCHANGED -> throw RunErrors.notRetryable(run.id(), "done");
        }
    }
}
