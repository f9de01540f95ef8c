package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.NodeCompiler;
import dev.tarn.run.NodeLineage;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.run.RunRequest;
import dev.tarn.spi.CatalogView;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Lands sources, batch by batch: each batch is a run of its own, so what has been read is published
 * before the next is begun, and whoever is killed goes on behind it.
 */
final class Ingesting {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration WAIT_LONGEST = Duration.ofSeconds(16);
    private static final int RUNS_BETWEEN_UPKEEP = 32;
    private static final Duration CLEAN_EVERY = Duration.ofHours(1);

    /** After these nobody knows here what was published, and the catalog does once it is back. */
    private static final Set<ErrorCode> CATALOG_AWAY =
            Set.of(
                    ErrorCode.CATALOG_UNAVAILABLE,
                    ErrorCode.CATALOG_BUSY,
                    ErrorCode.COMMIT_OUTCOME_UNKNOWN);

    private final Building building;
    private final Wiring wiring;
    private final Set<TableName> written = new LinkedHashSet<>();
    private Instant cleaned;

    Ingesting(Building building, Wiring wiring) {
        this.building = building;
        this.wiring = wiring;
        this.cleaned = wiring.clock().instant();
    }

    /**
     * Lands what is new in the selected sources, or what comes until it is stopped.
     *
     * @return the first run in which a source failed; else the last run that published something
     */
    RunReport ingest(
            BuildRequest request, boolean follow, RunListener listener, Cancellation cancellation) {
        List<Node.Source> sources = sources(request);
        // Files have all landed after one run; made anew, they are so once.
        Set<NodeId> anew = request.full() ? ids(sources) : Set.of();
        Set<NodeId> selected = ids(sources);
        try (ConnectedIngestion connected = building.connected(anew, 1, false)) {
            Landed landed;
            try {
                landed =
                        land(
                                selected,
                                follow,
                                ids ->
                                        run(
                                                request,
                                                ids,
                                                request.full() ? ids : Set.of(),
                                                connected,
                                                listener,
                                                cancellation));
            } catch (TarnException failure) {
                if (!follow || request.full() || !CATALOG_AWAY.contains(failure.code())) {
                    throw failure;
                }
                return followed(
                                request,
                                sources,
                                connected,
                                listener,
                                cancellation,
                                Optional.empty())
                        .orElseThrow(() -> failure);
            }
            RunReport first = landed.last();
            RunReport report = first;
            int runs = 1;
            while (goesOn(report, connected, cancellation)) {
                keep(report, runs++, cancellation);
                if (follow) {
                    Optional<RunReport> next =
                            attempt(request, landed.left(), connected, listener, cancellation, 1);
                    if (next.isEmpty()) {
                        break;
                    }
                    report = next.get();
                } else {
                    landed =
                            landed.then(
                                    land(
                                            landed.left(),
                                            false,
                                            ids ->
                                                    run(
                                                            request,
                                                            ids,
                                                            Set.of(),
                                                            connected,
                                                            listener,
                                                            cancellation)));
                    report = landed.last();
                }
                first = published(report).orElse(first);
            }
            if (follow && !cancellation.isCancelled() && !isFinal(report)) {
                Set<NodeId> left = landed.left();
                Optional<RunReport> end =
                        followed(
                                request,
                                sources.stream().filter(s -> left.contains(s.id())).toList(),
                                connected,
                                listener,
                                cancellation,
                                Optional.of(first));
                return landed.failed().or(() -> end).orElse(first);
            }
            keep(report, RUNS_BETWEEN_UPKEEP, cancellation);
            return landed.failed()
                    .orElse(report.run().status() == RunStatus.UNCHANGED ? first : report);
        }
    }

    /** Lands files that are there, each as whole as ever; sources that cannot stay behind. */
    RunReport once(BuildRequest request, RunListener listener, Cancellation cancellation) {
        List<Node> selected =
                building.select(
                        request.select(), request.exclude(), request.kinds(), request.options());
        Landed landed =
                land(
                        ids(selected),
                        false,
                        ids ->
                                building.build(
                                        ids.size() == selected.size()
                                                ? request
                                                : request.with(request.options().withOnly(ids)),
                                        listener,
                                        cancellation));
        return landed.failed().orElse(landed.last());
    }

    /**
     * What became of landing.
     *
     * @param left the sources that did not fail
     * @param last the run with those
     * @param failed the first run in which others failed
     */
    private record Landed(Set<NodeId> left, RunReport last, Optional<RunReport> failed) {
        Landed then(Landed next) {
            return new Landed(next.left(), next.last(), failed.or(next::failed));
        }
    }

    /**
     * Runs, and runs again without the sources that failed: they do not keep the others.
     *
     * @param waits whether those that may be there again soon are waited for instead
     */
    private Landed land(
            Set<NodeId> selected, boolean waits, Function<Set<NodeId>, RunReport> running) {
        RunReport report = running.apply(selected);
        Set<NodeId> now = selected;
        Optional<RunReport> failed = Optional.empty();
        Set<NodeId> left = BesideFailed.left(now, report);
        while (!left.isEmpty() && !(waits && isTransient(report))) {
            if (failed.isEmpty()) {
                failed = Optional.of(report);
            }
            now = left;
            report = running.apply(now);
            left = BesideFailed.left(now, report);
        }
        if (failed.isPresent()) {
            published(report).ifPresent(this::tell);
        }
        return new Landed(now, report, failed);
    }

    private void tell(RunReport others) {
        building.request()
                .notes()
                .accept(
                        "What did not fail landed by itself, in run %s."
                                .formatted(others.run().id()));
    }

    private static Set<NodeId> ids(List<? extends Node> nodes) {
        return nodes.stream().map(Node::id).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean goesOn(
            RunReport report, ConnectedIngestion connected, Cancellation cancellation) {
        return !cancellation.isCancelled() && !isFailed(report) && connected.hasMore();
    }

    private static Optional<RunReport> published(RunReport report) {
        return Optional.of(report).filter(r -> r.run().status() == RunStatus.PUBLISHED);
    }

    /** Whether trying again cannot help. */
    private static boolean isFinal(RunReport report) {
        return isFailed(report) && !isTransient(report);
    }

    /**
     * Lands what comes until it is stopped. Runs begin when there is something to land; a source
     * that cannot be reached is shown by one run, and asked again after longer and longer pauses.
     *
     * @param before the run that came before; empty if the catalog went away during it
     * @return the first run in which a source failed for good; else the last that published
     *     something
     */
    private Optional<RunReport> followed(
            BuildRequest request,
            List<Node.Source> sources,
            ConnectedIngestion connected,
            RunListener listener,
            Cancellation cancellation,
            Optional<RunReport> before) {
        connected.follow();
        Supplier<CatalogView> now = () -> wiring.catalog().read(request.target(), AsOf.head());
        List<Node.Source> followed = sources;
        Optional<RunReport> stopped = Optional.empty();
        Optional<RunReport> last = before;
        Duration pause = LOOK_AGAIN;
        int runs = 0;
        try (Lookout lookout = new Lookout(connected, now, wiring.clock())) {
            while (!cancellation.isCancelled()) {
                Set<NodeId> ready = lookout.await(followed, pause, cancellation);
                if (ready.isEmpty() || cancellation.isCancelled()) {
                    pause = longer(pause);
                    continue;
                }
                Optional<RunReport> made =
                        attempt(request, ready, connected, listener, cancellation, ++runs);
                if (made.filter(Ingesting::isFinal).isPresent()) {
                    Set<NodeId> left = BesideFailed.left(ids(followed), made.get());
                    if (left.isEmpty()) {
                        return stopped.isPresent() ? stopped : made;
                    }
                    stopped = stopped.isPresent() ? stopped : made;
                    followed = followed.stream().filter(s -> left.contains(s.id())).toList();
                    continue;
                }
                boolean failed = made.isEmpty() || isFailed(made.get());
                pause = failed ? longer(pause) : LOOK_AGAIN;
                if (failed) {
                    rest(pause, cancellation);
                }
                if (made.flatMap(Ingesting::published).isPresent()) {
                    last = made;
                }
            }
        }
        return stopped.isPresent() ? stopped : last;
    }

    /**
     * One of many runs. Whoever follows goes on behind what is published, whatever became of it.
     *
     * @return empty if the catalog was not there
     */
    private Optional<RunReport> attempt(
            BuildRequest request,
            Set<NodeId> ready,
            ConnectedIngestion connected,
            RunListener listener,
            Cancellation cancellation,
            int number) {
        try {
            RunReport report = run(request, ready, Set.of(), connected, listener, cancellation);
            if (!isFinal(report)) {
                keep(report, number, cancellation);
            }
            return Optional.of(report);
        } catch (TarnException failure) {
            if (!CATALOG_AWAY.contains(failure.code())) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    /** After many runs, all tables that any of them wrote are looked after together. */
    private void keep(RunReport report, int runs, Cancellation cancellation) {
        written.addAll(Maintaining.written(building.compiled(), report));
        if (runs % RUNS_BETWEEN_UPKEEP != 0) {
            return;
        }
        building.maintaining().afterRuns(written, cancellation::isCancelled);
        written.clear();
        Instant now = wiring.clock().instant();
        if (!cancellation.isCancelled() && !now.isBefore(cleaned.plus(CLEAN_EVERY))) {
            building.maintaining().clean();
            cleaned = now;
        }
    }

    private List<Node.Source> sources(BuildRequest request) {
        List<Node.Source> sources =
                building
                        .select(
                                request.select(),
                                request.exclude(),
                                request.kinds(),
                                request.options())
                        .stream()
                        .filter(Node.Source.class::isInstance)
                        .map(Node.Source.class::cast)
                        .toList();
        if (sources.isEmpty()) {
            throw new TarnException(
                    ErrorCode.SELECTION_INVALID,
                    "No source is selected. `tarn ls --resource-type source` lists those there are.");
        }
        return sources;
    }

    /** Lands what there is in one run. */
    RunReport run(
            BuildRequest request,
            Set<NodeId> selected,
            Set<NodeId> anew,
            ConnectedIngestion connected,
            RunListener listener,
            Cancellation cancellation) {
        try (Ingestion ingestion = building.ingestion(anew, connected)) {
            RunReport report =
                    building.runner(ingestion, NodeCompiler.NONE, NodeLineage.NONE)
                            .run(
                                    new RunRequest(
                                            building.compiled(),
                                            selected,
                                            request.target(),
                                            request.command(),
                                            false,
                                            false,
                                            Optional.empty()),
                                    wiring.observed(listener),
                                    cancellation);
            if (report.run().status() == RunStatus.PUBLISHED) {
                connected.published();
            } else {
                connected.dropped();
            }
            return report;
        }
    }

    /** Whether any of the sources has a connector. */
    static boolean concerns(List<Node> nodes) {
        return nodes.stream()
                .filter(Node.Source.class::isInstance)
                .map(n -> ((Node.Source) n).ingest())
                .anyMatch(i -> i.flatMap(IngestSpec::connector).isPresent());
    }

    private static boolean isFailed(RunReport report) {
        return report.run().status() == RunStatus.FAILED || !report.problems().isEmpty();
    }

    private static boolean isTransient(RunReport report) {
        return !report.problems().isEmpty()
                && report.problems().stream()
                        .map(Problem::code)
                        .allMatch(code -> code.retryable() || CATALOG_AWAY.contains(code));
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(WAIT_LONGEST) > 0 ? WAIT_LONGEST : twice;
    }

    private void rest(Duration pause, Cancellation cancellation) {
        Instant begun = wiring.clock().instant();
        Thread waiting = Thread.currentThread();
        Runnable wake = () -> LockSupport.unpark(waiting);
        cancellation.watch(wake);
        try {
            while (!cancellation.isCancelled()) {
                Duration left = Lookout.left(begun, pause, wiring.clock().instant());
                if (!left.isPositive()) {
                    return;
                }
                LockSupport.parkNanos(left.toNanos());
            }
        } finally {
            cancellation.release(wake);
        }
    }
}
