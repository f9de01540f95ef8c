package dev.tarn.schedule;

import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.Trigger;
import dev.tarn.spi.JobTables;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the runs that are due. What is due depends only on what was handled and on what time it is,
 * and no two runs of a job have the same key: whoever plans, however often and whatever clocks do,
 * each time of a schedule gets one run.
 */
final class Planner {
    /** Who skips what was missed still takes what came due just now. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** Catching up waits while so many runs of a job are queued. */
    private static final int QUEUED_MAX = 100;

    private final JobTables tables;
    private final RunLogic logic;
    private final Instant now;

    Planner(JobTables tables, RunLogic logic, Instant now) {
        this.tables = tables;
        this.logic = logic;
        this.now = now;
    }

    /** Makes the runs of a job whose time has come. */
    void plan(Definitions.Known known, Optional<JobState> before) {
        Job job = known.job();
        List<Trigger.Timed> timed = timed(job);
        JobState state = before.orElseGet(() -> first(job));
        if (before.isEmpty()) {
            tables.put(state);
        }
        if (timed.isEmpty()
                || state.isPaused()
                || !needs(job, state)
                || logic.breakers().resting(job.name()).isPresent()) {
            return;
        }
        Instant from = earlier(state.handled().orElse(now), now);
        int room = QUEUED_MAX;
        if (job.catchUp() == Job.CatchUp.ALL && dues(timed, from).next().isPresent()) {
            room -= (int) tables.count(RunFilter.of(job.name(), JobRun.Status.QUEUED));
        }
        Instant handled = from;
        Instant newest = newest(timed);
        Dues dues = dues(timed, job.catchUp() == Job.CatchUp.ALL ? from : before(newest, from));
        for (int made = 0; made < room; made++) {
            Optional<Dues.Due> due = dues.next();
            if (due.isEmpty()) {
                break;
            }
            handled = due.get().at();
            dues = dues(timed, handled);
            boolean missed = handled.isBefore(now.minus(GRACE));
            if (job.end().filter(handled::isAfter).isPresent()
                    || (missed && job.catchUp() == Job.CatchUp.NONE)) {
                continue;
            }
            JobRun.Interval interval = interval(job, due.get());
            logic.add(
                    known,
                    new RunLogic.NewRun(
                            "time:" + handled,
                            JobRun.Cause.SCHEDULE,
                            due.get().trigger().words(),
                            interval,
                            handled,
                            Map.of(),
                            Optional.empty()));
        }
        if (!state.handled().equals(Optional.of(handled))) {
            // Also after a clock was set back, so that what comes due from now on is due.
            tables.put(tables.state(job.name()).orElse(state).handled(handled));
        }
    }

    /** Whether anything is due, or a clock was set back. */
    private boolean needs(Job job, JobState state) {
        return state.handled().filter(h -> !h.isAfter(now)).isEmpty()
                || next(job, Optional.of(state), now).filter(at -> !at.isAfter(now)).isPresent();
    }

    /** When the job is due next; empty if it is not by time alone. */
    static Optional<Instant> next(Job job, Optional<JobState> state, Instant now) {
        if (state.filter(JobState::isPaused).isPresent()) {
            return Optional.empty();
        }
        Instant from =
                state.flatMap(JobState::handled)
                        .map(h -> earlier(h, now))
                        .or(() -> job.start().map(s -> s.minusNanos(1)))
                        .orElse(now);
        return new Dues(timed(job), from, Instant.MAX)
                .next()
                .map(Dues.Due::at)
                .filter(at -> job.end().filter(at::isAfter).isEmpty());
    }

    private JobState first(Job job) {
        Instant handled = job.start().map(s -> s.minusNanos(1)).orElse(now);
        return JobState.fresh(job.name()).handled(handled);
    }

    private Dues dues(List<Trigger.Timed> timed, Instant after) {
        return new Dues(timed, after, now);
    }

    /** The last time at which any of them was due. */
    private Instant newest(List<Trigger.Timed> timed) {
        return timed.stream()
                .flatMap(t -> t.last(now).stream())
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** Just before the newest time, so that it is the only one left; what was handled stays so. */
    private static Instant before(Instant newest, Instant from) {
        Instant before = newest.minusNanos(1);
        return before.isAfter(from) ? before : from;
    }

    private static JobRun.Interval interval(Job job, Dues.Due due) {
        Instant start = due.trigger().last(due.at().minusNanos(1)).orElse(due.at());
        return new JobRun.Interval(
                job.start().filter(s -> s.isAfter(start) && !s.isAfter(due.at())).orElse(start),
                due.at());
    }

    static List<Trigger.Timed> timed(Job job) {
        return job.triggers().stream()
                .filter(Trigger.Timed.class::isInstance)
                .map(Trigger.Timed.class::cast)
                .toList();
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** The first time of several triggers after a moment. */
    private record Dues(List<Trigger.Timed> timed, Instant after, Instant upTo) {
        record Due(Instant at, Trigger.Timed trigger) {}

        Optional<Due> next() {
            List<Due> all = new ArrayList<>();
            for (Trigger.Timed trigger : timed) {
                trigger.next(after)
                        .filter(at -> !at.isAfter(upTo))
                        .ifPresent(at -> all.add(new Due(at, trigger)));
            }
            return all.stream().min((a, b) -> a.at().compareTo(b.at()));
        }
    }

    /** Remembers when jobs are due next, until what it depends on changes. */
    static final class Memo {
        private final Map<JobName, Entry> known = new java.util.HashMap<>();

        private record Entry(
                Job job, Optional<JobState> state, Instant at, Optional<Instant> next) {}

        Optional<Instant> next(Job job, Optional<JobState> state, Instant now) {
            Entry entry = known.get(job.name());
            if (entry == null
                    || !entry.job().equals(job)
                    || !entry.state().equals(state)
                    || now.isBefore(entry.at())
                    || entry.next().filter(n -> !n.isAfter(now)).isPresent()) {
                entry = new Entry(job, state, now, Planner.next(job, state, now));
                known.put(job.name(), entry);
            }
            return entry.next();
        }
    }
}
