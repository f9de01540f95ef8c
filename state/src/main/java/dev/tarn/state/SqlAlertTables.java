package dev.tarn.state;

import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Desk;
import dev.tarn.model.alert.Mark;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Signal;
import dev.tarn.model.alert.Silence;
import dev.tarn.model.alert.Told;
import dev.tarn.spi.AlertTables;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of alerts within one session. */
final class SqlAlertTables implements AlertTables {
    private static final String PUT_ALERT =
            """
            INSERT INTO alerts (id, kind, subject, owner, severity, since, opened_at, resolved_at,
                acked_by, message, file, line, col, blast, last_good, path)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, severity = excluded.severity,
                since = excluded.since, resolved_at = excluded.resolved_at,
                acked_by = excluded.acked_by, message = excluded.message, file = excluded.file,
                line = excluded.line, col = excluded.col, blast = excluded.blast,
                last_good = excluded.last_good, path = excluded.path
            """;
    private static final String PUT_NOTICE =
            """
            INSERT INTO alert_notices (id, channel, group_key, status, created_at, due_at,
                attempts, finished_at, error)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status,
                created_at = excluded.created_at, due_at = excluded.due_at,
                attempts = excluded.attempts, finished_at = excluded.finished_at,
                error = excluded.error
            """;

    private final Session session;
    private final long token;

    SqlAlertTables(Session session, long token) {
        this.session = session;
        this.token = token;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public Desk desk() {
        return first("SELECT * FROM alert_desk WHERE id = 1", AlertRows::desk).orElse(Desk.FREE);
    }

    @Override
    public void put(Desk desk) {
        update(
                """
                UPDATE alert_desk SET holder = ?, host = ?, process = ?, process_start = ?,
                    beats = ?, fence = ?
                WHERE id = 1
                """,
                desk.holder(),
                desk.host(),
                desk.process(),
                desk.processStart(),
                desk.beats(),
                desk.fence());
    }

    @Override
    public void put(Alert alert) {
        update(PUT_ALERT, AlertRows.values(alert));
    }

    @Override
    public List<Alert> open() {
        return rows(
                "SELECT * FROM alerts WHERE resolved_at IS NULL ORDER BY opened_at, id",
                AlertRows::alert);
    }

    @Override
    public Optional<Alert> alert(String id) {
        return first("SELECT * FROM alerts WHERE id = ?", AlertRows::alert, id);
    }

    @Override
    public List<Alert> alerts(int limit) {
        return rows(
                "SELECT * FROM alerts ORDER BY opened_at DESC, id DESC LIMIT ?",
                AlertRows::alert,
                limit);
    }

    @Override
    public List<Told> told() {
        return rows(
                """
                SELECT t.* FROM alert_told t JOIN alerts a ON a.id = t.alert
                WHERE a.resolved_at IS NULL OR t.event <> 'resolved'
                ORDER BY t.alert, t.channel
                """,
                AlertRows::told);
    }

    @Override
    public void put(Told told) {
        update(
                """
                INSERT INTO alert_told (alert, channel, event, at) VALUES (?, ?, ?, ?)
                ON CONFLICT (alert, channel) DO UPDATE SET event = excluded.event, at = excluded.at
                """,
                told.alert(),
                told.channel(),
                RunRows.word(told.event()),
                Times.nanos(told.at()));
    }

    @Override
    public List<Alert> overUntold() {
        return rows(
                """
                SELECT * FROM alerts a WHERE a.resolved_at IS NOT NULL AND EXISTS
                    (SELECT 1 FROM alert_told t WHERE t.alert = a.id AND t.event <> 'resolved')
                ORDER BY a.opened_at, a.id
                """,
                AlertRows::alert);
    }

    @Override
    public void forget(Instant before, int limit) {
        long time = Times.nanos(before);
        update(
                """
                DELETE FROM alert_notices WHERE id IN
                    (SELECT id FROM alert_notices WHERE status <> 'waiting' AND finished_at < ?
                        LIMIT ?)
                """,
                time,
                limit);
        update(
                """
                DELETE FROM alerts WHERE id IN
                    (SELECT id FROM alerts WHERE resolved_at < ? AND id NOT IN
                        (SELECT alert FROM alert_entries) LIMIT ?)
                """,
                time,
                limit);
        update(
                """
                DELETE FROM alert_silences WHERE id IN
                    (SELECT id FROM alert_silences WHERE until < ? LIMIT ?)
                """,
                time,
                limit);
    }

    @Override
    public void put(Notice notice) {
        update(
                PUT_NOTICE,
                notice.id(),
                notice.channel(),
                notice.group(),
                RunRows.word(notice.status()),
                Times.nanos(notice.createdAt()),
                Times.nanos(notice.dueAt()),
                notice.attempts(),
                AlertRows.nanosOrNull(notice.finishedAt()),
                notice.error().orElse(null));
        long there =
                first(
                                "SELECT count(*) AS n FROM alert_entries WHERE notice = ?",
                                row -> row.number("n"),
                                notice.id())
                        .orElse(0L);
        for (int i = Math.toIntExact(there); i < notice.entries().size(); i++) {
            Notice.Entry entry = notice.entries().get(i);
            update(
                    """
                    INSERT INTO alert_entries (notice, position, alert, event, at)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                    notice.id(),
                    i,
                    entry.alert().id(),
                    RunRows.word(entry.event()),
                    Times.nanos(entry.at()));
        }
    }

    @Override
    public Optional<Notice> gathering(String channel, String group) {
        return whole(
                        """
                        SELECT * FROM alert_notices
                        WHERE channel = ? AND group_key = ? AND status = 'waiting' AND attempts = 0
                        ORDER BY created_at DESC, id DESC LIMIT 1
                        """,
                        channel,
                        group)
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Instant> lastSent(String channel, String group) {
        return first(
                        """
                        SELECT max(finished_at) AS at FROM alert_notices
                        WHERE channel = ? AND group_key = ? AND status = 'sent'
                        """,
                        row -> row.maybeTime("at"),
                        channel,
                        group)
                .flatMap(at -> at);
    }

    @Override
    public List<Notice> due(Instant now, int limit) {
        return whole(
                """
                SELECT * FROM alert_notices WHERE status = 'waiting' AND due_at <= ?
                ORDER BY created_at, id LIMIT ?
                """,
                Times.nanos(now),
                limit);
    }

    @Override
    public Optional<Instant> nextDue() {
        return first(
                        "SELECT min(due_at) AS at FROM alert_notices WHERE status = 'waiting'",
                        row -> row.maybeTime("at"))
                .flatMap(at -> at);
    }

    @Override
    public Optional<Notice> notice(String id) {
        return whole("SELECT * FROM alert_notices WHERE id = ?", id).stream().findFirst();
    }

    @Override
    public List<Notice> notices(Notice.Status status, int limit) {
        return whole(
                """
                SELECT * FROM alert_notices WHERE status = ?
                ORDER BY created_at DESC, id DESC LIMIT ?
                """,
                RunRows.word(status),
                limit);
    }

    private List<Notice> whole(String sql, @Nullable Object... values) {
        List<Notice> notices = new ArrayList<>();
        for (Notice bare : rows(sql, AlertRows::notice, values)) {
            List<Notice.Entry> entries =
                    rows(
                            """
                            SELECT a.*, e.event, e.at AS told_at FROM alert_entries e
                            JOIN alerts a ON a.id = e.alert
                            WHERE e.notice = ? ORDER BY e.position
                            """,
                            AlertRows::entry,
                            bare.id());
            notices.add(
                    new Notice(
                            bare.id(),
                            bare.channel(),
                            bare.group(),
                            bare.status(),
                            bare.createdAt(),
                            bare.dueAt(),
                            bare.attempts(),
                            bare.finishedAt(),
                            bare.error(),
                            entries));
        }
        return notices;
    }

    @Override
    public long count(Notice.Status status) {
        return first(
                        "SELECT count(*) AS n FROM alert_notices WHERE status = ?",
                        row -> row.number("n"),
                        RunRows.word(status))
                .orElse(0L);
    }

    @Override
    public void put(Silence silence) {
        update(
                """
                INSERT INTO alert_silences (id, kind, subject, owner, created_at, until,
                    created_by, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET until = excluded.until
                """,
                silence.id(),
                silence.kind().map(AlertKind::word).orElse(null),
                silence.subject().orElse(null),
                silence.owner().orElse(null),
                Times.nanos(silence.createdAt()),
                Times.nanos(silence.until()),
                silence.by(),
                silence.reason());
    }

    @Override
    public void removeSilence(String id) {
        update("DELETE FROM alert_silences WHERE id = ?", id);
    }

    @Override
    public List<Silence> silences() {
        return rows("SELECT * FROM alert_silences ORDER BY until, id", AlertRows::silence);
    }

    @Override
    public List<Signal> signals() {
        return rows("SELECT * FROM alert_signals ORDER BY kind, subject", AlertRows::signal);
    }

    @Override
    public void raise(Signal signal) {
        SqlSignals.raise(session, signal);
    }

    @Override
    public void clear(String kind, String subject) {
        SqlSignals.clear(session, kind, subject);
    }

    @Override
    public Optional<Mark> mark(String name) {
        return first("SELECT * FROM alert_marks WHERE name = ?", AlertRows::mark, name);
    }

    @Override
    public void put(Mark mark) {
        update(
                """
                INSERT INTO alert_marks (name, value, at) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at
                """,
                mark.name(),
                mark.value(),
                Times.nanos(mark.at()));
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

    private void update(String sql, @Nullable Object... values) {
        try {
            session.update(sql, values);
        } catch (SQLException e) {
            throw new Database.Failed(e);
        }
    }
}
