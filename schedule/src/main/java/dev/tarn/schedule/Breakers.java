package dev.tarn.schedule;

import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Signal;
import dev.tarn.model.job.Breaker;
import dev.tarn.model.job.BreakerRule;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.spi.JobTables;
import java.time.Instant;
import java.util.Optional;

/**
 * Which jobs and pools rest because they failed too often in a row. A pool stands for what its
 * tasks share, such as a source. Belongs to one piece of work on the store.
 */
final class Breakers {
    private static final String OPEN = AlertKind.BREAKER_OPEN.word();

    private final JobTables tables;
    private final Definitions.Current current;
    private final Instant now;

    Breakers(JobTables tables, Definitions.Current current, Instant now) {
        this.tables = tables;
        this.current = current;
        this.now = now;
    }

    static String name(JobName job) {
        return "job:" + job;
    }

    private static String name(String pool) {
        return "pool:" + pool;
    }

    /** The rest of a job, if it rests. */
    Optional<Breaker> resting(JobName job) {
        return rule(job).flatMap(r -> tables.breaker(name(job))).filter(b -> b.isOpen(now));
    }

    /** The rest of a pool, if it rests. */
    Optional<Breaker> resting(String pool) {
        return rule(pool).flatMap(r -> tables.breaker(name(pool))).filter(b -> b.isOpen(now));
    }

    /** Whether one task of a pool is to find out whether it works again. */
    boolean isTrying(String pool) {
        return rule(pool)
                .flatMap(r -> tables.breaker(name(pool)))
                .filter(b -> b.isTrying(now))
                .isPresent();
    }

    private Optional<BreakerRule> rule(JobName job) {
        return Optional.ofNullable(current.jobs().get(job)).flatMap(k -> k.job().breaker());
    }

    private Optional<BreakerRule> rule(String pool) {
        return Optional.ofNullable(current.breakers().get(pool));
    }

    /** A run of a job has ended. What people stopped or began says nothing about the job. */
    void ended(JobRun run, JobRun.Status status) {
        boolean counts = run.cause() != JobRun.Cause.BACKFILL && status != JobRun.Status.CANCELLED;
        rule(run.job())
                .filter(r -> counts)
                .ifPresent(r -> put(name(run.job()), r, status == JobRun.Status.SUCCEEDED));
    }

    /** An attempt of a task of a pool has ended. */
    void ended(String pool, boolean succeeded) {
        rule(pool).ifPresent(r -> put(name(pool), r, succeeded));
    }

    private void put(String name, BreakerRule rule, boolean succeeded) {
        Breaker before = tables.breaker(name).orElse(Breaker.closed(name));
        Breaker after = succeeded ? Breaker.closed(name) : before.failed(rule, now);
        if (!after.equals(before)) {
            tables.put(after);
            tell(before, after);
        }
    }

    /** People hear of a rest until what rests has worked again. */
    private void tell(Breaker before, Breaker after) {
        if (after.openedAt().isPresent()) {
            tables.raise(
                    new Signal(
                            OPEN,
                            after.name(),
                            after.openedAt().get(),
                            "%s failed %d times in a row and rests until %s; then it is tried once."
                                    .formatted(
                                            after.name().replace(':', ' '),
                                            after.failures(),
                                            after.openUntil().orElse(now))));
        } else if (before.openedAt().isPresent()) {
            tables.clear(OPEN, before.name());
        }
    }

    /** Ends a rest because somebody says so. */
    void close(JobName job) {
        tables.breaker(name(job))
                .ifPresent(before -> {
                    Breaker closed = Breaker.closed(name(job));
                    tables.put(closed);
                    tell(before, closed);
                });
    }
}
