package dev.tarn.state;

import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs and what belongs to them as rows. */
final class RunRows {
    private RunRows() {}

    static void writeRun(Session session, Run run) throws SQLException {
        session.update(
                """
                INSERT INTO runs (id, project, command, target, pinned, status, started_at,
                    heartbeat, finished_at, publication, retry_of, error)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                run.id().value(),
                run.project(),
                run.command(),
                run.target().value(),
                run.pinned().value(),
                word(run.status()),
                Times.nanos(run.startedAt()),
                Times.nanos(run.heartbeat()),
                nanosOrNull(run.finishedAt()),
                run.publication().map(PublicationId::value).orElse(null),
                run.retryOf().map(RunId::value).orElse(null),
                run.error().orElse(null));
    }

    static Run run(Row row) throws SQLException {
        return new Run(
                new RunId(row.text("id")),
                row.text("project"),
                row.text("command"),
                new RefName(row.text("target")),
                new PublicationId(row.number("pinned")),
                RunStatus.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
                row.time("started_at"),
                row.time("heartbeat"),
                row.maybeTime("finished_at"),
                row.maybeNumber("publication").map(PublicationId::new),
                row.maybeText("retry_of").map(RunId::new),
                row.maybeText("error"));
    }

    static void writeTasks(Session session, List<Task> tasks) throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Task task : tasks) {
            rows.add(
                    new @Nullable Object[] {
                        task.run().value(),
                        task.node(),
                        task.attempt(),
                        word(task.status()),
                        nanosOrNull(task.startedAt()),
                        nanosOrNull(task.finishedAt()),
                        task.rows(),
                        task.bytes(),
                        task.message().orElse(null)
                    });
        }
        session.batch(
                """
                INSERT INTO tasks (run, node, attempt, status, started_at, finished_at,
                    row_count, byte_count, message)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (run, node, attempt) DO UPDATE SET
                    status = excluded.status, started_at = excluded.started_at,
                    finished_at = excluded.finished_at, row_count = excluded.row_count,
                    byte_count = excluded.byte_count, message = excluded.message
                """,
                rows);
    }

    static Task task(Row row) throws SQLException {
        return new Task(
                new RunId(row.text("run")),
                row.text("node"),
                Math.toIntExact(row.number("attempt")),
                outcome(row),
                row.maybeTime("started_at"),
                row.maybeTime("finished_at"),
                row.number("row_count"),
                row.number("byte_count"),
                row.maybeText("message"));
    }

    static TaskStatus outcome(Row row) throws SQLException {
        return TaskStatus.valueOf(row.text("status").toUpperCase(Locale.ROOT));
    }

    static void writeVerdicts(Session session, RunId run, List<Verdict> verdicts)
            throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            rows.add(
                    new @Nullable Object[] {
                        run.value(),
                        verdict.check(),
                        verdict.subject(),
                        word(verdict.outcome()),
                        verdict.failures(),
                        verdict.failedRows().orElse(null)
                    });
        }
        session.batch(
                """
                INSERT INTO verdicts (run, check_name, subject, outcome, failures, failed_rows)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (run, check_name, subject) DO UPDATE SET
                    outcome = excluded.outcome, failures = excluded.failures,
                    failed_rows = excluded.failed_rows
                """,
                rows);
    }

    static Verdict verdict(Row row) throws SQLException {
        return new Verdict(
                row.text("check_name"),
                row.text("subject"),
                Verdict.Outcome.valueOf(row.text("outcome").toUpperCase(Locale.ROOT)),
                row.number("failures"),
                row.maybeText("failed_rows"));
    }

    static void writeLineage(Session session, RunId run, List<LineageEdge> edges)
            throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (LineageEdge edge : edges) {
            rows.add(
                    new @Nullable Object[] {
                        run.value(), edge.from(), edge.fromColumn(), edge.to(), edge.toColumn()
                    });
        }
        session.batch(
                """
                INSERT INTO lineage (run, from_name, from_column, to_name, to_column)
                VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
                rows);
    }

    static LineageEdge edge(Row row) throws SQLException {
        return new LineageEdge(
                row.text("from_name"),
                row.text("from_column"),
                row.text("to_name"),
                row.text("to_column"));
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Long nanosOrNull(Optional<Instant> time) {
        return time.map(Times::nanos).orElse(null);
    }
}
