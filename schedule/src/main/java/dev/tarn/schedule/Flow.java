package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.model.job.TaskRun.Status;
import dev.tarn.spi.JobTables;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What follows from tasks of a run that ended: which others may begin, or never will. Looks only at
 * the tasks that wait for those that ended, so that a run of thousands of tasks costs no more than
 * what moves in it.
 */
final class Flow {
    /** With more tasks to look at, all of the run are read at once, by their status alone. */
    private static final int ONE_BY_ONE_MAX = 256;

    private final JobTables tables;
    private final JobRun run;
    private final Job job;
    private final Instant now;
    private final Map<TaskName, List<JobTask>> followers = new HashMap<>();
    private final Map<TaskName, Status> known = new HashMap<>();
    private final Map<TaskName, Step> moved = new LinkedHashMap<>();
    private boolean complete;

    Flow(JobTables tables, JobRun run, Job job, Instant now) {
        this.tables = tables;
        this.run = run;
        this.job = job;
        this.now = now;
        for (JobTask task : job.tasks()) {
            for (TaskName before : task.after()) {
                followers.computeIfAbsent(before, b -> new ArrayList<>()).add(task);
            }
        }
    }

    /** What becomes of a task. */
    private enum Step {
        READY,
        SKIPPED,
        UPSTREAM_FAILED,
        PARTS_SUCCEEDED,
        PARTS_SKIPPED,
        PARTS_FAILED;

        Status status() {
            return switch (this) {
                case READY -> Status.READY;
                case SKIPPED, PARTS_SKIPPED -> Status.SKIPPED;
                case UPSTREAM_FAILED -> Status.UPSTREAM_FAILED;
                case PARTS_SUCCEEDED -> Status.SUCCEEDED;
                case PARTS_FAILED -> Status.FAILED;
            };
        }
    }

    static boolean isFailed(Status status) {
        return status == Status.FAILED
                || status == Status.UPSTREAM_FAILED
                || status == Status.CANCELLED;
    }

    /** All tasks of a run are looked at. */
    void begin() {
        readAll();
        Set<TaskName> wholes = new LinkedHashSet<>();
        known.keySet().stream().filter(TaskName::isPart).forEach(n -> wholes.add(n.whole()));
        follow(job.tasks(), wholes);
    }

    /** Only those tasks are looked at that wait for these. */
    void moved(Collection<TaskName> ended) {
        List<JobTask> waiting = new ArrayList<>();
        Set<TaskName> wholes = new LinkedHashSet<>();
        for (TaskName name : ended) {
            if (name.isPart()) {
                wholes.add(name.whole());
            } else {
                waiting.addAll(followers.getOrDefault(name, List.of()));
            }
        }
        follow(waiting, wholes);
    }

    private void follow(List<JobTask> waiting, Set<TaskName> wholes) {
        Deque<JobTask> open = new ArrayDeque<>(waiting);
        if (!wholes.isEmpty()) {
            readAll();
            wholes.forEach(whole -> gather(whole, open));
        }
        Set<TaskName> wanted = new HashSet<>();
        for (JobTask task : open) {
            wanted.add(task.name());
            wanted.addAll(task.after());
        }
        read(wanted);
        while (!open.isEmpty()) {
            JobTask task = open.removeFirst();
            read(task.after());
            read(List.of(task.name()));
            if (known.get(task.name()) != Status.WAITING) {
                continue;
            }
            step(task).ifPresent(step -> move(task.name(), step, open));
        }
        write();
    }

    private void move(TaskName name, Step step, Deque<JobTask> open) {
        moved.put(name, step);
        known.put(name, step.status());
        if (step.status().isEnd()) {
            open.addAll(followers.getOrDefault(name, List.of()));
        }
    }

    /** A task whose parts have all ended has ended. */
    private void gather(TaskName whole, Deque<JobTask> open) {
        if (known.get(whole) != Status.EXPANDED) {
            return;
        }
        boolean failed = false;
        boolean succeeded = false;
        for (Map.Entry<TaskName, Status> entry : known.entrySet()) {
            if (entry.getKey().isPart() && entry.getKey().whole().equals(whole)) {
                if (!entry.getValue().isEnd()) {
                    return;
                }
                failed |= isFailed(entry.getValue());
                succeeded |= entry.getValue() == Status.SUCCEEDED;
            }
        }
        move(
                whole,
                failed ? Step.PARTS_FAILED : succeeded ? Step.PARTS_SUCCEEDED : Step.PARTS_SKIPPED,
                open);
    }

    private Optional<Step> step(JobTask task) {
        List<Status> before = task.after().stream().map(known::get).filter(s -> s != null).toList();
        boolean allEnded = before.stream().allMatch(Status::isEnd);
        boolean failed = before.stream().anyMatch(Flow::isFailed);
        boolean succeeded = before.contains(Status.SUCCEEDED);
        boolean allSucceeded = before.stream().allMatch(s -> s == Status.SUCCEEDED);
        return Optional.ofNullable(
                switch (task.rule()) {
                    case ALL_SUCCEEDED ->
                            allSucceeded
                                    ? Step.READY
                                    : failed
                                            ? Step.UPSTREAM_FAILED
                                            : allEnded ? Step.SKIPPED : null;
                    case ALL_DONE -> allEnded ? Step.READY : null;
                    case NONE_FAILED ->
                            failed ? Step.UPSTREAM_FAILED : allEnded ? Step.READY : null;
                    case ONE_FAILED -> failed ? Step.READY : allEnded ? Step.SKIPPED : null;
                    case ONE_SUCCEEDED ->
                            succeeded
                                    ? Step.READY
                                    : !allEnded
                                            ? null
                                            : failed ? Step.UPSTREAM_FAILED : Step.SKIPPED;
                });
    }

    private void readAll() {
        if (!complete) {
            Map<TaskName, Status> all = tables.statuses(run.id());
            all.putAll(known);
            known.putAll(all);
            complete = true;
        }
    }

    private void read(Collection<TaskName> names) {
        if (complete) {
            return;
        }
        List<TaskName> missing = names.stream().filter(n -> !known.containsKey(n)).toList();
        if (missing.isEmpty()) {
            return;
        }
        if (missing.size() > ONE_BY_ONE_MAX) {
            readAll();
            return;
        }
        tables.tasks(run.id(), missing).forEach(t -> known.put(t.task(), t.status()));
    }

    private void write() {
        if (moved.isEmpty()) {
            return;
        }
        List<TaskRun> changed = new ArrayList<>(moved.size());
        for (TaskRun task : tables.tasks(run.id(), moved.keySet())) {
            changed.add(changed(task, moved.getOrDefault(task.task(), Step.READY)));
        }
        tables.put(changed);
        moved.clear();
    }

    private TaskRun changed(TaskRun task, Step step) {
        TaskRun.Change change = task.change();
        return switch (step) {
            case READY -> change.ready(now).done();
            case UPSTREAM_FAILED -> change.now(Status.UPSTREAM_FAILED, now).done();
            case SKIPPED ->
                    change.now(Status.SKIPPED, now)
                            .because(Optional.empty(), Optional.of("a task before it was skipped"))
                            .done();
            case PARTS_SUCCEEDED, PARTS_SKIPPED -> change.now(step.status(), now).done();
            case PARTS_FAILED ->
                    change.now(Status.FAILED, now)
                            .because(
                                    Optional.of(ErrorCode.NODE_FAILED),
                                    Optional.of(ScheduleErrors.partsFailed(task.task(), known)))
                            .done();
        };
    }
}
