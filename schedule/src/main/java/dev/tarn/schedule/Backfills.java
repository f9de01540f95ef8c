package dev.tarn.schedule;

import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.Trigger;
import dev.tarn.spi.JobTables;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Goes through a time that is past, interval by interval. */
final class Backfills {
    static final int INTERVALS_MAX = 100_000;

    /** How many runs are put into the queue ahead of those that work. */
    private static final int AHEAD = 20;

    private final JobTables tables;
    private final RunLogic logic;
    private final Instant now;

    Backfills(JobTables tables, RunLogic logic, Instant now) {
        this.tables = tables;
        this.logic = logic;
        this.now = now;
    }

    /** The whole intervals of a job's schedule within a range, in order. */
    static List<JobRun.Interval> intervals(Job job, JobRun.Interval range) {
        Trigger.Timed timed = timed(job).orElseThrow(() -> ScheduleErrors.noIntervals(job));
        List<JobRun.Interval> all = new ArrayList<>();
        Instant start =
                timed.last(range.start())
                        .filter(range.start()::equals)
                        .or(() -> timed.next(range.start()))
                        .orElse(range.end());
        while (true) {
            Optional<Instant> end = timed.next(start);
            if (end.isEmpty() || end.get().isAfter(range.end())) {
                break;
            }
            if (all.size() >= INTERVALS_MAX) {
                throw ScheduleErrors.tooManyIntervals(job, INTERVALS_MAX);
            }
            all.add(new JobRun.Interval(start, end.get()));
            start = end.get();
        }
        if (all.isEmpty()) {
            throw ScheduleErrors.emptyRange(job);
        }
        return all;
    }

    static Optional<Trigger.Timed> timed(Job job) {
        return job.triggers().stream()
                .filter(Trigger.Timed.class::isInstance)
                .map(Trigger.Timed.class::cast)
                .findFirst();
    }

    /** Puts the next intervals into the queue; the backfill is done when all have ended. */
    void goOn(Backfill backfill, Definitions.Known known) {
        Optional<Trigger.Timed> timed = timed(known.job());
        Backfill at = backfill;
        long open = open(backfill);
        while (timed.isPresent() && open < AHEAD + at.parallel()) {
            Optional<Instant> end = timed.get().next(at.next());
            if (end.isEmpty() || end.get().isAfter(at.range().end())) {
                break;
            }
            JobRun.Interval interval = new JobRun.Interval(at.next(), end.get());
            at = at.with(Backfill.Status.RUNNING, end.get());
            tables.put(at);
            Optional<JobRun> added =
                    logic.add(
                            known,
                            new RunLogic.NewRun(
                                    "backfill:" + at.id() + ":" + end.get(),
                                    JobRun.Cause.BACKFILL,
                                    at.by(),
                                    interval,
                                    now,
                                    Map.of(),
                                    Optional.of(at.id())));
            open += added.isPresent() ? 1 : 0;
        }
        boolean more =
                timed.flatMap(t -> t.next(backfillNext(backfill.id())))
                        .filter(end -> !end.isAfter(backfill.range().end()))
                        .isPresent();
        if (!more && open(backfill) == 0) {
            tables.backfill(backfill.id())
                    .filter(b -> b.status() == Backfill.Status.RUNNING)
                    .ifPresent(b -> tables.put(b.with(Backfill.Status.DONE, b.next())));
        }
    }

    private Instant backfillNext(String id) {
        return tables.backfill(id).map(Backfill::next).orElse(Instant.MAX);
    }

    private long open(Backfill backfill) {
        return tables.count(
                new RunFilter(
                        Optional.of(backfill.job()),
                        Set.of(JobRun.Status.QUEUED, JobRun.Status.RUNNING),
                        Optional.of(backfill.id()),
                        1));
    }
}
