package dev.tarn.schedule;

import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which tasks of a run that is over are done again. */
final class Again {
    private final Job job;
    private final Map<TaskName, TaskRun> tasks;
    private final List<TaskName> gone = new ArrayList<>();

    /**
     * @param job as it is now
     */
    Again(Job job, Map<TaskName, TaskRun> tasks) {
        this.job = job;
        this.tasks = Map.copyOf(tasks);
        for (TaskName name : tasks.keySet()) {
            if (job.task(name.whole()).isEmpty()) {
                gone.add(name);
            }
        }
    }

    /** Tasks that the job no longer has, and parts whose list is made anew. */
    List<TaskName> gone() {
        return List.copyOf(gone);
    }

    /**
     * @param from a task, which is done again with all that come after it; empty for what did not
     *     succeed
     */
    List<TaskRun> changes(Optional<TaskName> from) {
        List<TaskRun> changed = new ArrayList<>();
        Set<TaskName> redo =
                from.map(f -> followers(job, List.of(f.whole()))).orElseGet(this::undone);
        for (TaskName name : redo) {
            TaskRun state = tasks.get(name);
            if (state == null) {
                continue;
            }
            boolean partly =
                    from.map(f -> f.isPart() && f.whole().equals(name)).orElse(isUndone(state));
            List<TaskRun> parts = parts(name);
            if (partly && !parts.isEmpty()) {
                changed.add(state.change().inParts(state.output()).done());
                parts.stream()
                        .filter(p -> from.map(p.task()::equals).orElse(isUndone(p)))
                        .forEach(p -> changed.add(p.change().again().ready(p.notBefore()).done()));
            } else {
                parts.forEach(p -> gone.add(p.task()));
                changed.add(state.change().again().done());
            }
        }
        return changed;
    }

    private List<TaskRun> parts(TaskName whole) {
        return tasks.values().stream()
                .filter(t -> t.task().isPart() && t.task().whole().equals(whole))
                .toList();
    }

    private static boolean isUndone(TaskRun task) {
        return Flow.isFailed(task.status());
    }

    /** Everything that did not succeed, and what comes after it; all if all succeeded. */
    private Set<TaskName> undone() {
        List<TaskName> failed =
                job.tasks().stream()
                        .map(JobTask::name)
                        .filter(n -> tasks.containsKey(n) && isUndone(tasks.get(n)))
                        .toList();
        return followers(
                job, failed.isEmpty() ? job.tasks().stream().map(JobTask::name).toList() : failed);
    }

    /** Some tasks and all that come after them. */
    static Set<TaskName> followers(Job job, List<TaskName> first) {
        Map<TaskName, List<TaskName>> next = new HashMap<>();
        for (JobTask task : job.tasks()) {
            for (TaskName before : task.after()) {
                next.computeIfAbsent(before, b -> new ArrayList<>()).add(task.name());
            }
        }
        Set<TaskName> found = new LinkedHashSet<>();
        Deque<TaskName> open = new ArrayDeque<>(first);
        while (!open.isEmpty()) {
            TaskName name = open.removeFirst();
            if (found.add(name)) {
                open.addAll(next.getOrDefault(name, List.of()));
            }
        }
        return found;
    }
}
