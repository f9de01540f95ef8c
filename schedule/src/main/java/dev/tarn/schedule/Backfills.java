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
    static final int PARTITIONS_MAX = 1_000;

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

    /**
     * The whole intervals of a job's schedule within a range, in order.
     *
     * @param partitioned whether the range counts as one where nothing is due by time
     */
    static List<JobRun.Interval> intervals(Job job, JobRun.Interval range, boolean partitioned) {
        if (timed(job).isEmpty() && partitioned) {
            return List.of(range);
        }
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

    /** Puts the next intervals into the queue; the backfill is over when all have ended. */
    void goOn(Backfill backfill, Definitions.Known known) {
        Backfill at = backfill;
        long open = open(backfill);
        while (open < AHEAD + at.parallel()) {
            Optional<Instant> end = next(known.job(), at);
            if (end.isEmpty()) {
                break;
            }
            JobRun.Interval interval = new JobRun.Interval(at.next(), end.get());
            at = at.with(Backfill.Status.RUNNING, end.get());
            tables.put(at);
            open += add(at, known, interval);
        }
        boolean more =
                tables.backfill(backfill.id()).flatMap(b -> next(known.job(), b)).isPresent();
        if (!more && open(backfill) == 0) {
            tables.backfill(backfill.id())
                    .filter(b -> b.status() == Backfill.Status.RUNNING)
                    .ifPresent(this::end);
        }
    }

    /** The end of the next interval; empty if there is none left. */
    private static Optional<Instant> next(Job job, Backfill backfill) {
        Instant last = backfill.range().end();
        return timed(job).isPresent()
                ? timed(job).flatMap(t -> t.next(backfill.next())).filter(e -> !e.isAfter(last))
                : Optional.of(last).filter(e -> backfill.next().isBefore(e));
    }

    private long add(Backfill backfill, Definitions.Known known, JobRun.Interval interval) {
        List<Map<String, String>> partitions =
                backfill.partitions().isEmpty() ? List.of(Map.of()) : backfill.partitions();
        long added = 0;
        for (int i = 0; i < partitions.size(); i++) {
            String key = "backfill:" + backfill.id() + ":" + interval.end();
            added +=
                    logic.add(
                                            known,
                                            new RunLogic.NewRun(
                                                    backfill.partitions().isEmpty()
                                                            ? key
                                                            : key + ":" + i,
                                                    JobRun.Cause.BACKFILL,
                                                    backfill.by(),
                                                    interval,
                                                    now,
                                                    partitions.get(i),
                                                    Optional.of(backfill.id())))
                                    .isPresent()
                            ? 1
                            : 0;
        }
        return added;
    }

    /** All runs have ended: what they made on a branch is published at once, if all did well. */
    private void end(Backfill backfill) {
        if (backfill.branch().isEmpty()) {
            tables.put(backfill.with(Backfill.Status.DONE, backfill.next()));
            return;
        }
        long failed =
                tables.count(
                        new RunFilter(
                                Optional.of(backfill.job()),
                                Set.of(JobRun.Status.FAILED, JobRun.Status.CANCELLED),
                                Optional.of(backfill.id()),
                                1));
        if (failed > 0) {
            tables.put(backfill.with(Backfill.Status.FAILED, backfill.next()));
            return;
        }
        tables.put(backfill.with(Backfill.Status.PUBLISHING, backfill.next()));
        logic.publish(backfill);
    }

    /** The run that publishes it has ended. */
    void published(Backfill backfill, boolean succeeded) {
        tables.put(
                backfill.with(
                        succeeded ? Backfill.Status.DONE : Backfill.Status.FAILED,
                        backfill.next()));
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
