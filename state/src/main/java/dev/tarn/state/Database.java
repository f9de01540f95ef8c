package dev.tarn.state;

import java.sql.SQLException;

/**
 * Connections to the catalog's database and what differs between its kinds. Safe for use by many
 * threads. Everything the database says against a request comes out as a {@code TarnException}.
 */
interface Database extends AutoCloseable {
    /** Something to do on a connection. */
    interface Work<T> {
        T on(Session session) throws SQLException;
    }

    /** Carries what a database said through code that does not know of databases. */
    final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException reason;

        Failed(SQLException reason) {
            super(reason);
            this.reason = reason;
        }

        SQLException reason() {
            return reason;
        }
    }

    /** Runs queries. Only what one statement reads is consistent. */
    <T> T read(Work<T> work);

    /**
     * Runs a transaction: all of it or, when the work throws, nothing. A change of refs or entries
     * must touch {@code counters} first.
     */
    <T> T write(Work<T> work);

    /**
     * The same for what need not outlive a failure of power by itself, such as the books of a run
     * that has published nothing yet: it is not forced to disk. The next {@link #write} forces
     * everything before it too, so that what is lost is always the newest, never something amidst.
     */
    <T> T note(Work<T> work);

    /** The catalog as errors name it: a path, or host and database, never with a secret. */
    String place();

    /** Whether the catalog's own schema has a table. */
    boolean hasTable(Session session, String table) throws SQLException;

    /** Whether there is nothing at all yet where the catalog's tables should be. */
    boolean isEmpty(Session session) throws SQLException;

    /** Keeps other processes from migrating until the transaction ends. */
    void prepareMigration(Session session) throws SQLException;

    /** The type of texts that compare by their bytes. */
    String textType();

    @Override
    void close();
}
