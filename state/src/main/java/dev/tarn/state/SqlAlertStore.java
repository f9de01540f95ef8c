package dev.tarn.state;

import dev.tarn.spi.AlertStore;
import dev.tarn.spi.AlertTables;
import java.sql.SQLException;
import java.util.function.Function;

/** Alerts and their messages as tables. One row is touched by every change first. */
final class SqlAlertStore implements AlertStore {
    private final Database database;

    SqlAlertStore(Database database) {
        this.database = database;
    }

    @Override
    public <T> T read(Function<AlertTables, T> work) {
        return database.read(session -> done(work, new SqlAlertTables(session, 0)));
    }

    @Override
    public <T> T change(Function<AlertTables, T> work) {
        return database.write(session -> {
            session.update("UPDATE alert_desk SET token = token + 1 WHERE id = 1");
            long token =
                    session.first(
                                    "SELECT token FROM alert_desk WHERE id = 1",
                                    row -> row.number("token"))
                            .orElseThrow();
            return done(work, new SqlAlertTables(session, token));
        });
    }

    private static <T> T done(Function<AlertTables, T> work, AlertTables tables)
            throws SQLException {
        try {
            return work.apply(tables);
        } catch (Database.Failed e) {
            throw e.reason();
        }
    }
}
