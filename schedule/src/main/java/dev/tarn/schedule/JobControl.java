package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.JobTables;
import dev.tarn.spi.Tracer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What people ask of jobs. Writes it into the store, where servers find it; works whether or not
 * one is there. Safe for use by many threads.
 */
public final class JobControl {
    private final JobStore store;
    private final Definitions definitions;
    private final Clock clock;
    private final RandomGenerator random;
    private final JobSpans spans;

    public JobControl(
            JobStore store,
            Definitions definitions,
            Clock clock,
            RandomGenerator random,
            Tracer tracer) {
        this.store = store;
        this.definitions = definitions;
        this.clock = clock;
        this.random = random;
        this.spans = new JobSpans(tracer);
    }

    /**
     * @param key asked for twice with the same key, there is one run
     * @param interval what it is about; empty for the last whole interval of its schedule
     */
    public record StartRequest(
            Map<String, String> params,
            Optional<JobRun.Interval> interval,
            Optional<String> key,
            String by) {
        public StartRequest {
            params = Map.copyOf(params);
        }
    }

    /** Every job must be asked for by its name. */
    public Definitions.Known known(JobName name) {
        Map<JobName, Definitions.Known> jobs = definitions.current().jobs();
        Definitions.Known known = jobs.get(name);
        if (known == null) {
            throw ScheduleErrors.jobUnknown(name.value(), jobs.keySet());
        }
        return known;
    }

    public JobRun start(JobName name, StartRequest request) {
        return start(known(name), request);
    }

    /** Starts a job that may stand in no file. */
    public JobRun start(Definitions.Known known, StartRequest request) {
        JobName name = known.job().name();
        request.params().keySet().stream()
                .filter(p -> !known.job().params().containsKey(p))
                .findFirst()
                .ifPresent(p -> {
                    throw ScheduleErrors.paramUnknown(known.job(), p);
                });
        return change(logic -> {
            Instant now = clock.instant();
            String key =
                    request.key()
                            .map(k -> "asked:" + k)
                            .orElseGet(() -> "hand:" + now + ":" + random.nextLong());
            Optional<JobRun> added =
                    logic.logic()
                            .add(
                                    known,
                                    new RunLogic.NewRun(
                                            key,
                                            JobRun.Cause.MANUAL,
                                            request.by(),
                                            request.interval()
                                                    .orElseGet(() -> last(known.job(), now)),
                                            now,
                                            request.params(),
                                            Optional.empty()));
            return added.or(() -> logic.tables().run(name, key)).orElseThrow();
        });
    }

    private static JobRun.Interval last(Job job, Instant now) {
        return Backfills.timed(job)
                .flatMap(timed ->
                        timed.last(now)
                                .flatMap(end ->
                                        timed.last(end.minusNanos(1))
                                                .map(start -> new JobRun.Interval(start, end))))
                .orElse(new JobRun.Interval(now, now));
    }

    /** No trigger starts it until it is resumed; what runs goes on. */
    public JobState pause(JobName name, String by) {
        known(name);
        return change(logic -> {
            JobState state =
                    logic.tables()
                            .state(name)
                            .orElse(JobState.fresh(name).handled(clock.instant()))
                            .paused(Optional.of(by));
            logic.tables().put(state);
            return state;
        });
    }

    public JobState resume(JobName name) {
        known(name);
        return change(logic -> {
            JobState state =
                    logic.tables()
                            .state(name)
                            .orElse(JobState.fresh(name).handled(clock.instant()))
                            .paused(Optional.empty());
            logic.tables().put(state);
            logic.logic().breakers().close(name);
            logic.logic().beginQueued(name);
            return state;
        });
    }

    public JobRun cancel(JobRunId id, String by) {
        return change(logic -> {
            JobRun run = existing(logic.tables(), id);
            if (run.status().isEnd()) {
                throw ScheduleErrors.over(run);
            }
            return logic.logic().cancel(run, "stopped by " + by, Optional.empty());
        });
    }

    /**
     * Does a run that is over again.
     *
     * @param from this task and all that come after it; empty for what did not succeed, and for
     *     everything if all did
     */
    public JobRun again(JobRunId id, Optional<TaskName> from, String by) {
        return change(logic -> {
            JobRun run = existing(logic.tables(), id);
            if (!run.status().isEnd()) {
                throw ScheduleErrors.notOver(run);
            }
            from.ifPresent(task -> {
                List<TaskName> tasks =
                        logic.tables().tasks(id).stream().map(TaskRun::task).toList();
                if (!tasks.contains(task)) {
                    throw ScheduleErrors.taskUnknown(id, task, tasks);
                }
            });
            return logic.logic().again(run, from, by);
        });
    }

    /**
     * Says how a task ended, whatever it did.
     *
     * @param seen how it stood when somebody decided this, in lower case; empty if that is of no
     *     matter
     */
    public JobRun mark(
            JobRunId id, TaskName name, TaskRun.Status as, Optional<String> seen, String by) {
        return change(logic -> {
            JobRun run = existing(logic.tables(), id);
            TaskRun task = existing(logic.tables(), id, name);
            seen.filter(s -> !s.equals(ScheduleErrors.word(task.status())))
                    .ifPresent(s -> {
                        throw ScheduleErrors.moved(task, s);
                    });
            if (task.status() == TaskRun.Status.RUNNING) {
                throw ScheduleErrors.working(task);
            }
            Instant now = clock.instant();
            boolean failed = as == TaskRun.Status.FAILED;
            logic.tables()
                    .put(
                            List.of(
                                    task.change()
                                            .now(as, now)
                                            .because(
                                                    failed
                                                            ? Optional.of(ErrorCode.NODE_FAILED)
                                                            : Optional.empty(),
                                                    Optional.of("marked by " + by))
                                            .done()));
            Job job = logic.logic().job(run);
            if (!failed) {
                logic.tables().put(heldBack(logic.tables(), job, task));
            }
            JobRun open =
                    run.status().isEnd()
                            ? run.started(now, Optional.empty(), Optional.empty())
                            : run;
            logic.tables().put(open);
            logic.logic().goOn(open, job);
            return existing(logic.tables(), id);
        });
    }

    /** Tasks that never began because of one that did not fail after all. */
    private static List<TaskRun> heldBack(JobTables tables, Job job, TaskRun task) {
        Map<TaskName, TaskRun> tasks = new HashMap<>();
        tables.tasks(task.run()).forEach(t -> tasks.put(t.task(), t));
        return Again.followers(job, List.of(task.task().whole())).stream()
                .map(tasks::get)
                .filter(t -> t != null && t.status() == TaskRun.Status.UPSTREAM_FAILED)
                .map(t -> t.change().again().done())
                .toList();
    }

    /** Answers a task that waits for a person. */
    public JobRun decide(JobRunId id, TaskName name, boolean yes, String by) {
        return change(logic -> {
            JobRun run = existing(logic.tables(), id);
            TaskRun task = existing(logic.tables(), id, name);
            if (task.status() != TaskRun.Status.HELD) {
                throw ScheduleErrors.notHeld(task);
            }
            logic.tables()
                    .put(
                            List.of(
                                    task.change()
                                            .now(
                                                    yes
                                                            ? TaskRun.Status.SUCCEEDED
                                                            : TaskRun.Status.FAILED,
                                                    clock.instant())
                                            .because(
                                                    yes
                                                            ? Optional.empty()
                                                            : Optional.of(ErrorCode.CHECK_FAILED),
                                                    Optional.of(
                                                            (yes ? "approved by " : "refused by ")
                                                                    + by))
                                            .output(yes ? "yes" : "no")
                                            .done()));
            logic.logic().goOn(run, logic.logic().job(run));
            return existing(logic.tables(), id);
        });
    }

    /**
     * What a backfill is to go through.
     *
     * @param range empty for a job that nothing starts by time
     * @param branch where its runs publish until all are published at once
     * @param partitions names of parameters, each with the values to go through
     */
    public record BackfillRequest(
            Optional<JobRun.Interval> range,
            int parallel,
            Optional<RefName> branch,
            Map<String, List<String>> partitions,
            String by) {
        public BackfillRequest {
            partitions = Collections.unmodifiableMap(new LinkedHashMap<>(partitions));
        }
    }

    /** What a backfill would do: the intervals, and the parameters of the runs of each. */
    public record Plan(List<JobRun.Interval> intervals, List<Map<String, String>> partitions) {
        public long runs() {
            return (long) intervals.size() * Math.max(1, partitions.size());
        }
    }

    public Plan plan(JobName name, BackfillRequest request) {
        Job job = known(name).job();
        request.partitions().keySet().stream()
                .filter(p -> !job.params().containsKey(p))
                .findFirst()
                .ifPresent(p -> {
                    throw ScheduleErrors.paramUnknown(job, p);
                });
        List<Map<String, String>> partitions = new ArrayList<>(List.of(Map.of()));
        request.partitions()
                .forEach((param, values) -> {
                    List<Map<String, String>> more = new ArrayList<>();
                    for (Map<String, String> one : partitions) {
                        for (String value : values) {
                            Map<String, String> with = new LinkedHashMap<>(one);
                            with.put(param, value);
                            more.add(with);
                        }
                    }
                    partitions.clear();
                    partitions.addAll(more);
                });
        boolean partitioned = !request.partitions().isEmpty();
        Instant now = clock.instant();
        JobRun.Interval range =
                request.range()
                        .orElseGet(() -> {
                            if (!partitioned || Backfills.timed(job).isPresent()) {
                                throw ScheduleErrors.rangeMissing(job);
                            }
                            return new JobRun.Interval(now.minusMillis(1), now);
                        });
        List<JobRun.Interval> intervals = Backfills.intervals(job, range, partitioned);
        Plan plan = new Plan(intervals, partitioned ? List.copyOf(partitions) : List.of());
        if (plan.runs() > Backfills.INTERVALS_MAX
                || plan.partitions().size() > Backfills.PARTITIONS_MAX) {
            throw ScheduleErrors.tooManyIntervals(job, Backfills.INTERVALS_MAX);
        }
        return plan;
    }

    public Backfill backfill(JobName name, BackfillRequest request) {
        Definitions.Known known = known(name);
        Plan plan = plan(name, request);
        JobRun.Interval whole =
                new JobRun.Interval(
                        plan.intervals().getFirst().start(), plan.intervals().getLast().end());
        return change(logic -> {
            logic.tables().backfills().stream()
                    .filter(b -> b.job().equals(name) && isOpen(b) && overlap(b.range(), whole))
                    .findFirst()
                    .ifPresent(b -> {
                        throw ScheduleErrors.overlap(b);
                    });
            Instant now = clock.instant();
            Backfill backfill =
                    new Backfill(
                            JobRunId.create(now, random).value().replaceFirst("j", "b"),
                            known.job().name(),
                            whole,
                            request.parallel(),
                            Backfill.Status.RUNNING,
                            whole.start(),
                            request.by(),
                            now,
                            request.branch(),
                            plan.partitions());
            logic.tables().put(backfill);
            logic.logic().goOnBackfill(backfill.id());
            return logic.tables().backfill(backfill.id()).orElse(backfill);
        });
    }

    private static boolean overlap(JobRun.Interval a, JobRun.Interval b) {
        return a.start().isBefore(b.end()) && b.start().isBefore(a.end());
    }

    private static boolean isOpen(Backfill backfill) {
        return !backfill.status().isEnd();
    }

    /** Its queued runs wait; those that work go on. */
    public Backfill pauseBackfill(String id) {
        return backfill(id, Backfill.Status.PAUSED);
    }

    public Backfill resumeBackfill(String id) {
        return backfill(id, Backfill.Status.RUNNING);
    }

    /** Its queued runs and those that work are stopped. */
    public Backfill cancelBackfill(String id, String by) {
        Backfill cancelled = backfill(id, Backfill.Status.CANCELLED);
        return change(logic -> {
            logic.tables()
                    .runs(
                            new JobTables.RunFilter(
                                    Optional.of(cancelled.job()),
                                    java.util.Set.of(JobRun.Status.QUEUED, JobRun.Status.RUNNING),
                                    Optional.of(id),
                                    Integer.MAX_VALUE))
                    .forEach(run -> {
                        JobRun unused =
                                logic.logic().cancel(run, "stopped by " + by, Optional.empty());
                    });
            logic.logic().beginQueued(cancelled.job());
            return cancelled;
        });
    }

    private Backfill backfill(String id, Backfill.Status status) {
        return change(logic -> {
            Backfill backfill =
                    logic.tables()
                            .backfill(id)
                            .orElseThrow(() -> ScheduleErrors.backfillUnknown(id));
            // One that failed goes on when its runs were mended.
            if (!isOpen(backfill) && backfill.status() != Backfill.Status.FAILED) {
                throw ScheduleErrors.backfillOver(backfill);
            }
            Backfill changed = backfill.with(status, backfill.next());
            logic.tables().put(changed);
            if (status == Backfill.Status.RUNNING) {
                logic.logic().goOnBackfill(id);
                logic.logic().beginQueued(backfill.job());
            }
            return logic.tables().backfill(id).orElse(changed);
        });
    }

    private record Logic(JobTables tables, RunLogic logic) {}

    private record Changed<T>(T value, List<JobRun> over) {}

    private <T> T change(Function<Logic, T> work) {
        Definitions.Current current = definitions.current();
        Changed<T> changed =
                store.change(tables -> {
                    RunLogic logic =
                            new RunLogic(tables, definitions, current, clock.instant(), random);
                    return new Changed<>(work.apply(new Logic(tables, logic)), logic.over());
                });
        spans.ended(changed.over());
        return changed.value();
    }

    static JobRun existing(JobTables tables, JobRunId id) {
        return tables.run(id).orElseThrow(() -> ScheduleErrors.runUnknown(id));
    }

    private static TaskRun existing(JobTables tables, JobRunId id, TaskName name) {
        return tables.task(id, name)
                .orElseThrow(() ->
                        ScheduleErrors.taskUnknown(
                                id, name, tables.tasks(id).stream().map(TaskRun::task).toList()));
    }
}
