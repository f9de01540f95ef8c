package dev.tarn.upkeep;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.RunLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upkeep at work, written down as a run: its files are nobody's debris while it lives, it cannot
 * commit after it was declared lost, and of two one gives way.
 */
final class UpkeepRun implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UpkeepRun.class);
    private static final int RUNS_LOOKED_AT = 200;

    private final Catalog catalog;
    private final RunLog runs;
    private final Clock clock;
    private final Run run;
    private final ScheduledExecutorService heart;
    private RunStatus status = RunStatus.UNCHANGED;
    private Optional<String> error = Optional.empty();

    private UpkeepRun(Catalog catalog, RunLog runs, Clock clock, Run run, Duration heartbeat) {
        this.catalog = catalog;
        this.runs = runs;
        this.clock = clock;
        this.run = run;
        heart =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("upkeep-heartbeat").daemon(true).factory());
        long period = heartbeat.toMillis();
        ScheduledFuture<?> unused =
                heart.scheduleAtFixedRate(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    /**
     * @throws TarnException {@code COMMIT_CONFLICT} when another is at work on the same ref
     */
    static UpkeepRun begin(
            Catalog catalog,
            RunLog runs,
            Clock clock,
            RandomGenerator random,
            RefName target,
            UpkeepSettings settings) {
        Instant now = clock.instant();
        runs.markLost(now.minus(settings.lostAfter()), now);
        other(runs, target).ifPresent(o -> refuse(target, o));
        RunId id = RunId.create(now, random);
        Ref ref = catalog.create(RefName.of(id), Ref.Kind.RUN, target, AsOf.head());
        Run run =
                new Run(
                        id,
                        "",
                        Upkeep.COMMAND,
                        target,
                        ref.cutAt(),
                        RunStatus.RUNNING,
                        now,
                        now,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        runs.begin(run);
        UpkeepRun begun = new UpkeepRun(catalog, runs, clock, run, settings.heartbeat());
        Optional<Run> faster =
                other(runs, target)
                        .filter(o -> !o.id().equals(id))
                        .filter(o -> order().compare(o, run) < 0);
        if (faster.isPresent()) {
            begun.close();
            refuse(target, faster.get());
        }
        return begun;
    }

    private static void refuse(RefName target, Run other) {
        throw UpkeepErrors.otherAtWork(target, other);
    }

    private static Comparator<Run> order() {
        return Comparator.comparing(Run::startedAt).thenComparing(r -> r.id().value());
    }

    /** The first of those at work. */
    private static Optional<Run> other(RunLog runs, RefName target) {
        return runs.runs(RUNS_LOOKED_AT).stream()
                .filter(r -> r.status() == RunStatus.RUNNING)
                .filter(r -> r.command().equals(Upkeep.COMMAND))
                .filter(r -> r.target().equals(target))
                .min(order());
    }

    RunId id() {
        return run.id();
    }

    void failed(String reason) {
        status = RunStatus.FAILED;
        error = Optional.of(reason);
    }

    private void beat() {
        try {
            runs.beat(run.id(), clock.instant());
        } catch (RuntimeException e) {
            // The next beat may get through; one that stays silent is declared lost by others.
            log.warn("The heartbeat of {} failed", run.id(), e);
        }
    }

    @Override
    public void close() {
        heart.shutdownNow();
        runs.end(run.id(), status, clock.instant(), error);
        try {
            catalog.delete(RefName.of(run.id()));
        } catch (TarnException e) {
            log.info("{} stays for now: {}", RefName.of(run.id()), e.getMessage());
        }
    }
}
