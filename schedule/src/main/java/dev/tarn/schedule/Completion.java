package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.ServerId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.JobTables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down how attempts ended, if they still count, and lets their runs go on. */
final class Completion {
    private static final Logger log = LoggerFactory.getLogger(Completion.class);

    private final JobTables tables;
    private final RunLogic logic;
    private final Instant now;
    private final RandomGenerator random;

    /** An attempt that is over. */
    record Done(TaskRun given, JobTask task, ServerId server, TaskResult result, BoundedLog log) {}

    Completion(JobTables tables, RunLogic logic, Instant now, RandomGenerator random) {
        this.tables = tables;
        this.logic = logic;
        this.now = now;
        this.random = random;
    }

    void apply(List<Done> all) {
        List<TaskRun> changed = new ArrayList<>();
        List<Attempt> attempts = new ArrayList<>();
        Map<JobRunId, List<TaskName>> runs = new LinkedHashMap<>();
        List<Done> expanded = new ArrayList<>();
        for (Done done : all) {
            Optional<TaskRun> state =
                    tables.task(done.given().run(), done.given().task())
                            .filter(t -> t.fence() == done.given().fence())
                            .filter(t -> t.status() == TaskRun.Status.RUNNING);
            if (state.isEmpty()) {
                // Somebody else has the task by now.
                continue;
            }
            changed.add(next(state.get(), done));
            tell(state.get(), done.result());
            outcome(done.result()).ifPresent(o -> attempts.add(attempt(state.get(), done, o)));
            String text = done.log().text();
            if (!text.isEmpty()) {
                tables.log(done.given().run(), done.given().task(), done.given().attempt(), text);
            }
            runs.computeIfAbsent(done.given().run(), r -> new ArrayList<>())
                    .add(done.given().task());
            if (done.result() instanceof TaskResult.Expanded && !state.get().cancel()) {
                expanded.add(done);
            }
        }
        tables.put(changed);
        tables.add(attempts);
        expanded.forEach(this::addParts);
        goOn(runs);
    }

    /** A pool may have failed too often, or work again. */
    private void tell(TaskRun state, TaskResult result) {
        if (state.pool().isEmpty()) {
            return;
        }
        if (result instanceof TaskResult.Succeeded || result instanceof TaskResult.Failed) {
            logic.breakers().ended(state.pool().get(), result instanceof TaskResult.Succeeded);
        }
    }

    private void addParts(Done done) {
        if (done.result() instanceof TaskResult.Expanded parts) {
            tables.run(done.given().run())
                    .filter(r -> r.status() == JobRun.Status.RUNNING)
                    .ifPresent(run ->
                            logic.addParts(run, logic.job(run), done.task(), parts.items().size()));
        }
    }

    private void goOn(Map<JobRunId, List<TaskName>> runs) {
        for (JobRunId id : runs.keySet()) {
            Optional<JobRun> run = tables.run(id).filter(r -> r.status() == JobRun.Status.RUNNING);
            if (run.isPresent()) {
                try {
                    logic.goOn(run.get(), logic.job(run.get()), runs.getOrDefault(id, List.of()));
                } catch (TarnException e) {
                    log.warn("Run {} cannot go on: {}", id, e.getMessage());
                    tables.put(
                            run.get()
                                    .ended(
                                            JobRun.Status.FAILED,
                                            now,
                                            Optional.ofNullable(e.getMessage())));
                }
            }
        }
    }

    private TaskRun next(TaskRun state, Done done) {
        TaskRun.Change change = state.change();
        if (state.cancel() && !isEnd(done.result())) {
            return stopped(change, state, "stopped");
        }
        return switch (done.result()) {
            case TaskResult.Succeeded s ->
                    change.now(TaskRun.Status.SUCCEEDED, now)
                            .because(Optional.empty(), Optional.empty())
                            .output(s.output())
                            .done();
            case TaskResult.Skipped s ->
                    change.now(TaskRun.Status.SKIPPED, now)
                            .because(Optional.empty(), Optional.of(s.reason()))
                            .done();
            case TaskResult.Cancelled c -> stopped(change, state, c.reason());
            case TaskResult.Expanded e -> change.inParts(Items.write(e.items())).done();
            case TaskResult.NotYet n ->
                    change.lookAgain(n.again())
                            .because(Optional.empty(), Optional.of(n.reason()))
                            .done();
            case TaskResult.Held h ->
                    change.now(TaskRun.Status.HELD, now)
                            .because(Optional.empty(), Optional.of(h.question()))
                            .done();
            case TaskResult.GivenBack g -> change.ready(now).done();
            case TaskResult.Failed f -> failed(change, state, done.task(), f);
        };
    }

    /** Whether nothing of the task is left to do, whatever it was asked meanwhile. */
    private static boolean isEnd(TaskResult result) {
        return switch (result) {
            case TaskResult.Succeeded s -> true;
            case TaskResult.Skipped s -> true;
            case TaskResult.Failed f -> true;
            case TaskResult.Cancelled c -> true;
            case TaskResult.Expanded e -> false;
            case TaskResult.NotYet n -> false;
            case TaskResult.Held h -> false;
            case TaskResult.GivenBack g -> false;
        };
    }

    /** What a run's timeout stops has failed. */
    private TaskRun stopped(TaskRun.Change change, TaskRun state, String reason) {
        return change.now(
                        state.code().isPresent() ? TaskRun.Status.FAILED : TaskRun.Status.CANCELLED,
                        now)
                .because(state.code(), state.message().or(() -> Optional.of(reason)))
                .done();
    }

    private TaskRun failed(
            TaskRun.Change change, TaskRun state, JobTask task, TaskResult.Failed failure) {
        int failures = state.failures() + 1;
        change.failed();
        if (state.cancel() || !task.retry().applies(failures, failure.code())) {
            return change.now(TaskRun.Status.FAILED, now)
                    .because(Optional.of(failure.code()), Optional.of(failure.message()))
                    .done();
        }
        Duration pause = task.retry().pause(failures, random);
        return change.ready(now.plus(pause))
                .because(Optional.of(failure.code()), Optional.of(failure.message()))
                .done();
    }

    private static Optional<Attempt.Outcome> outcome(TaskResult result) {
        return switch (result) {
            case TaskResult.Succeeded s -> Optional.of(Attempt.Outcome.SUCCEEDED);
            case TaskResult.Skipped s -> Optional.of(Attempt.Outcome.SKIPPED);
            case TaskResult.Failed f -> Optional.of(Attempt.Outcome.FAILED);
            case TaskResult.Cancelled c -> Optional.of(Attempt.Outcome.CANCELLED);
            case TaskResult.GivenBack g -> Optional.of(Attempt.Outcome.LOST);
            case TaskResult.Expanded e -> Optional.empty();
            case TaskResult.NotYet n -> Optional.empty();
            case TaskResult.Held h -> Optional.empty();
        };
    }

    private Attempt attempt(TaskRun state, Done done, Attempt.Outcome outcome) {
        Optional<ErrorCode> code = Optional.empty();
        Optional<String> message = Optional.empty();
        if (done.result() instanceof TaskResult.Failed f) {
            code = Optional.of(f.code());
            message = Optional.of(f.message());
        } else if (done.result() instanceof TaskResult.Skipped s) {
            message = Optional.of(s.reason());
        }
        return new Attempt(
                state.run(),
                state.task(),
                state.attempt(),
                outcome,
                done.server(),
                state.startedAt().orElse(now),
                now,
                state.work(),
                code,
                message);
    }
}
