package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Durations;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobTask.Gives;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What is said about jobs and their runs. */
final class ScheduleErrors {
    private ScheduleErrors() {}

    static TarnException jobUnknown(String name, Collection<JobName> jobs) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "There is no job '%s'.%s `tarn job list` lists them."
                        .formatted(
                                name,
                                Suggestion.hint(name, jobs.stream().map(JobName::value).toList())));
    }

    static TarnException runUnknown(JobRunId run) {
        return new TarnException(
                ErrorCode.RUN_NOT_FOUND,
                "There is no run '%s' of a job. `tarn job runs` lists them.".formatted(run));
    }

    static TarnException taskUnknown(JobRunId run, TaskName task, Collection<TaskName> tasks) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "Run '%s' has no task '%s'.%s"
                        .formatted(
                                run,
                                task,
                                Suggestion.hint(
                                        task.value(),
                                        tasks.stream().map(TaskName::value).toList())));
    }

    static TarnException paramUnknown(Job job, String param) {
        return new TarnException(
                ErrorCode.USAGE,
                job.params().isEmpty()
                        ? "Job '%s' has no parameters, so '%s' says nothing to it."
                                .formatted(job.name(), param)
                        : "Job '%s' has no parameter '%s'.%s It has: %s."
                                .formatted(
                                        job.name(),
                                        param,
                                        Suggestion.hint(param, job.params().keySet()),
                                        String.join(", ", job.params().keySet())));
    }

    static TarnException over(JobRun run) {
        return new TarnException(
                ErrorCode.OUTDATED,
                "Run '%s' is over: it %s%s. `tarn job rerun %s` does it again."
                        .formatted(
                                run.id(),
                                run.status() == JobRun.Status.CANCELLED ? "was " : "",
                                word(run.status()),
                                run.id()));
    }

    static TarnException moved(TaskRun task, String seen) {
        return new TarnException(
                ErrorCode.OUTDATED,
                "Task '%s' of run '%s' is not %s any more: it is %s%s. Nothing was changed."
                        .formatted(
                                task.task(),
                                task.run(),
                                seen,
                                word(task.status()),
                                task.message().map(m -> " (%s)".formatted(m)).orElse("")));
    }

    static TarnException notOver(JobRun run) {
        return new TarnException(
                ErrorCode.OUTDATED,
                "Run '%s' is not over yet. Wait for it, or stop it with `tarn job cancel %s`."
                        .formatted(run.id(), run.id()));
    }

    static TarnException notHeld(TaskRun task) {
        return new TarnException(
                ErrorCode.OUTDATED,
                "Task '%s' of run '%s' waits for nobody's decision: it is %s."
                        .formatted(task.task(), task.run(), word(task.status())));
    }

    static TarnException working(TaskRun task) {
        return new TarnException(
                ErrorCode.OUTDATED,
                "Task '%s' of run '%s' works just now. Stop the run first with `tarn job cancel %s`."
                        .formatted(task.task(), task.run(), task.run()));
    }

    static TarnException noIntervals(Job job) {
        return new TarnException(
                ErrorCode.USAGE,
                ("Job '%s' has no schedule with times, so the range cannot be divided. Give its"
                                + " schedule `cron` or `every`, or say how long an interval is with"
                                + " --every.")
                        .formatted(job.name()));
    }

    static TarnException rangeMissing(Job job) {
        return new TarnException(
                ErrorCode.USAGE,
                "Say which past time of job '%s' with --from and --to.".formatted(job.name()));
    }

    static TarnException emptyRange(Job job) {
        return new TarnException(
                ErrorCode.USAGE,
                "No whole interval of job '%s' lies in that range. Check --from and --to."
                        .formatted(job.name()));
    }

    static TarnException tooManyIntervals(Job job, int most) {
        return new TarnException(
                ErrorCode.USAGE,
                "That range has more than %,d intervals of job '%s'. Make several backfills of it."
                        .formatted(most, job.name()));
    }

    static TarnException overlap(Backfill other) {
        return new TarnException(
                ErrorCode.OUTDATED,
                ("Backfill '%s' of job '%s' covers %s to %s already and is not done. Wait for it, or"
                                + " stop it with `tarn job backfill cancel %s`.")
                        .formatted(
                                other.id(),
                                other.job(),
                                other.range().start(),
                                other.range().end(),
                                other.id()));
    }

    static TarnException backfillUnknown(String id) {
        return new TarnException(
                ErrorCode.RUN_NOT_FOUND,
                "There is no backfill '%s'. `tarn job backfill list` lists them.".formatted(id));
    }

    static TarnException backfillOver(Backfill backfill) {
        return new TarnException(
                ErrorCode.OUTDATED,
                "Backfill '%s' is over: it is %s."
                        .formatted(
                                backfill.id(), backfill.status().name().toLowerCase(Locale.ROOT)));
    }

    static TarnException fenced() {
        return new TarnException(
                ErrorCode.RUN_LOST,
                "The task was given to another server, because this one was silent for too long. Nothing of this attempt is published.");
    }

    static TarnException cancelled() {
        return new TarnException(ErrorCode.INTERRUPTED, "Stopped before it was done.");
    }

    static TarnException timeout(Duration time) {
        return new TarnException(
                ErrorCode.TIMEOUT, "It was not done after %s.".formatted(Durations.words(time)));
    }

    static TarnException runTimeout(Duration time) {
        return new TarnException(
                ErrorCode.TIMEOUT,
                "The run was not done after %s.".formatted(Durations.words(time)));
    }

    static String lostTooOften(int times) {
        return "Its server vanished %d times in a row while it worked.".formatted(times);
    }

    static TarnException valueInCommand(Place place) {
        return new TarnException(
                Problem.at(
                        ErrorCode.NODE_FAILED,
                        place,
                        "A parameter or an output that the command takes has characters that a shell reads as its own. Hand it over under 'environment', and write \"$NAME\" in the command."));
    }

    static TarnException shellFailed(int code, String lastLine) {
        return new TarnException(
                ErrorCode.NODE_FAILED,
                "The command ended with code %d%s. `tarn job log` shows what it printed."
                        .formatted(code, lastLine.isBlank() ? "" : ": " + lastLine));
    }

    static TarnException notOnPath(Place place, Path missing) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        place,
                        "There is no %s, which the class needs on its path. Build it first, or correct 'path'; it is looked for from the project's folder."
                                .formatted(missing)));
    }

    static TarnException httpStatus(int status, String url, Set<Integer> expected) {
        return new TarnException(
                status == 429 || status >= 500 ? ErrorCode.STORAGE_FAILED : ErrorCode.NODE_FAILED,
                "%s answered with status %d%s. `tarn job log` shows the answer."
                        .formatted(
                                url, status, expected.isEmpty() ? "" : " instead of " + expected));
    }

    static TarnException httpFailed(String url, String reason) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED, "%s does not answer: %s.".formatted(url, reason));
    }

    static TarnException badUrl(String url) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "'%s' is not the address of a web server. It begins with http:// or https://."
                        .formatted(url));
    }

    static TarnException notMoment(String text) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "'%s' is not a time. Write it as 2026-11-21T06:00:00Z.".formatted(text));
    }

    static TarnException notFlag(String text) {
        return new TarnException(
                ErrorCode.TEMPLATE_FAILED,
                "'when' gave '%s'. It must give true or false.".formatted(text));
    }

    static TarnException notList(String text) {
        return new TarnException(
                ErrorCode.TEMPLATE_FAILED,
                "'each' gave '%s', which is not a list. Give a JSON array, or a line for each item."
                        .formatted(text.length() > 200 ? text.substring(0, 200) + "…" : text));
    }

    static TarnException notGiven(Gives type, String text) {
        return new TarnException(
                ErrorCode.DATA_INVALID,
                "The task handed on '%s', which is not %s as 'gives: %s' says. Mend what it writes, or what 'gives' says."
                        .formatted(
                                text.length() > 200 ? text.substring(0, 200) + "…" : text,
                                type.words(),
                                word(type)));
    }

    static TarnException givesTooMuch(int most) {
        return new TarnException(
                ErrorCode.DATA_INVALID,
                "The task handed on %,d characters or more. Hand on the name of a file or of a table instead, and read that."
                        .formatted(most));
    }

    static TarnException tooManyItems(int items, int most, int mostChars) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "'each' gave %,d items; it can give %,d, and %,d characters in all."
                        .formatted(items, most, mostChars));
    }

    static TarnException itemGone(TaskName part) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "The list that %s is an item of is there no more.".formatted(part));
    }

    static String partsFailed(TaskName whole, Map<TaskName, TaskRun.Status> statuses) {
        long parts =
                statuses.keySet().stream()
                        .filter(n -> n.isPart() && n.whole().equals(whole))
                        .count();
        long failed =
                statuses.entrySet().stream()
                        .filter(e -> e.getKey().isPart() && e.getKey().whole().equals(whole))
                        .filter(e -> Flow.isFailed(e.getValue()))
                        .count();
        return "%,d of %,d parts failed.".formatted(failed, parts);
    }

    static String word(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
