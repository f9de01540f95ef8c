package dev.tarn.state;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Breaker;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.model.job.ServerId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of the tables of jobs as values, and the other way round. */
final class JobRows {
    static final String PUT_RUN =
            """
            INSERT INTO job_runs (id, job, definition, run_key, cause, started_by,
                interval_start, interval_end, due_at, created_at, started_at, finished_at,
                timeout_at, deadline_at, late, status, params, backfill, message)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    static final String CHANGE_RUN =
            """
            ON CONFLICT (id) DO UPDATE SET definition = excluded.definition,
                started_at = excluded.started_at, finished_at = excluded.finished_at,
                timeout_at = excluded.timeout_at, deadline_at = excluded.deadline_at,
                late = excluded.late, status = excluded.status, message = excluded.message
            """;
    static final String PUT_TASK =
            """
            INSERT INTO job_tasks (run, task, job, kind, status, attempt, failures, losses,
                priority, pool, not_before, fence, server, work, cancel, started_at, finished_at,
                code, message, output)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (run, task) DO UPDATE SET kind = excluded.kind,
                status = excluded.status, attempt = excluded.attempt,
                failures = excluded.failures, losses = excluded.losses,
                priority = excluded.priority, pool = excluded.pool,
                not_before = excluded.not_before, fence = excluded.fence,
                server = excluded.server, work = excluded.work, cancel = excluded.cancel,
                started_at = excluded.started_at, finished_at = excluded.finished_at,
                code = excluded.code, message = excluded.message, output = excluded.output
            """;
    static final String PUT_ATTEMPT =
            """
            INSERT INTO job_attempts (run, task, attempt, outcome, server, started_at,
                finished_at, work, code, message)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (run, task, attempt) DO UPDATE SET outcome = excluded.outcome,
                finished_at = excluded.finished_at, code = excluded.code,
                message = excluded.message
            """;

    private JobRows() {}

    static ServerBeat server(Row row) throws SQLException {
        return new ServerBeat(
                new ServerId(row.text("id")),
                row.text("host"),
                row.number("process"),
                row.number("process_start"),
                row.time("started_at"),
                row.time("beat_at"),
                row.number("beats"),
                row.number("lost") != 0);
    }

    static JobState state(Row row) throws SQLException {
        return new JobState(
                new JobName(row.text("job")),
                row.maybeText("paused_by"),
                row.maybeTime("handled"),
                row.text("seen"));
    }

    static JobDefinition definition(Row row) throws SQLException {
        return new JobDefinition(
                row.text("fingerprint"),
                new JobName(row.text("job")),
                row.text("file"),
                row.text("content"));
    }

    static JobRun run(Row row) throws SQLException {
        return new JobRun(
                new JobRunId(row.text("id")),
                new JobName(row.text("job")),
                row.text("definition"),
                row.text("run_key"),
                JobRun.Cause.valueOf(row.text("cause")),
                row.text("started_by"),
                new JobRun.Interval(row.time("interval_start"), row.time("interval_end")),
                row.time("due_at"),
                row.time("created_at"),
                row.maybeTime("started_at"),
                row.maybeTime("finished_at"),
                row.maybeTime("timeout_at"),
                row.maybeTime("deadline_at"),
                row.number("late") != 0,
                JobRun.Status.valueOf(row.text("status")),
                params(row.text("params")),
                row.maybeText("backfill"),
                row.maybeText("message"));
    }

    static @Nullable Object[] values(JobRun run) {
        return new @Nullable Object[] {
            run.id().value(),
            run.job().value(),
            run.definition(),
            run.key(),
            run.cause().name(),
            run.by(),
            Times.nanos(run.interval().start()),
            Times.nanos(run.interval().end()),
            Times.nanos(run.dueAt()),
            Times.nanos(run.createdAt()),
            nanos(run.startedAt()),
            nanos(run.finishedAt()),
            nanos(run.timeoutAt()),
            nanos(run.deadlineAt()),
            run.late() ? 1 : 0,
            run.status().name(),
            text(run.params()),
            run.backfill().orElse(null),
            run.message().orElse(null)
        };
    }

    static TaskRun task(Row row) throws SQLException {
        return new TaskRun(
                new JobRunId(row.text("run")),
                new JobName(row.text("job")),
                new TaskName(row.text("task")),
                row.text("kind"),
                TaskRun.Status.valueOf(row.text("status")),
                Math.toIntExact(row.number("attempt")),
                Math.toIntExact(row.number("failures")),
                Math.toIntExact(row.number("losses")),
                Math.toIntExact(row.number("priority")),
                row.maybeText("pool"),
                row.time("not_before"),
                row.number("fence"),
                row.maybeText("server").map(ServerId::new),
                row.maybeText("work").map(RunId::new),
                row.number("cancel") != 0,
                row.maybeTime("started_at"),
                row.maybeTime("finished_at"),
                row.maybeText("code").map(JobRows::code),
                row.maybeText("message"),
                row.text("output"));
    }

    static @Nullable Object[] values(TaskRun task) {
        return new @Nullable Object[] {
            task.run().value(),
            task.task().value(),
            task.job().value(),
            task.kind(),
            task.status().name(),
            task.attempt(),
            task.failures(),
            task.losses(),
            task.priority(),
            task.pool().orElse(null),
            Times.nanos(task.notBefore()),
            task.fence(),
            task.server().map(ServerId::value).orElse(null),
            task.work().map(RunId::value).orElse(null),
            task.cancel() ? 1 : 0,
            nanos(task.startedAt()),
            nanos(task.finishedAt()),
            task.code().map(ErrorCode::name).orElse(null),
            task.message().orElse(null),
            task.output()
        };
    }

    static Attempt attempt(Row row) throws SQLException {
        return new Attempt(
                new JobRunId(row.text("run")),
                new TaskName(row.text("task")),
                Math.toIntExact(row.number("attempt")),
                Attempt.Outcome.valueOf(row.text("outcome")),
                new ServerId(row.text("server")),
                row.time("started_at"),
                row.time("finished_at"),
                row.maybeText("work").map(RunId::new),
                row.maybeText("code").map(JobRows::code),
                row.maybeText("message"));
    }

    static @Nullable Object[] values(Attempt attempt) {
        return new @Nullable Object[] {
            attempt.run().value(),
            attempt.task().value(),
            attempt.attempt(),
            attempt.outcome().name(),
            attempt.server().value(),
            Times.nanos(attempt.startedAt()),
            Times.nanos(attempt.finishedAt()),
            attempt.work().map(RunId::value).orElse(null),
            attempt.code().map(ErrorCode::name).orElse(null),
            attempt.message().orElse(null)
        };
    }

    static Backfill backfill(Row row) throws SQLException {
        return new Backfill(
                row.text("id"),
                new JobName(row.text("job")),
                new JobRun.Interval(row.time("range_start"), row.time("range_end")),
                Math.toIntExact(row.number("parallel")),
                Backfill.Status.valueOf(row.text("status")),
                row.time("next"),
                row.text("started_by"),
                row.time("created_at"),
                row.maybeText("branch").map(RefName::new),
                partitions(row.text("partitions")));
    }

    static Breaker breaker(Row row) throws SQLException {
        return new Breaker(
                row.text("name"),
                Math.toIntExact(row.number("failures")),
                row.maybeTime("opened_at"),
                row.maybeTime("open_until"));
    }

    /** A line for each partition. */
    static String partitions(List<Map<String, String>> partitions) {
        return partitions.stream().map(JobRows::text).collect(Collectors.joining("\n"));
    }

    private static List<Map<String, String>> partitions(String text) {
        return text.lines().map(JobRows::params).toList();
    }

    static @Nullable Long nanos(Optional<Instant> time) {
        return time.map(Times::nanos).orElse(null);
    }

    /** A code that a newer program wrote says at least that something failed. */
    private static ErrorCode code(String name) {
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            return ErrorCode.INTERNAL;
        }
    }

    /** Names and values as forms on the web write them. */
    private static String text(Map<String, String> params) {
        return params.entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> params(String text) {
        Map<String, String> params = new LinkedHashMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            int sign = pair.indexOf('=');
            params.put(
                    URLDecoder.decode(pair.substring(0, sign), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(sign + 1), StandardCharsets.UTF_8));
        }
        return params;
    }
}
