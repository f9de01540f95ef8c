package dev.tarn.jdbc;

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
    private final Dialect dialect;
    private final JdbcSettings settings;
    private final int table;
    private final LogSnapshot snapshot;
    private final List<Column> key;
    private final List<String> after;
    private final List<String> end;
    private final Limits limits;

    /**
     * @param position says where the range begins, and the key that the load ends with
     */
    LogChunk(
            Dialect dialect,
            JdbcSettings settings,
            int table,
            LogSnapshot snapshot,
            List<Column> key,
            LogPosition position,
            Limits limits) {
        this.dialect = dialect;
        this.settings = settings;
        this.table = table;
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
            connection = snapshot.enter(table);
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
                snapshot.leave(connection);
            }
        }
    }

    /** The key of the range's last row; empty when it goes to the table's end. */
    private List<String> last(Connection connection) throws SQLException {
        Dialect.Size size = dialect.size(connection, settings);
        long step = limits.rows();
        if (size.rowBytes() > 0) {
            step = Math.min(step, limits.bytes() / size.rowBytes());
        }
        List<List<@Nullable String>> rows =
                Queries.rows(
                        connection,
                        "SELECT %s FROM (SELECT %s FROM %s%s ORDER BY %s LIMIT 1 OFFSET %d) tarn_last"
                                .formatted(
                                        String.join(", ", key.stream().map(dialect::text).toList()),
                                        names(),
                                        settings.relation(),
                                        where(and(behind(after, ">"), behind(end, "<="))),
                                        names(),
                                        Math.max(1, step) - 1));
        List<String> last = new ArrayList<>();
        if (!rows.isEmpty()) {
            for (int i = 0; i < key.size(); i++) {
                last.add(Queries.text(rows.getFirst(), i));
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
