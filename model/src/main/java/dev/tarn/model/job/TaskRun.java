package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * One task of one run of a job, as it is now.
 *
 * @param attempt the one that works or worked last, from 1; 0 before the first
 * @param failures how many attempts failed
 * @param losses how many attempts ended with their server
 * @param notBefore it may begin from then on
 * @param fence the number under which it was given out; who does not know it may say nothing
 * @param server where it works
 * @param work the run of the project that it made
 * @param cancel whether it is asked to stop
 * @param output what it hands on to later tasks
 */
public record TaskRun(
        JobRunId run,
        JobName job,
        TaskName task,
        String kind,
        Status status,
        int attempt,
        int failures,
        int losses,
        int priority,
        Optional<String> pool,
        Instant notBefore,
        long fence,
        Optional<ServerId> server,
        Optional<RunId> work,
        boolean cancel,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<ErrorCode> code,
        Optional<String> message,
        String output) {
    /** How far it is. */
    public enum Status {
        /** Tasks before it have not ended. */
        WAITING,
        /** It may begin when its time has come and somebody has room for it. */
        READY,
        RUNNING,
        /** Its parts are tasks of their own; it ends when they have. */
        EXPANDED,
        /** A person has to decide. */
        HELD,
        SUCCEEDED,
        FAILED,
        SKIPPED,
        /** It never began because of what became of tasks before it. */
        UPSTREAM_FAILED,
        CANCELLED;

        public boolean isEnd() {
            return switch (this) {
                case WAITING, READY, RUNNING, EXPANDED, HELD -> false;
                case SUCCEEDED, FAILED, SKIPPED, UPSTREAM_FAILED, CANCELLED -> true;
            };
        }
    }

    /** The same as a builder: what is not said stays. */
    public Change change() {
        return new Change(this);
    }

    /** Makes another of a task. */
    public static final class Change {
        private final TaskRun base;
        private Status status;
        private int attempt;
        private int failures;
        private int losses;
        private Instant notBefore;
        private long fence;
        private Optional<ServerId> server;
        private Optional<RunId> work;
        private boolean cancel;
        private Optional<Instant> startedAt;
        private Optional<Instant> finishedAt;
        private Optional<ErrorCode> code;
        private Optional<String> message;
        private String output;

        private Change(TaskRun base) {
            this.base = base;
            status = base.status;
            attempt = base.attempt;
            failures = base.failures;
            losses = base.losses;
            notBefore = base.notBefore;
            fence = base.fence;
            server = base.server;
            work = base.work;
            cancel = base.cancel;
            startedAt = base.startedAt;
            finishedAt = base.finishedAt;
            code = base.code;
            message = base.message;
            output = base.output;
        }

        /** May begin from a time on. */
        public Change ready(Instant from) {
            status = Status.READY;
            notBefore = from;
            server = Optional.empty();
            cancel = false;
            startedAt = Optional.empty();
            finishedAt = Optional.empty();
            return this;
        }

        /** Looked, and found nothing yet: the same attempt goes on later. */
        public Change lookAgain(Instant from) {
            Optional<Instant> began = startedAt;
            ready(from);
            startedAt = began;
            attempt--;
            return this;
        }

        /** Is given out. */
        public Change running(ServerId where, long newFence, Instant now) {
            status = Status.RUNNING;
            server = Optional.of(where);
            fence = newFence;
            attempt++;
            startedAt = Optional.of(startedAt.orElse(now));
            finishedAt = Optional.empty();
            code = Optional.empty();
            message = Optional.empty();
            return this;
        }

        /** Goes on in parts, one for each item. */
        public Change inParts(String items) {
            status = Status.EXPANDED;
            server = Optional.empty();
            cancel = false;
            finishedAt = Optional.empty();
            code = Optional.empty();
            message = Optional.empty();
            output = items;
            return this;
        }

        /** Is over, or waits for a person. */
        public Change now(Status how, Instant when) {
            status = how;
            server = Optional.empty();
            cancel = false;
            finishedAt = how.isEnd() ? Optional.of(when) : Optional.empty();
            return this;
        }

        public Change because(Optional<ErrorCode> why, Optional<String> words) {
            code = why;
            message = words;
            return this;
        }

        public Change failed() {
            failures++;
            return this;
        }

        public Change lost() {
            losses++;
            return this;
        }

        public Change output(String value) {
            output = value;
            return this;
        }

        public Change work(Optional<RunId> run) {
            work = run;
            return this;
        }

        public Change askedToStop() {
            cancel = true;
            return this;
        }

        /** As before its first attempt, but that it remembers how many there were. */
        public Change again() {
            status = Status.WAITING;
            failures = 0;
            losses = 0;
            server = Optional.empty();
            work = Optional.empty();
            cancel = false;
            startedAt = Optional.empty();
            finishedAt = Optional.empty();
            code = Optional.empty();
            message = Optional.empty();
            output = "";
            return this;
        }

        public TaskRun done() {
            return new TaskRun(
                    base.run,
                    base.job,
                    base.task,
                    base.kind,
                    status,
                    attempt,
                    failures,
                    losses,
                    base.priority,
                    base.pool,
                    notBefore,
                    fence,
                    server,
                    work,
                    cancel,
                    startedAt,
                    finishedAt,
                    code,
                    message,
                    output);
        }
    }
}
