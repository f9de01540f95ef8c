package dev.tarn.state;

import dev.tarn.model.alert.Signal;
import java.sql.SQLException;

/** What parts of the program say is wrong; written along with whatever makes them say it. */
final class SqlSignals {
    private SqlSignals() {}

    static void raise(Session session, Signal signal) {
        try {
            session.update(
                    """
                    INSERT INTO alert_signals (kind, subject, since, message)
                    VALUES (?, ?, ?, ?)
                    ON CONFLICT (kind, subject) DO UPDATE SET message = excluded.message
                    """,
                    signal.kind(),
                    signal.subject(),
                    Times.nanos(signal.since()),
                    signal.message());
        } catch (SQLException e) {
            throw new Database.Failed(e);
        }
    }

    static void clear(Session session, String kind, String subject) {
        try {
            session.update(
                    "DELETE FROM alert_signals WHERE kind = ? AND subject = ?", kind, subject);
        } catch (SQLException e) {
            throw new Database.Failed(e);
        }
    }
}
