package dev.tarn.jdbc;

import dev.tarn.jdbc.ChangeBuffer.Change;
import dev.tarn.jdbc.LogSegment.Visible;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A state of a PostgreSQL that it has given a name, so that many connections can read in it.
 *
 * @param name by which other connections find it
 * @param holder keeps it
 * @param visible which transactions are part of it
 * @param tables those that nobody can change the columns of while it is there
 */
record ExportedSnapshot(
        Connections connections,
        String name,
        Connection holder,
        Visible visible,
        Set<Integer> tables,
        Lsn end,
        long micros)
        implements LogSnapshot {
    private static final int PAGE = 8192;
    private static final int FILE = 1 << 20;

    /**
     * @param tables names by number: their columns stay while the snapshot is there
     */
    static ExportedSnapshot take(
            Connections connections,
            JdbcSettings settings,
            Map<Integer, JdbcSettings> tables,
            LogOrigin.Cancelled cancelled) {
        Connection holder = connections.open(Map.of());
        try {
            begin(holder);
            // Before the snapshot: one from before a table was rewritten sees no rows in it.
            Queries.execute(holder, "SET LOCAL lock_timeout = '30s'");
            for (JdbcSettings table : tables.values()) {
                Queries.execute(holder, "LOCK TABLE " + table.relation() + " IN ACCESS SHARE MODE");
            }
            List<@Nullable String> row =
                    Queries.rows(
                                    holder,
                                    "SELECT pg_export_snapshot(), pg_current_snapshot()::text,"
                                            + " (extract(epoch FROM clock_timestamp())"
                                            + " * 1000000)::int8")
                            .getFirst();
            // Whatever the snapshot sees was committed before this place.
            Lsn end =
                    Lsn.parse(
                            Queries.text(
                                    Queries.rows(holder, "SELECT pg_current_wal_insert_lsn()")
                                            .getFirst(),
                                    0));
            return new ExportedSnapshot(
                    connections,
                    Queries.text(row, 0),
                    holder,
                    Visible.parse(Queries.text(row, 1)),
                    Set.copyOf(tables.keySet()),
                    written(end),
                    Long.parseLong(Queries.text(row, 2)));
        } catch (SQLException e) {
            connections.drop(holder);
            cancelled.check();
            throw JdbcErrors.failed(settings, e);
        }
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        Queries.execute(connection, "SET LOCAL idle_in_transaction_session_timeout = 0");
    }

    @Override
    public boolean has(int table) {
        return tables.contains(table);
    }

    @Override
    public boolean sees(int table, Change change) {
        return visible.sees(change.transaction());
    }

    @Override
    public boolean isBehind(Set<Integer> transactions, Lsn place) {
        return transactions.stream().allMatch(visible::sees);
    }

    @Override
    public Connection enter(int table) throws SQLException {
        Connection connection = connections.open(Map.of());
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        Queries.execute(connection, "SET TRANSACTION SNAPSHOT '" + name + "'");
        return connection;
    }

    @Override
    public void leave(Connection connection) {
        connections.drop(connection);
    }

    @Override
    public void close() {
        connections.drop(holder);
    }

    /** The next record may stand behind the head of a page that has not been written. */
    static Lsn written(Lsn next) {
        long value = next.value();
        boolean isBehindHead = value % PAGE == 24 || value % FILE == 40;
        return isBehindHead ? new Lsn(value - value % PAGE) : next;
    }
}
