package dev.tarn.jdbc;

import dev.tarn.jdbc.LogSegment.Snapshot;
import dev.tarn.jdbc.LogSegment.Visible;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the states of a database that tables are loaded in. */
final class LogSnapshots {
    private static final int PAGE = 8192;
    private static final int FILE = 1 << 20;

    private LogSnapshots() {}

    /**
     * @param tables names by number: their columns stay while the snapshot is there
     */
    static Snapshot take(
            Connections connections,
            JdbcSettings settings,
            Map<Integer, String> tables,
            LogServer.Cancelled cancelled) {
        Connection holder = connections.open(Map.of());
        try {
            begin(holder);
            // Before the snapshot: one from before a table was rewritten sees no rows in it.
            LogServer.execute(holder, "SET LOCAL lock_timeout = '30s'");
            for (String table : tables.values()) {
                LogServer.execute(holder, "LOCK TABLE " + table + " IN ACCESS SHARE MODE");
            }
            List<@Nullable String> row =
                    LogServer.rows(
                                    holder,
                                    "SELECT pg_export_snapshot(), pg_current_snapshot()::text,"
                                            + " (extract(epoch FROM clock_timestamp())"
                                            + " * 1000000)::int8")
                            .getFirst();
            // Whatever the snapshot sees was committed before this place.
            Lsn end =
                    Lsn.parse(
                            LogServer.text(
                                    LogServer.rows(holder, "SELECT pg_current_wal_insert_lsn()")
                                            .getFirst(),
                                    0));
            return new Snapshot(
                    LogServer.text(row, 0),
                    holder,
                    Visible.parse(LogServer.text(row, 1)),
                    java.util.Set.copyOf(tables.keySet()),
                    written(end),
                    Long.parseLong(LogServer.text(row, 2)));
        } catch (SQLException e) {
            connections.drop(holder);
            cancelled.check();
            throw JdbcErrors.failed(settings, e);
        }
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        LogServer.execute(connection, "SET LOCAL idle_in_transaction_session_timeout = 0");
    }

    /** A connection that sees what a snapshot does. */
    static Connection enter(Connections connections, Snapshot snapshot) throws SQLException {
        Connection connection = connections.open(Map.of());
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        LogServer.execute(connection, "SET TRANSACTION SNAPSHOT '" + snapshot.name() + "'");
        return connection;
    }

    /** The next record may stand behind the head of a page that has not been written. */
    static Lsn written(Lsn next) {
        long value = next.value();
        boolean isBehindHead = value % PAGE == 24 || value % FILE == 40;
        return isBehindHead ? new Lsn(value - value % PAGE) : next;
    }
}
