package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobDefinition;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
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
    /** How many builds that somebody asked for may work at a time. */
    private static final int ON_DEMAND_MAX = 4;

    private final JobTables tables;
    private final Definitions definitions;
    private final Definitions.Current current;
    private final Instant now;
    private final RandomGenerator random;
    private final List<JobRun> over = new ArrayList<>();

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

    Breakers breakers() {
        return new Breakers(tables, current, now);
    }

    /** The runs that ended in this change. */
    List<JobRun> over() {
        return List.copyOf(over);
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
        int most =
                known != null
                        ? known.job().runsMax()
                        : name.equals(JobName.ON_DEMAND) ? ON_DEMAND_MAX : 1;
        long working = tables.count(RunFilter.of(name, JobRun.Status.RUNNING));
        if (working >= most) {
            return;
        }
        boolean paused =
                tables.state(name).filter(JobState::isPaused).isPresent()
                        || breakers().resting(name).isPresent();
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
        if (run.backfill().isEmpty() || run.job().equals(JobName.ON_DEMAND)) {
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

    /** The parts of a task that is done for each item of a list, ready to begin. */
    void addParts(JobRun run, Job job, JobTask task, int count) {
        List<TaskRun> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(fresh(run, job, task, task.name().part(i)).change().ready(now).done());
        }
        tables.put(parts);
    }

    private TaskRun fresh(JobRun run, Job job, JobTask task) {
        return fresh(run, job, task, task.name());
    }

    private TaskRun fresh(JobRun run, Job job, JobTask task, TaskName name) {
        boolean lists = task.each().isPresent() && !name.isPart();
        return new TaskRun(
                run.id(),
                run.job(),
                name,
                task.kind().word(),
                TaskRun.Status.WAITING,
                0,
                0,
                0,
                job.priority() + task.priority(),
                lists ? Optional.empty() : task.pool(),
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

    /** Lets all tasks begin whose time has come, and ends the run when all have ended. */
    void goOn(JobRun run, Job job) {
        new Flow(tables, run, job, now).begin();
        endIfOver(run);
    }

    /** The same for the tasks that wait for some that moved, and no others. */
    void goOn(JobRun run, Job job, Collection<TaskName> moved) {
        new Flow(tables, run, job, now).moved(moved);
        endIfOver(run);
    }

    private void endIfOver(JobRun run) {
        if (tables.open(run.id()) == 0) {
            end(run, tables.tasks(run.id()));
        }
    }

    private void end(JobRun run, Collection<TaskRun> tasks) {
        Optional<TaskRun> wrong =
                tasks.stream()
                        .filter(t -> t.status() == TaskRun.Status.FAILED)
                        // A part says more than the task that it is a part of.
                        .min(
                                Comparator.comparing((TaskRun t) -> !t.task().isPart())
                                        .thenComparing(TaskRun::task));
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
        over.add(ended);
        breakers().ended(ended, status);
        if (status == JobRun.Status.SUCCEEDED) {
            startFollowers(ended);
        }
        if (run.job().equals(JobName.ON_DEMAND)) {
            ended.backfill()
                    .flatMap(tables::backfill)
                    .filter(b -> b.status() == Backfill.Status.PUBLISHING)
                    .ifPresent(b ->
                            new Backfills(tables, this, now)
                                    .published(b, status == JobRun.Status.SUCCEEDED));
        } else {
            ended.backfill().ifPresent(this::goOnBackfill);
        }
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

    /** Adds the run that brings what a backfill made on its branch to main. */
    void publish(Backfill backfill) {
        String text =
                "jobs:\n- name: %s\n  tasks:\n  - name: publish\n    merge: {branch: \"%s\", delete: true}\n"
                        .formatted(
                                JobName.ON_DEMAND,
                                backfill.branch().map(RefName::value).orElse(""));
        JobDefinition definition =
                new JobDefinition("publish " + backfill.id(), JobName.ON_DEMAND, "on-demand", text);
        add(
                new Definitions.Known(definitions.read(definition), definition),
                new NewRun(
                        "publish:%s:%s".formatted(backfill.id(), now),
                        JobRun.Cause.BACKFILL,
                        backfill.by(),
                        backfill.range(),
                        now,
                        Map.of(),
                        Optional.of(backfill.id())));
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
        Again again = new Again(job, tasks);
        List<TaskRun> changed = again.changes(from);
        for (JobTask task : job.tasks()) {
            if (!tasks.containsKey(task.name())) {
                changed.add(fresh(run, job, task));
            }
        }
        tables.remove(run.id(), again.gone());
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
}
