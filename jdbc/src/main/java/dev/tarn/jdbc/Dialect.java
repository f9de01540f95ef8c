package dev.tarn.jdbc;

import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** What databases do differently. Keeps no state. */
interface Dialect {
    String name();

    /** The driver's URL for what somebody wrote. */
    String url(String written, Path project);

    /** The same where somebody named a driver. */
    default String url(String written, Path project, boolean hasDriver) {
        return url(written, project);
    }

    /** What the driver is to be told beside user and password. */
    Properties properties(JdbcSettings settings);

    String quoted(String name);

    /** A table's name, perhaps with its schema, as it stands behind FROM. */
    default String table(String written) {
        StringBuilder text = new StringBuilder();
        for (String part : written.split("\\.", -1)) {
            text.append(text.isEmpty() ? "" : ".").append(quoted(part));
        }
        return text.toString();
    }

    List<Column> columns(Connection connection, JdbcSettings settings) throws SQLException;

    /** The columns of the primary key by which ranges are cut; empty where that cannot be done. */
    List<String> key(Connection connection, JdbcSettings settings) throws SQLException;

    /** What tells a table from another that took its name later. */
    Optional<String> identity(Connection connection, JdbcSettings settings) throws SQLException;

    /** How many rows there are, about, and how many bytes each has. */
    Size size(Connection connection, JdbcSettings settings) throws SQLException;

    /** A value as text, so that {@link #literal} gives the same value again. */
    String text(Column column);

    String literal(Column column, String text);

    /** Whether the rows of a key's column can be cut into ranges of its texts. */
    default boolean cutsBy(Column column) {
        return true;
    }

    /** A condition: the key's columns are behind, or not behind, these values. */
    default String compared(List<Column> key, List<String> literals, String comparison) {
        String names = String.join(", ", key.stream().map(c -> quoted(c.name())).toList());
        return key.size() == 1
                ? "%s %s %s".formatted(names, comparison, literals.getFirst())
                : "(%s) %s (%s)".formatted(names, comparison, String.join(", ", literals));
    }

    /** Whether {@code LIMIT 1 OFFSET n} gives the n-th row, and rows of columns can be compared. */
    boolean cutsRanges();

    /**
     * A cursor value less a lag.
     *
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} where that cannot be computed
     */
    String minus(Column column, String literal, Duration lag);

    /** Tells the rows of a query to a sink; returns about how many bytes came. */
    long read(Connection connection, Reading reading) throws SQLException;

    /** Ends a connection, whatever somebody else is doing with it; it may have ended already. */
    default void end(Connection connection) throws SQLException {
        connection.abort(Runnable::run);
        if (!connection.isClosed()) {
            connection.close();
        }
    }

    /**
     * @param part what refused rows are told as part of
     */
    record Reading(
            String sql,
            List<Column> columns,
            RowSink rows,
            Refusals refusals,
            String part,
            boolean nullForImpossible,
            Pace pace) {}

    /** Both negative where that is not known. */
    record Size(long rows, long rowBytes) {}
}
