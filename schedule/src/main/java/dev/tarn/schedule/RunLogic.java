package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.model.job.Trigger;
import dev.tarn.spi.JobTables;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How runs go on: which tasks may begin, when a run is over, what that starts. Belongs to one
 * change of the store.
 */
final class RunLogic {
    private final JobTables tables;
    private final Definitions definitions;
    private final Definitions.Current current;
    private final Instant now;
    private final RandomGenerator random;

    RunLogic(
            JobTables tables,
            Definitions definitions,
            Definitions.Current current,
            Instant now,
            RandomGenerator random) {
        this.tables = tables;
        this.definitions = definitions;
        this.current = current;
        this.now = now;
        this.random = random;
    }

    /** What a new run is about. */
    record NewRun(
            String key,
            JobRun.Cause cause,
            String by,
            JobRun.Interval interval,
            Instant dueAt,
            Map<String, String> params,
            Optional<String> backfill) {}

    /**
     * Adds a run and begins it if there is room.
     *
     * @return empty if the job has a run with that key
     */
    Optional<JobRun> add(Definitions.Known known, NewRun wanted) {
        Map<String, String> params = new LinkedHashMap<>(known.job().params());
        params.putAll(wanted.params());
        tables.keep(known.definition());
        JobRun run =
                new JobRun(
                        JobRunId.create(now, random),
                        known.job().name(),
                        known.definition().fingerprint(),
                        wanted.key(),
                        wanted.cause(),
                        wanted.by(),
                        wanted.interval(),
                        wanted.dueAt(),
                        now,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        known.job().deadline().map(wanted.dueAt()::plus),
                        false,
                        JobRun.Status.QUEUED,
                        params,
                        wanted.backfill(),
                        Optional.empty());
        if (!tables.add(run)) {
            return Optional.empty();
        }
        if (tables.state(run.job()).isEmpty()) {
            tables.put(JobState.fresh(run.job()).handled(now));
        }
        beginQueued(run.job());
        return tables.run(run.id());
    }

    /** Begins as many queued runs of a job as there is room for. */
    void beginQueued(JobName name) {
        Definitions.Known known = current.jobs().get(name);
        int most = known == null ? 1 : known.job().runsMax();
        long working = tables.count(RunFilter.of(name, JobRun.Status.RUNNING));
        if (working >= most) {
            return;
        }
        boolean paused = tables.state(name).filter(JobState::isPaused).isPresent();
        Map<String, Integer> room = new LinkedHashMap<>();
        for (JobRun run : tables.queued(name, 1_000)) {
            if (working >= most) {
                return;
            }
            boolean byHand = run.cause() == JobRun.Cause.MANUAL;
            if ((paused && !byHand) || !hasRoom(run, room)) {
                continue;
            }
            working++;
            begin(run);
        }
    }

    private boolean hasRoom(JobRun run, Map<String, Integer> room) {
        if (run.backfill().isEmpty()) {
            return true;
        }
        String id = run.backfill().get();
        int left =
                room.computeIfAbsent(
                        id,
                        i ->
                                tables.backfill(i)
                                        .filter(b -> b.status() != Backfill.Status.PAUSED)
                                        .map(b ->
                                                b.parallel()
                                                        - (int)
                                                                tables.count(
                                                                        new RunFilter(
                                                                                Optional.of(
                                                                                        run.job()),
                                                                                Set.of(
                                                                                        JobRun
                                                                                                .Status
                                                                                                .RUNNING),
                                                                                Optional.of(i),
                                                                                1)))
                                        .orElse(0));
        if (left <= 0) {
            return false;
        }
        room.put(id, left - 1);
        return true;
    }

    private void begin(JobRun run) {
        Job job;
        try {
            job = job(run);
        } catch (TarnException e) {
            tables.put(run.ended(JobRun.Status.FAILED, now, Optional.ofNullable(e.getMessage())));
            return;
        }
        JobRun begun = run.started(now, job.timeout().map(now::plus), run.deadlineAt());
        tables.put(begun);
        tables.put(job.tasks().stream().map(t -> fresh(begun, job, t)).toList());
        goOn(begun, job);
    }

    Job job(JobRun run) {
        Definitions.Known known = current.jobs().get(run.job());
        if (known != null && known.definition().fingerprint().equals(run.definition())) {
            return known.job();
        }
        return definitions.read(
                tables.definition(run.definition())
                        .orElseThrow(() ->
                                ScheduleErrors.jobUnknown(
                                        run.job().value(), current.jobs().keySet())));
    }

    private TaskRun fresh(JobRun run, Job job, JobTask task) {
        return new TaskRun(
                run.id(),
                run.job(),
                task.name(),
                task.kind().word(),
                TaskRun.Status.WAITING,
                0,
                0,
                0,
                job.priority() + task.priority(),
                task.pool(),
                now,
                0,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "");
    }

    /** Lets tasks begin whose time has come, and ends the run when all have ended. */
    void goOn(JobRun run, Job job) {
        Map<TaskName, TaskRun> tasks = new LinkedHashMap<>();
        tables.tasks(run.id()).forEach(t -> tasks.put(t.task(), t));
        List<TaskRun> changed = new ArrayList<>();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (JobTask task : job.tasks()) {
                TaskRun state = tasks.get(task.name());
                if (state == null || state.status() != TaskRun.Status.WAITING) {
                    continue;
                }
                Optional<TaskRun> next = decide(task, state, tasks);
                if (next.isPresent()) {
                    tasks.put(task.name(), next.get());
                    changed.add(next.get());
                    moved = true;
                }
            }
        }
        tables.put(changed);
        if (tasks.values().stream().allMatch(t -> t.status().isEnd())) {
            end(run, tasks.values());
        }
    }

    private Optional<TaskRun> decide(JobTask task, TaskRun state, Map<TaskName, TaskRun> tasks) {
        List<TaskRun> before =
                task.after().stream().map(tasks::get).filter(t -> t != null).toList();
        boolean allEnded = before.stream().allMatch(t -> t.status().isEnd());
        boolean failed = before.stream().anyMatch(RunLogic::isFailed);
        boolean succeeded = before.stream().anyMatch(t -> t.status() == TaskRun.Status.SUCCEEDED);
        boolean allSucceeded =
                before.stream().allMatch(t -> t.status() == TaskRun.Status.SUCCEEDED);
        return switch (task.rule()) {
            case ALL_SUCCEEDED -> {
                if (allSucceeded) {
                    yield ready(state);
                }
                if (failed) {
                    yield upstreamFailed(state);
                }
                yield allEnded ? skipped(state) : Optional.empty();
            }
            case ALL_DONE -> allEnded ? ready(state) : Optional.empty();
            case NONE_FAILED -> {
                if (failed) {
                    yield upstreamFailed(state);
                }
                yield allEnded ? ready(state) : Optional.empty();
            }
            case ONE_FAILED -> {
                if (failed) {
                    yield ready(state);
                }
                yield allEnded ? skipped(state) : Optional.empty();
            }
            case ONE_SUCCEEDED -> {
                if (succeeded) {
                    yield ready(state);
                }
                if (!allEnded) {
                    yield Optional.empty();
                }
                yield failed ? upstreamFailed(state) : skipped(state);
            }
        };
    }

    static boolean isFailed(TaskRun task) {
        return task.status() == TaskRun.Status.FAILED
                || task.status() == TaskRun.Status.UPSTREAM_FAILED
                || task.status() == TaskRun.Status.CANCELLED;
    }

    private Optional<TaskRun> ready(TaskRun state) {
        return Optional.of(state.change().ready(now).done());
    }

    private Optional<TaskRun> upstreamFailed(TaskRun state) {
        return Optional.of(state.change().now(TaskRun.Status.UPSTREAM_FAILED, now).done());
    }

    private Optional<TaskRun> skipped(TaskRun state) {
        return Optional.of(
                state.change()
                        .now(TaskRun.Status.SKIPPED, now)
                        .because(Optional.empty(), Optional.of("a task before it was skipped"))
                        .done());
    }

    private void end(JobRun run, Collection<TaskRun> tasks) {
        Optional<TaskRun> wrong =
                tasks.stream().filter(t -> t.status() == TaskRun.Status.FAILED).findFirst();
        boolean cancelled = tasks.stream().anyMatch(t -> t.status() == TaskRun.Status.CANCELLED);
        JobRun.Status status =
                wrong.isPresent()
                        ? JobRun.Status.FAILED
                        : cancelled ? JobRun.Status.CANCELLED : JobRun.Status.SUCCEEDED;
        JobRun ended =
                run.ended(
                        status,
                        now,
                        wrong.map(t -> "task '%s': %s".formatted(t.task(), t.message().orElse("")))
                                .or(run::message));
        tables.put(ended);
        if (status == JobRun.Status.SUCCEEDED) {
            startFollowers(ended);
        }
        ended.backfill().ifPresent(this::goOnBackfill);
        beginQueued(run.job());
    }

    private void startFollowers(JobRun run) {
        for (Definitions.Known known : List.copyOf(current.jobs().values())) {
            boolean follows =
                    known.job().triggers().stream()
                            .anyMatch(
                                    t -> t instanceof Trigger.After a && a.job().equals(run.job()));
            boolean paused =
                    tables.state(known.job().name()).filter(JobState::isPaused).isPresent();
            if (follows && !paused) {
                add(
                        known,
                        new NewRun(
                                "after:" + run.id(),
                                JobRun.Cause.AFTER,
                                "job " + run.job(),
                                run.interval(),
                                now,
                                Map.of(),
                                Optional.empty()));
            }
        }
    }

    /** Adds the next runs of a backfill, a few ahead of those that work. */
    void goOnBackfill(String id) {
        tables.backfill(id)
                .filter(b -> b.status() == Backfill.Status.RUNNING)
                .ifPresent(b -> {
                    Definitions.Known known = current.jobs().get(b.job());
                    if (known != null) {
                        new Backfills(tables, this, now).goOn(b, known);
                    }
                });
    }

    /**
     * Stops a run: what waits ends at once, what works is asked to.
     *
     * @param why the error it ends with; empty if somebody wanted it
     */
    JobRun cancel(JobRun run, String by, Optional<ErrorCode> why) {
        List<TaskRun> all = new ArrayList<>();
        boolean working = false;
        for (TaskRun task : tables.tasks(run.id())) {
            if (task.status() == TaskRun.Status.RUNNING) {
                working = true;
                all.add(task.change().askedToStop().because(why, Optional.of(by)).done());
            } else if (task.status().isEnd()) {
                all.add(task);
            } else {
                TaskRun.Status end =
                        why.isPresent() ? TaskRun.Status.FAILED : TaskRun.Status.CANCELLED;
                all.add(task.change().now(end, now).because(why, Optional.of(by)).done());
            }
        }
        tables.put(all);
        if (all.isEmpty()) {
            tables.put(run.ended(JobRun.Status.CANCELLED, now, Optional.of(by)));
            run.backfill().ifPresent(this::goOnBackfill);
        } else if (!working) {
            end(run, all);
        }
        return tables.run(run.id()).orElse(run);
    }

    /** Does tasks of a run that is over again, by the job as it is now. */
    JobRun again(JobRun run, Optional<TaskName> from, String by) {
        Definitions.Known known = current.jobs().get(run.job());
        Job job = known == null ? job(run) : known.job();
        if (known != null) {
            tables.keep(known.definition());
        }
        Map<TaskName, TaskRun> tasks = new LinkedHashMap<>();
        tables.tasks(run.id()).forEach(t -> tasks.put(t.task(), t));
        Set<TaskName> redo =
                from.map(f -> withFollowers(job, f)).orElseGet(() -> failed(job, tasks));
        List<TaskRun> changed = new ArrayList<>();
        for (JobTask task : job.tasks()) {
            TaskRun state = tasks.remove(task.name());
            if (state == null) {
                changed.add(fresh(run, job, task));
            } else if (redo.contains(task.name())) {
                changed.add(state.change().again().done());
            }
        }
        tables.remove(run.id(), List.copyOf(tasks.keySet()));
        tables.put(changed);
        JobRun open =
                run.started(now, job.timeout().map(now::plus), Optional.empty())
                        .withDefinition(
                                known == null
                                        ? run.definition()
                                        : known.definition().fingerprint());
        tables.put(open);
        goOn(open, job);
        return tables.run(run.id()).orElse(open);
    }

    /** Everything that did not succeed, and what comes after it; all if all succeeded. */
    private static Set<TaskName> failed(Job job, Map<TaskName, TaskRun> tasks) {
        Set<TaskName> redo = new LinkedHashSet<>();
        for (JobTask task : job.tasks()) {
            TaskRun state = tasks.get(task.name());
            if (state != null && isFailed(state)) {
                redo.addAll(withFollowers(job, task.name()));
            }
        }
        if (redo.isEmpty()) {
            job.tasks().forEach(t -> redo.add(t.name()));
        }
        return redo;
    }

    private static Set<TaskName> withFollowers(Job job, TaskName first) {
        Set<TaskName> found = new LinkedHashSet<>(Set.of(first));
        boolean more = true;
        while (more) {
            more = false;
            for (JobTask task : job.tasks()) {
                if (task.after().stream().anyMatch(found::contains) && found.add(task.name())) {
                    more = true;
                }
            }
        }
        return found;
    }
}
