package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.TaskName;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is said about files of jobs. */
final class JobErrors {
    private JobErrors() {}

    static Problem twice(Job job, Place first) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                job.place(),
                "There is a job '%s' at %s already. Rename one of them."
                        .formatted(job.name(), first));
    }

    static Problem reserved(Job job) {
        return Problem.at(
                ErrorCode.NAME_INVALID,
                job.place(),
                "'%s' is what builds that somebody asks a server for are called. Choose another name."
                        .formatted(job.name()));
    }

    static Problem taskTwice(TaskName task, Place place, Place first) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "The job has a task '%s' in line %d already. Rename one of them."
                        .formatted(task, first.line()));
    }

    static TarnException notInItsFile(JobDefinition definition) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        Place.of(definition.file()),
                        "The kept text has no job '%s'.".formatted(definition.job())));
    }

    static Problem poolUnknown(JobTask task, Collection<String> pools) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                task.place(),
                "Task '%s' wants a slot of pool '%s', which is not there.%s Say how many slots it has under 'pools:'."
                        .formatted(
                                task.name(),
                                task.pool().orElse(""),
                                Suggestion.hint(task.pool().orElse(""), pools)));
    }

    static Problem jobUnknown(Job job, JobName before, Collection<JobName> jobs) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                job.place(),
                "Job '%s' comes after '%s', which is not there.%s"
                        .formatted(
                                job.name(), before, Suggestion.hint(before.value(), texts(jobs))));
    }

    /**
     * @param way each comes after the one behind it, the last after the first
     */
    static Problem cycle(Job job, List<JobName> way) {
        return Problem.at(
                ErrorCode.DEPENDENCY_CYCLE,
                job.place(),
                way.size() == 1
                        ? "Job '%s' waits for itself. Take it out of its own 'after'."
                                .formatted(job.name())
                        : "These jobs wait for each other: %s. Take one of them out."
                                .formatted(chain(way.stream().map(JobName::value).toList())));
    }

    static Problem taskUnknown(Place place, TaskName task, String before, Collection<String> all) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "Task '%s' comes after '%s', which the job does not have.%s"
                        .formatted(task, before, Suggestion.hint(before, all)));
    }

    static Problem taskCycle(Place place, List<TaskName> way) {
        return Problem.at(
                ErrorCode.DEPENDENCY_CYCLE,
                place,
                way.size() == 1
                        ? "Task '%s' waits for itself.".formatted(way.getFirst())
                        : "These tasks wait for each other: %s. Take one of them out."
                                .formatted(chain(way.stream().map(TaskName::value).toList())));
    }

    private static String chain(List<String> way) {
        return Stream.concat(way.stream(), Stream.of(way.getFirst()))
                .collect(Collectors.joining(" after "));
    }

    static Problem noTasks(Job job) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                job.place(),
                "Job '%s' has no tasks. Add 'tasks:' with at least one.".formatted(job.name()));
    }

    static Problem noKind(Place place, String what, Collection<String> kinds) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s does not say what to do. Add one of: %s."
                        .formatted(what, String.join(", ", kinds)));
    }

    static Problem manyKinds(Place place, String what, Collection<String> kinds) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s says several things to do: %s. Make a task of each."
                        .formatted(what, String.join(", ", kinds)));
    }

    static Problem noTrigger(Place place, Collection<String> kinds) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "A schedule needs exactly one of: %s.".formatted(String.join(", ", kinds)));
    }

    static Problem notTime(Place place, String what, String text) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s cannot be '%s'. Write a length of time such as 90s, 15m, 1h or 2d."
                        .formatted(what, text));
    }

    static Problem notSize(Place place, String what, String text) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s cannot be '%s'. Write a size such as 512MiB or 2GiB.".formatted(what, text));
    }

    static Problem timeTooShort(Place place, String what, String least) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID, place, "%s must be at least %s.".formatted(what, least));
    }

    static Problem notMoment(Place place, String what, String text) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s cannot be '%s'. Write a date such as 2026-11-21, or a time such as 2026-11-21T06:00:00Z."
                        .formatted(what, text));
    }

    static Problem notCount(Place place, String what, String text, int least, int most) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s cannot be '%s'. Write a whole number from %d to %d."
                        .formatted(what, text, least, most));
    }

    static Problem notNumber(Place place, String what, String text, String range) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s cannot be '%s'. Write a number %s.".formatted(what, text, range));
    }

    static Problem endBeforeStart(Place place) {
        return Problem.at(ErrorCode.CONFIG_INVALID, place, "'end' must be later than 'start'.");
    }

    private static List<String> texts(Collection<JobName> names) {
        return names.stream().map(JobName::value).toList();
    }
}
