package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.TaskName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the tasks of a job can be put in an order. */
final class JobTaskOrder {
    private JobTaskOrder() {}

    static void check(List<JobTask> tasks, Problems problems) {
        Map<TaskName, JobTask> byName = new LinkedHashMap<>();
        Map<TaskName, Place> places = new HashMap<>();
        for (JobTask task : tasks) {
            Place first = places.putIfAbsent(task.name(), task.place());
            if (first != null) {
                problems.add(JobErrors.taskTwice(task.name(), task.place(), first));
            }
            byName.putIfAbsent(task.name(), task);
        }
        List<String> names = byName.keySet().stream().map(TaskName::value).toList();
        for (JobTask task : tasks) {
            for (TaskName before : task.after()) {
                if (!byName.containsKey(before)) {
                    problems.add(
                            JobErrors.taskUnknown(
                                    task.place(), task.name(), before.value(), names));
                }
            }
        }
        tellCycle(byName, problems);
    }

    /** Takes away what waits for nothing that is left; what stays waits for itself. */
    private static void tellCycle(Map<TaskName, JobTask> tasks, Problems problems) {
        Map<TaskName, Set<TaskName>> waits = new LinkedHashMap<>();
        Map<TaskName, Set<TaskName>> awaited = new HashMap<>();
        Deque<TaskName> free = new ArrayDeque<>();
        for (JobTask task : tasks.values()) {
            Set<TaskName> before = new LinkedHashSet<>(task.after());
            before.retainAll(tasks.keySet());
            waits.put(task.name(), before);
            before.forEach(
                    b -> awaited.computeIfAbsent(b, x -> new LinkedHashSet<>()).add(task.name()));
            if (before.isEmpty()) {
                free.add(task.name());
            }
        }
        while (!free.isEmpty()) {
            TaskName done = free.remove();
            waits.remove(done);
            for (TaskName next : awaited.getOrDefault(done, Set.of())) {
                Set<TaskName> left = waits.get(next);
                if (left != null && left.remove(done) && left.isEmpty()) {
                    free.add(next);
                }
            }
        }
        if (waits.isEmpty()) {
            return;
        }
        LinkedHashSet<TaskName> way = new LinkedHashSet<>();
        TaskName at = waits.keySet().iterator().next();
        while (way.add(at)) {
            at = waits.getOrDefault(at, Set.of()).iterator().next();
        }
        while (!way.getFirst().equals(at)) {
            way.removeFirst();
        }
        JobTask first = tasks.get(way.getFirst());
        if (first != null) {
            problems.add(JobErrors.taskCycle(first.place(), List.copyOf(way)));
        }
    }
}
