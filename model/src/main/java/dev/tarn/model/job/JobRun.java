package dev.tarn.model.job;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One execution of a job.
 *
 * @param definition the fingerprint of what the job was when it began
 * @param key what of its job it stands for; no two runs of a job have the same
 * @param interval the data it is about
 * @param dueAt when it was to begin
 * @param timeoutAt when it is ended if it is not done by then
 * @param deadlineAt when it is late if it is not done by then
 * @param late whether it was told to be late
 * @param by who or what started it
 * @param message why it ended as it did, if there is anything to say
 */
public record JobRun(
        JobRunId id,
        JobName job,
        String definition,
        String key,
        Cause cause,
        String by,
        Interval interval,
        Instant dueAt,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<Instant> timeoutAt,
        Optional<Instant> deadlineAt,
        boolean late,
        Status status,
        Map<String, String> params,
        Optional<String> backfill,
        Optional<String> message) {
    public JobRun {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    /** Why there is a run. */
    public enum Cause {
        SCHEDULE,
        MANUAL,
        BACKFILL,
        /** A table was published, a file arrived, a table grew old. */
        EVENT,
        /** Another job ended. */
        AFTER
    }

    /** How far it is. */
    public enum Status {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        public boolean isEnd() {
            return this != QUEUED && this != RUNNING;
        }
    }

    /** A time; its end is excluded. Both are the same for a run that is about no time. */
    public record Interval(Instant start, Instant end) {}

    public JobRun started(Instant now, Optional<Instant> timeout, Optional<Instant> deadline) {
        return new JobRun(
                id,
                job,
                definition,
                key,
                cause,
                by,
                interval,
                dueAt,
                createdAt,
                Optional.of(finishedAt.isPresent() ? now : startedAt.orElse(now)),
                Optional.empty(),
                timeout,
                deadline,
                late,
                Status.RUNNING,
                params,
                backfill,
                Optional.empty());
    }

    public JobRun ended(Status how, Instant now, Optional<String> why) {
        return new JobRun(
                id,
                job,
                definition,
                key,
                cause,
                by,
                interval,
                dueAt,
                createdAt,
                startedAt,
                Optional.of(now),
                Optional.empty(),
                Optional.empty(),
                late,
                how,
                params,
                backfill,
                why);
    }

    public JobRun toldLate() {
        return new JobRun(
                id,
                job,
                definition,
                key,
                cause,
                by,
                interval,
                dueAt,
                createdAt,
                startedAt,
                finishedAt,
                timeoutAt,
                Optional.empty(),
                true,
                status,
                params,
                backfill,
                message);
    }

    public JobRun withDefinition(String newer) {
        return new JobRun(
                id,
                job,
                newer,
                key,
                cause,
                by,
                interval,
                dueAt,
                createdAt,
                startedAt,
                finishedAt,
                timeoutAt,
                deadlineAt,
                late,
                status,
                params,
                backfill,
                message);
    }
}
