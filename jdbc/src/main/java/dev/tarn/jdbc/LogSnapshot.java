package dev.tarn.jdbc;

import dev.tarn.jdbc.ChangeBuffer.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** The state of tables at one moment, for everybody to read in. */
interface LogSnapshot extends AutoCloseable {
    boolean has(int table);

    /** Whether a change of a table is part of what is read of it here. */
    boolean sees(int table, Change change);

    /**
     * Whether all that was read of the log before is part of it.
     *
     * @param transactions the last ones
     * @param place where reading the log stands
     */
    boolean isBehind(Set<Integer> transactions, Lsn place);

    /** Where the log ended afterwards: what is behind is no part of it. */
    Lsn end();

    /** When it was taken by the server's clock, in microseconds since 1970. */
    long micros();

    /** A connection that sees it, to be given back by {@link #leave}. */
    Connection enter(int table) throws SQLException;

    void leave(Connection connection);

    @Override
    void close();
}
