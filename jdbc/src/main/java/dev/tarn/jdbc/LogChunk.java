package dev.tarn.jdbc;

import dev.tarn.jdbc.LogSegment.Snapshot;
import dev.tarn.spi.OpenSource.Limits;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A range of a table's rows, by its primary key, as they are in a snapshot. */
final class LogChunk {
    private final Connections connections;
    private final PostgresDialect dialect;
    private final JdbcSettings settings;
    private final Snapshot snapshot;
    private final List<Column> key;
    private final List<String> after;
    private final List<String> end;
    private final Limits limits;

    /**
     * @param position says where the range begins, and the key that the load ends with
     */
    LogChunk(
            Connections connections,
            PostgresDialect dialect,
            JdbcSettings settings,
            Snapshot snapshot,
            List<Column> key,
            LogPosition position,
            Limits limits) {
        this.connections = connections;
        this.dialect = dialect;
        this.settings = settings;
        this.snapshot = snapshot;
        this.key = List.copyOf(key);
        this.after = position.key();
        this.end = position.last();
        this.limits = limits;
    }

    /**
     * What was read.
     *
     * @param last the last row's key; empty when the table has no more
     */
    record Result(List<String> last, long bytes) {}

    /**
     * @param rows takes the columns that are read, and puts the others behind them itself
     */
    Result read(List<Column> columns, RowSink rows, Refusals refusals, Pace pace) {
        Connection connection = null;
        try {
            connection = LogSnapshots.enter(connections, snapshot);
            List<String> last = key.isEmpty() ? List.of() : last(connection);
            String sql =
                    "SELECT %s FROM %s%s"
                            .formatted(
                                    String.join(
                                            ", ",
                                            columns.stream().map(Column::expression).toList()),
                                    settings.relation(),
                                    where(
                                            and(
                                                    behind(after, ">"),
                                                    behind(last.isEmpty() ? end : last, "<="))));
            long bytes =
                    dialect.read(
                            connection,
                            new Dialect.Reading(
                                    sql,
                                    columns,
                                    rows,
                                    refusals,
                                    settings.shown(),
                                    settings.nullForImpossible(),
                                    pace));
            return new Result(last, bytes);
        } catch (SQLException e) {
            throw JdbcErrors.failed(settings, e);
        } finally {
            if (connection != null) {
                connections.drop(connection);
            }
        }
    }

    /**
     * Where the load of a table ends.
     *
     * @param last the greatest key that the table has; empty when it has no rows or no key
     * @param seen which transactions' rows that takes in, as the server writes a snapshot
     */
    record Goal(List<String> last, String seen) {}

    /** The end of a load that begins now; one statement, so both are of one moment. */
    static Goal goal(
            Connection connection, PostgresDialect dialect, String relation, List<Column> key)
            throws SQLException {
        String seen = "SELECT pg_current_snapshot()::text";
        if (key.isEmpty()) {
            return new Goal(
                    List.of(), LogServer.text(LogServer.rows(connection, seen).getFirst(), 0));
        }
        List<@Nullable String> row =
                LogServer.rows(
                                connection,
                                (seen
                                                + ", k.* FROM (SELECT 1) AS one LEFT JOIN LATERAL (SELECT"
                                                + " %s FROM %s ORDER BY %s LIMIT 1) AS k ON true")
                                        .formatted(
                                                String.join(
                                                        ", ",
                                                        key.stream().map(dialect::text).toList()),
                                                relation,
                                                String.join(
                                                        ", ",
                                                        key.stream()
                                                                .map(c ->
                                                                        dialect.quoted(c.name())
                                                                                + " DESC")
                                                                .toList())))
                        .getFirst();
        List<String> last = new ArrayList<>();
        if (row.get(1) != null) {
            row.subList(1, row.size()).forEach(value -> last.add(String.valueOf(value)));
        }
        return new Goal(last, LogServer.text(row, 0));
    }

    /** The key of the range's last row; empty when it goes to the table's end. */
    private List<String> last(Connection connection) throws SQLException {
        Dialect.Size size = dialect.size(connection, settings);
        long step = limits.rows();
        if (size.rowBytes() > 0) {
            step = Math.min(step, limits.bytes() / size.rowBytes());
        }
        List<List<@Nullable String>> rows =
                LogServer.rows(
                        connection,
                        "SELECT %s FROM %s%s ORDER BY %s LIMIT 1 OFFSET %d"
                                .formatted(
                                        String.join(", ", key.stream().map(dialect::text).toList()),
                                        settings.relation(),
                                        where(and(behind(after, ">"), behind(end, "<="))),
                                        names(),
                                        Math.max(1, step) - 1));
        List<String> last = new ArrayList<>();
        if (!rows.isEmpty()) {
            for (int i = 0; i < key.size(); i++) {
                last.add(LogServer.text(rows.getFirst(), i));
            }
        }
        return last;
    }

    private String names() {
        return String.join(", ", key.stream().map(c -> dialect.quoted(c.name())).toList());
    }

    private String behind(List<String> values, String comparison) {
        if (values.isEmpty()) {
            return "";
        }
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            literals.add(dialect.literal(key.get(i), values.get(i)));
        }
        return dialect.compared(key, literals, comparison);
    }

    private static String and(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + " AND " + other;
    }

    private static String where(String condition) {
        return condition.isEmpty() ? "" : " WHERE " + condition;
    }
}
