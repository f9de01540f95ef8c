package dev.tarn.state;

import dev.tarn.model.RefName;
import dev.tarn.model.alert.Signal;
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
import dev.tarn.spi.JobTables;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of jobs within one session. */
final class SqlJobTables implements JobTables {
    private static final int NAMES_MAX = 500;
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    private final Session session;
    private final long token;

    SqlJobTables(Session session, long token) {
        this.session = session;
        this.token = token;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public List<ServerBeat> servers() {
        return rows("SELECT * FROM job_servers ORDER BY started_at, id", JobRows::server);
    }

    @Override
    public void put(ServerBeat server) {
        update(
                """
                INSERT INTO job_servers (id, host, process, process_start, started_at, beat_at,
                    beats, lost)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at,
                    beats = excluded.beats, lost = excluded.lost
                """,
                server.id().value(),
                server.host(),
                server.process(),
                server.processStart(),
                Times.nanos(server.startedAt()),
                Times.nanos(server.beatAt()),
                server.beats(),
                server.lost() ? 1 : 0);
    }

    @Override
    public void forget(ServerId server) {
        update("DELETE FROM job_servers WHERE id = ?", server.value());
    }

    @Override
    public List<JobState> states() {
        return rows("SELECT * FROM job_states ORDER BY job", JobRows::state);
    }

    @Override
    public Optional<JobState> state(JobName job) {
        return first("SELECT * FROM job_states WHERE job = ?", JobRows::state, job.value());
    }

    @Override
    public void put(JobState state) {
        update(
                """
                INSERT INTO job_states (job, paused_by, handled, seen) VALUES (?, ?, ?, ?)
                ON CONFLICT (job) DO UPDATE SET paused_by = excluded.paused_by,
                    handled = excluded.handled, seen = excluded.seen
                """,
                state.job().value(),
                state.pausedBy().orElse(null),
                JobRows.nanos(state.handled()),
                state.seen());
    }

    @Override
    public void keep(JobDefinition definition) {
        update(
                """
                INSERT INTO job_definitions (fingerprint, job, file, content) VALUES (?, ?, ?, ?)
                ON CONFLICT (fingerprint) DO NOTHING
                """,
                definition.fingerprint(),
                definition.job().value(),
                definition.file(),
                definition.text());
    }

    @Override
    public Optional<JobDefinition> definition(String fingerprint) {
        return first(
                "SELECT * FROM job_definitions WHERE fingerprint = ?",
                JobRows::definition,
                fingerprint);
    }

    @Override
    public boolean add(JobRun run) {
        return update(
                        JobRows.PUT_RUN + "ON CONFLICT (job, run_key) DO NOTHING",
                        JobRows.values(run))
                > 0;
    }

    @Override
    public void put(JobRun run) {
        update(JobRows.PUT_RUN + JobRows.CHANGE_RUN, JobRows.values(run));
    }

    @Override
    public Optional<JobRun> run(JobRunId id) {
        return first("SELECT * FROM job_runs WHERE id = ?", JobRows::run, id.value());
    }

    @Override
    public Optional<JobRun> run(JobName job, String key) {
        return first(
                "SELECT * FROM job_runs WHERE job = ? AND run_key = ?",
                JobRows::run,
                job.value(),
                key);
    }

    @Override
    public List<JobRun> runs(RunFilter filter) {
        Condition condition = Condition.of(filter);
        List<@Nullable Object> values = new ArrayList<>(condition.values());
        values.add(filter.limit());
        return rows(
                "SELECT * FROM job_runs"
                        + condition.sql()
                        + " ORDER BY created_at DESC, id DESC LIMIT ?",
                JobRows::run,
                values.toArray());
    }

    @Override
    public long count(RunFilter filter) {
        Condition condition = Condition.of(filter);
        return first(
                        "SELECT count(*) AS n FROM job_runs" + condition.sql(),
                        row -> row.number("n"),
                        condition.values().toArray())
                .orElse(0L);
    }

    @Override
    public List<JobRun> queued(JobName job, int limit) {
        return rows(
                "SELECT * FROM job_runs WHERE job = ? AND status = 'QUEUED'"
                        + " AND finished_at IS NULL ORDER BY due_at, created_at, interval_start, id LIMIT ?",
                JobRows::run,
                job.value(),
                limit);
    }

    @Override
    public List<JobRun> overdue(Instant now) {
        return rows(
                "SELECT * FROM job_runs WHERE timeout_at <= ? OR deadline_at <= ? ORDER BY id",
                JobRows::run,
                Times.nanos(now),
                Times.nanos(now));
    }

    @Override
    public Optional<Instant> nextOverdue() {
        return first(
                        """
                        SELECT min(at) AS at FROM (
                            SELECT min(timeout_at) AS at FROM job_runs WHERE timeout_at IS NOT NULL
                            UNION ALL
                            SELECT min(deadline_at) FROM job_runs WHERE deadline_at IS NOT NULL) t
                        """,
                        row -> row.maybeTime("at"))
                .flatMap(at -> at);
    }

    @Override
    public List<Hour> hours(JobName job, Instant from) {
        return rows(
                """
                SELECT due_at / %1$d AS hour, status, count(*) AS n FROM job_runs
                WHERE job = ? AND due_at >= ? GROUP BY due_at / %1$d, status
                ORDER BY hour, status
                """
                        .formatted(HOUR_NANOS),
                row ->
                        new Hour(
                                Times.instant(row.number("hour") * HOUR_NANOS),
                                JobRun.Status.valueOf(row.text("status")),
                                row.number("n")),
                job.value(),
                Times.nanos(from));
    }

    @Override
    public List<JobRun> newest() {
        return rows(
                """
                SELECT r.* FROM job_runs r
                JOIN (SELECT DISTINCT job FROM job_states) j ON j.job = r.job
                WHERE r.id = (SELECT x.id FROM job_runs x WHERE x.job = j.job
                    ORDER BY x.created_at DESC, x.id DESC LIMIT 1)
                """,
                JobRows::run);
    }

    @Override
    public int forgetRuns(Instant endedBefore, int limit) {
        return update(
                """
                DELETE FROM job_runs WHERE id IN (
                    SELECT id FROM job_runs WHERE finished_at < ?
                    ORDER BY finished_at LIMIT ?)
                """,
                Times.nanos(endedBefore),
                limit);
    }

    @Override
    public List<TaskRun> tasks(JobRunId run) {
        return rows("SELECT * FROM job_tasks WHERE run = ?", JobRows::task, run.value());
    }

    @Override
    public List<TaskRun> tasks(JobRunId run, Collection<TaskName> names) {
        List<TaskRun> found = new ArrayList<>();
        List<TaskName> all = List.copyOf(names);
        for (int from = 0; from < all.size(); from += NAMES_MAX) {
            List<TaskName> some = all.subList(from, Math.min(all.size(), from + NAMES_MAX));
            List<@Nullable Object> values = new ArrayList<>();
            values.add(run.value());
            some.forEach(name -> values.add(name.value()));
            found.addAll(
                    rows(
                            "SELECT * FROM job_tasks WHERE run = ? AND task IN (?"
                                    + ", ?".repeat(some.size() - 1)
                                    + ")",
                            JobRows::task,
                            values.toArray()));
        }
        return found;
    }

    @Override
    public Map<TaskName, TaskRun.Status> statuses(JobRunId run) {
        Map<TaskName, TaskRun.Status> statuses = new HashMap<>();
        rows(
                        "SELECT task, status FROM job_tasks WHERE run = ?",
                        row ->
                                Map.entry(
                                        new TaskName(row.text("task")),
                                        TaskRun.Status.valueOf(row.text("status"))),
                        run.value())
                .forEach(e -> statuses.put(e.getKey(), e.getValue()));
        return statuses;
    }

    @Override
    public long open(JobRunId run) {
        return first(
                        "SELECT count(*) AS n FROM job_tasks WHERE run = ? AND finished_at IS NULL",
                        row -> row.number("n"),
                        run.value())
                .orElse(0L);
    }

    @Override
    public Optional<TaskRun> task(JobRunId run, TaskName task) {
        return first(
                "SELECT * FROM job_tasks WHERE run = ? AND task = ?",
                JobRows::task,
                run.value(),
                task.value());
    }

    @Override
    public void put(List<TaskRun> tasks) {
        batch(JobRows.PUT_TASK, tasks.stream().map(JobRows::values).toList());
    }

    @Override
    public void remove(JobRunId run, List<TaskName> tasks) {
        batch(
                "DELETE FROM job_tasks WHERE run = ? AND task = ?",
                tasks.stream().map(t -> new @Nullable Object[] {run.value(), t.value()}).toList());
    }

    @Override
    public List<TaskRun> ready(Instant now, int limit) {
        return rows(
                "SELECT * FROM job_tasks WHERE status = 'READY' AND not_before <= ?"
                        + " ORDER BY priority DESC, not_before, run, task LIMIT ?",
                JobRows::task,
                Times.nanos(now),
                limit);
    }

    @Override
    public Optional<Instant> nextReady() {
        return first(
                        "SELECT min(not_before) AS at FROM job_tasks WHERE status = 'READY'",
                        row -> row.maybeTime("at"))
                .flatMap(at -> at);
    }

    @Override
    public List<TaskRun> at(ServerId server) {
        return rows(
                "SELECT * FROM job_tasks WHERE status = 'RUNNING' AND server = ?",
                JobRows::task,
                server.value());
    }

    @Override
    public Map<String, Integer> poolUse() {
        Map<String, Integer> use = new HashMap<>();
        rows(
                        "SELECT pool, count(*) AS n FROM job_tasks"
                                + " WHERE status = 'RUNNING' AND pool IS NOT NULL GROUP BY pool",
                        row -> Map.entry(row.text("pool"), Math.toIntExact(row.number("n"))))
                .forEach(e -> use.put(e.getKey(), e.getValue()));
        return use;
    }

    @Override
    public void add(List<Attempt> attempts) {
        batch(JobRows.PUT_ATTEMPT, attempts.stream().map(JobRows::values).toList());
    }

    @Override
    public List<Attempt> attempts(JobRunId run) {
        return rows(
                "SELECT * FROM job_attempts WHERE run = ? ORDER BY started_at, task, attempt",
                JobRows::attempt,
                run.value());
    }

    @Override
    public void log(JobRunId run, TaskName task, int attempt, String text) {
        update(
                """
                INSERT INTO job_logs (run, task, attempt, content) VALUES (?, ?, ?, ?)
                ON CONFLICT (run, task, attempt) DO UPDATE SET content = excluded.content
                """,
                run.value(),
                task.value(),
                attempt,
                text);
    }

    @Override
    public Optional<String> log(JobRunId run, TaskName task, int attempt) {
        return first(
                "SELECT content FROM job_logs WHERE run = ? AND task = ? AND attempt = ?",
                row -> row.text("content"),
                run.value(),
                task.value(),
                attempt);
    }

    @Override
    public Optional<Breaker> breaker(String name) {
        return first("SELECT * FROM job_breakers WHERE name = ?", JobRows::breaker, name);
    }

    @Override
    public List<Breaker> breakers() {
        return rows("SELECT * FROM job_breakers ORDER BY name", JobRows::breaker);
    }

    @Override
    public void put(Breaker breaker) {
        update(
                """
                INSERT INTO job_breakers (name, failures, opened_at, open_until)
                VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET failures = excluded.failures,
                    opened_at = excluded.opened_at, open_until = excluded.open_until
                """,
                breaker.name(),
                breaker.failures(),
                JobRows.nanos(breaker.openedAt()),
                JobRows.nanos(breaker.openUntil()));
    }

    @Override
    public void put(Backfill backfill) {
        update(
                """
                INSERT INTO job_backfills (id, job, range_start, range_end, parallel, status,
                    next, started_by, created_at, branch, partitions)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET status = excluded.status, next = excluded.next
                """,
                backfill.id(),
                backfill.job().value(),
                Times.nanos(backfill.range().start()),
                Times.nanos(backfill.range().end()),
                backfill.parallel(),
                backfill.status().name(),
                Times.nanos(backfill.next()),
                backfill.by(),
                Times.nanos(backfill.createdAt()),
                backfill.branch().map(RefName::value).orElse(null),
                JobRows.partitions(backfill.partitions()));
    }

    @Override
    public Optional<Backfill> backfill(String id) {
        return first("SELECT * FROM job_backfills WHERE id = ?", JobRows::backfill, id);
    }

    @Override
    public List<Backfill> backfills() {
        return rows(
                "SELECT * FROM job_backfills ORDER BY created_at DESC, id DESC", JobRows::backfill);
    }

    @Override
    public void raise(Signal signal) {
        SqlSignals.raise(session, signal);
    }

    @Override
    public void clear(String kind, String subject) {
        SqlSignals.clear(session, kind, subject);
    }

    private <T> List<T> rows(String sql, Row.Reader<T> reader, @Nullable Object... values) {
        try {
            return session.query(sql, reader, values);
        } catch (SQLException e) {
            throw new Database.Failed(e);
        }
    }

    private <T> Optional<T> first(String sql, Row.Reader<T> reader, @Nullable Object... values) {
        return rows(sql, reader, values).stream().findFirst();
    }

    private int update(String sql, @Nullable Object... values) {
        try {
            return session.update(sql, values);
        } catch (SQLException e) {
            throw new Database.Failed(e);
        }
    }

    private void batch(String sql, List<@Nullable Object[]> rows) {
        try {
            session.batch(sql, rows);
        } catch (SQLException e) {
            throw new Database.Failed(e);
        }
    }
}
