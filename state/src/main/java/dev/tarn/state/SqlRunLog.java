package dev.tarn.state;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.spi.CatalogErrors;
import dev.tarn.spi.RunLog;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The record of runs as tables beside the catalog's. */
final class SqlRunLog implements RunLog {
    private final Database database;

    SqlRunLog(Database database) {
        this.database = database;
    }

    @Override
    public void begin(Run run) {
        change(session -> {
            RefName ref = RefName.of(run.id());
            if (RefTable.find(session, ref).isEmpty()) {
                throw CatalogErrors.refNotFound(ref, List.of());
            }
            if (find(session, run.id()).isPresent()) {
                throw CatalogErrors.runExists(run.id());
            }
            RunRows.writeRun(session, run);
        });
    }

    @Override
    public void record(List<Task> tasks) {
        if (tasks.isEmpty()) {
            return;
        }
        change(session -> {
            for (RunId run : tasks.stream().map(Task::run).distinct().toList()) {
                existing(session, run);
            }
            RunRows.writeTasks(session, tasks);
        });
    }

    @Override
    public void beat(RunId run, Instant now) {
        change(session ->
                session.update(
                        "UPDATE runs SET heartbeat = ? WHERE id = ? AND status = 'running'",
                        Times.nanos(now),
                        run.value()));
    }

    @Override
    public void end(RunId run, RunStatus status, Instant now, Optional<String> error) {
        if (status == RunStatus.RUNNING || status == RunStatus.PUBLISHED) {
            throw new IllegalArgumentException("Not an end without a publication: " + status);
        }
        change(session -> {
            existing(session, run);
            session.update(
                    "UPDATE runs SET status = ?, finished_at = ?, error = ?"
                            + " WHERE id = ? AND status = 'running'",
                    RunRows.word(status),
                    Times.nanos(now),
                    error.orElse(null),
                    run.value());
        });
    }

    @Override
    public void verdicts(RunId run, List<Verdict> verdicts) {
        change(session -> {
            existing(session, run);
            RunRows.writeVerdicts(session, run, verdicts);
        });
    }

    @Override
    public List<Run> runs(int limit) {
        return database.read(session ->
                session.query(
                        "SELECT * FROM runs ORDER BY started_at DESC, id DESC LIMIT ?",
                        RunRows::run,
                        limit));
    }

    @Override
    public Run run(RunId id) {
        return database.read(session -> existing(session, id));
    }

    @Override
    public List<Task> tasks(RunId id) {
        return database.read(session ->
                session.query(
                        "SELECT * FROM tasks WHERE run = ? ORDER BY"
                                + " CASE WHEN started_at IS NULL THEN 1 ELSE 0 END,"
                                + " started_at, node, attempt",
                        RunRows::task,
                        id.value()));
    }

    @Override
    public Map<String, TaskStatus> outcomes(RunId id) {
        Map<String, TaskStatus> last = new HashMap<>();
        database.read(session ->
                        session.query(
                                "SELECT node, status FROM tasks WHERE run = ?"
                                        + " ORDER BY node, attempt",
                                row -> Map.entry(row.text("node"), RunRows.outcome(row)),
                                id.value()))
                .forEach(task -> last.put(task.getKey(), task.getValue()));
        return last;
    }

    @Override
    public List<Task> history(String node, int limit) {
        return database.read(session ->
                session.query(
                        "SELECT tasks.* FROM tasks JOIN runs ON runs.id = tasks.run"
                                + " WHERE node = ? ORDER BY runs.started_at DESC, runs.id DESC,"
                                + " attempt DESC LIMIT ?",
                        RunRows::task,
                        node,
                        limit));
    }

    @Override
    public List<Task> troubled(int runs) {
        return database.read(session ->
                session.query(
                        "SELECT tasks.* FROM (SELECT id, started_at FROM runs"
                                + " ORDER BY started_at DESC, id DESC LIMIT ?) AS newest"
                                + " JOIN tasks ON tasks.run = newest.id"
                                + " WHERE tasks.status IN ('failed', 'warned')"
                                + " ORDER BY newest.started_at DESC, newest.id DESC, node, attempt",
                        RunRows::task,
                        runs));
    }

    @Override
    public List<Verdict> verdicts(RunId id) {
        return database.read(session ->
                session.query(
                        "SELECT * FROM verdicts WHERE run = ? ORDER BY check_name, subject",
                        RunRows::verdict,
                        id.value()));
    }

    @Override
    public List<LineageEdge> lineage(RunId id) {
        return database.read(session ->
                session.query(
                        "SELECT * FROM lineage WHERE run = ?"
                                + " ORDER BY to_name, to_column, from_name, from_column",
                        RunRows::edge,
                        id.value()));
    }

    @Override
    public List<Run> markLost(Instant heartbeatBefore, Instant now) {
        return database.write(session ->
                session
                        .query(
                                "UPDATE runs SET status = 'lost', finished_at = ?"
                                        + " WHERE status = 'running' AND heartbeat < ?"
                                        + " RETURNING *",
                                RunRows::run,
                                Times.nanos(now),
                                Times.nanos(heartbeatBefore))
                        .stream()
                        .sorted((a, b) -> a.id().compareTo(b.id()))
                        .toList());
    }

    private static Optional<Run> find(Session session, RunId id) throws SQLException {
        return session.first("SELECT * FROM runs WHERE id = ?", RunRows::run, id.value());
    }

    private static Run existing(Session session, RunId id) throws SQLException {
        return find(session, id).orElseThrow(() -> CatalogErrors.runNotFound(id));
    }

    private interface Action {
        void on(Session session) throws SQLException;
    }

    private void change(Action action) {
        database.note(session -> {
            action.on(session);
            return action;
        });
    }
}
