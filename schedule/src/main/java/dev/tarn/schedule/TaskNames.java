package dev.tarn.schedule;

import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyObject;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The names that templates of a task can use. */
final class TaskNames {
    private TaskNames() {}

    static Map<String, @Nullable Object> of(
            Job job, JobRun run, JobTask task, int attempt, List<TaskRun> tasks) {
        return of(job, run, task, attempt, tasks, UnaryOperator.identity());
    }

    /**
     * @param foreign applied to values that are not from the job's file: parameters that somebody
     *     gave, and outputs
     */
    static Map<String, @Nullable Object> of(
            Job job,
            JobRun run,
            JobTask task,
            int attempt,
            List<TaskRun> tasks,
            UnaryOperator<String> foreign) {
        Map<String, Object> outputs = new LinkedHashMap<>();
        Map<TaskName, List<String>> parts = parts(tasks, foreign);
        for (TaskRun one : tasks) {
            List<String> own = parts.getOrDefault(one.task(), List.of());
            outputs.put(
                    one.task().value(),
                    facts(
                            own.isEmpty() ? foreign.apply(one.output()) : Items.write(own),
                            value(job, one, tasks, foreign),
                            own,
                            ScheduleErrors.word(one.status()),
                            one.work().isPresent() ? one.work().get().value() : ""));
        }
        Map<String, String> params = new LinkedHashMap<>();
        run.params()
                .forEach((name, value) ->
                        params.put(
                                name,
                                value.equals(job.params().get(name))
                                        ? value
                                        : foreign.apply(value)));
        return names(
                job,
                run.id().value(),
                run.interval(),
                run.dueAt(),
                new One(task.name().value(), attempt, Optional.empty(), 0),
                params,
                outputs);
    }

    /** What the parts of tasks handed on, in the order of their items. */
    private static Map<TaskName, List<String>> parts(
            List<TaskRun> tasks, UnaryOperator<String> foreign) {
        Map<TaskName, List<String>> parts = new HashMap<>();
        tasks.stream()
                .filter(t -> t.task().isPart())
                .sorted(Comparator.comparing(TaskRun::task))
                .forEach(t ->
                        parts.computeIfAbsent(t.task().whole(), w -> new ArrayList<>())
                                .add(foreign.apply(t.output())));
        return parts;
    }

    /** The same for a part of a task. */
    static Map<String, @Nullable Object> withItem(
            Map<String, @Nullable Object> names, TaskName part, String item) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(names);
        more.put("task", part.value());
        more.put("item", item);
        more.put("item_number", (long) part.number());
        return more;
    }

    /** A task as its templates see it. */
    private record One(String name, int attempt, Optional<String> item, int number) {}

    /** Names for a look at templates before anything runs. */
    static Map<String, @Nullable Object> example(Job job, JobTask task) {
        Instant end = Instant.parse("2026-01-02T00:00:00Z");
        Map<String, Object> outputs = new LinkedHashMap<>();
        before(job, task).forEach(name -> outputs.put(name, exampleOf(job, name)));
        return names(
                job,
                "j260102-000000-00000000",
                new JobRun.Interval(end.minusSeconds(86_400), end),
                end,
                new One(
                        task.name().value(),
                        1,
                        task.each().isPresent() ? Optional.of("1") : Optional.empty(),
                        0),
                job.params(),
                outputs);
    }

    /** All tasks that have ended when a task begins. */
    private static Set<String> before(Job job, JobTask task) {
        Set<String> found = new HashSet<>();
        List<JobTask> open = new ArrayList<>(List.of(task));
        while (!open.isEmpty()) {
            open.removeLast().after().stream()
                    .filter(name -> found.add(name.value()))
                    .forEach(name -> job.task(name).ifPresent(open::add));
        }
        return found;
    }

    private static Map<String, @Nullable Object> names(
            Job job,
            String run,
            JobRun.Interval interval,
            Instant due,
            One task,
            Map<String, String> params,
            Map<String, Object> outputs) {
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        names.put("data_interval_start", time(interval.start()));
        names.put("data_interval_end", time(interval.end()));
        names.put("due", time(due));
        String day = LocalDate.ofInstant(interval.start(), ZoneOffset.UTC).toString();
        names.put("ds", day);
        names.put("ds_nodash", day.replace("-", ""));
        names.put("ts", interval.start().toString());
        names.put("job", job.name().value());
        names.put("run_id", run);
        names.put("task", task.name());
        names.put("attempt", (long) task.attempt());
        task.item()
                .ifPresent(item -> {
                    names.put("item", item);
                    names.put("item_number", (long) task.number());
                });
        names.put("params", new Part("params", params));
        names.put("tasks", new Part("tasks", outputs));
        return names;
    }

    private static Object exampleOf(Job job, String name) {
        Optional<JobTask> task = job.task(new TaskName(name));
        Object one = GivenValue.example(task.map(JobTask::gives).orElse(JobTask.Gives.TEXT));
        boolean isList = task.flatMap(JobTask::each).isPresent();
        return facts("1", isList ? List.of(one) : one, List.of("1"), "succeeded", "");
    }

    /** What a task handed on in its type: of each part, where it has parts; none before it did. */
    private static @Nullable Object value(
            Job job, TaskRun task, List<TaskRun> all, UnaryOperator<String> foreign) {
        JobTask.Gives type =
                job.task(task.task().whole()).map(JobTask::gives).orElse(JobTask.Gives.TEXT);
        List<TaskRun> parts =
                all.stream()
                        .filter(t -> t.task().isPart() && t.task().whole().equals(task.task()))
                        .sorted(Comparator.comparing(TaskRun::task))
                        .toList();
        if (parts.isEmpty()) {
            return task.output().isBlank() && type != JobTask.Gives.LIST
                    ? null
                    : GivenValue.of(type, task.output(), foreign);
        }
        return parts.stream()
                .filter(p -> !p.output().isBlank())
                .map(p -> GivenValue.of(type, p.output(), foreign))
                .toList();
    }

    private static Object facts(
            String output,
            @Nullable Object value,
            List<String> outputs,
            String status,
            String run) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("output", output);
        facts.put("value", value);
        facts.put("outputs", outputs);
        facts.put("status", status);
        facts.put("run", run);
        return new Part("task", facts);
    }

    private static TimeValue time(Instant instant) {
        return new TimeValue(instant, ZoneOffset.UTC);
    }

    /** Named values; a name that is not there is a mistake that says which there are. */
    private record Part(String what, Map<String, ? extends @Nullable Object> values)
            implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            return values.containsKey(name) ? values.get(name) : Missing.VALUE;
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            return attribute(String.valueOf(key));
        }

        @Override
        public String text() {
            return values.toString();
        }

        @Override
        public String typeName() {
            return what;
        }
    }
}
