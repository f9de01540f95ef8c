package dev.tarn.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.tarn.model.TarnException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/** A schema of a PostgreSQL database, through a pool of connections. */
final class PostgresDatabase implements Database {
    /** Keys the lock that keeps two programs from migrating at once; a number of our own. */
    private static final long MIGRATION_LOCK = 0x7461726eL;

    private final StateConfig.Postgres config;
    private final String place;
    private final HikariDataSource pool;

    private PostgresDatabase(StateConfig.Postgres config, String place) {
        this.config = config;
        this.place = place;
        this.pool = pool();
    }

    static PostgresDatabase open(StateConfig.Postgres config) {
        return new PostgresDatabase(config, place(config.url()));
    }

    /** Host, port and database, and nothing else the URL may hold. */
    private static String place(String url) {
        Properties parts = Driver.parseURL(url, new Properties());
        if (parts == null) {
            throw StateErrors.badUrl("it is not the URL of a PostgreSQL database");
        }
        for (String secret : new String[] {"password", "user", "sslpassword"}) {
            if (parts.getProperty(secret) != null) {
                throw StateErrors.badUrl("it holds a %s".formatted(secret));
            }
        }
        return "%s:%s/%s"
                .formatted(
                        parts.getProperty("PGHOST", "localhost"),
                        parts.getProperty("PGPORT", "5432"),
                        parts.getProperty("PGDBNAME", ""));
    }

    private HikariDataSource pool() {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName("tarn-catalog");
        hikari.setDataSource(new Source(config));
        hikari.setMaximumPoolSize(config.connections());
        hikari.setMinimumIdle(0);
        hikari.setConnectionTimeout(Math.max(250, config.lockTimeout().toMillis()));
        hikari.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        hikari.setConnectionInitSql(
                "SET search_path TO %s; SET lock_timeout TO %d"
                        .formatted(quoted(config.schema()), config.lockTimeout().toMillis()));
        try {
            return new HikariDataSource(hikari);
        } catch (HikariPool.PoolInitializationException e) {
            throw translated(
                    e.getCause() instanceof SQLException s
                            ? s
                            : new SQLException(e.getMessage(), e));
        }
    }

    @Override
    public <T> T read(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            return work.on(new Session(connection));
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    @Override
    public <T> T note(Work<T> work) {
        return write(session -> {
            session.execute("SET LOCAL synchronous_commit = off");
            return work.on(session);
        });
    }

    @Override
    public <T> T write(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                T result = work.on(new Session(connection));
                done = true;
                commit(connection);
                return result;
            } finally {
                if (!done) {
                    rollBack(connection);
                }
            }
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    private void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (isBroken(e)) {
                throw StateErrors.outcomeUnknown(place, e);
            }
            throw e;
        }
    }

    @SuppressWarnings("EmptyCatch") // The server rolls back when the connection is gone.
    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // What stopped the work is the error to tell.
        }
    }

    private static boolean isBroken(SQLException e) {
        String state = Objects.requireNonNullElse(e.getSQLState(), "08000");
        return state.startsWith("08") || state.startsWith("57P");
    }

    private TarnException translated(SQLException e) {
        if (e instanceof SQLTransientConnectionException
                && e.getCause() instanceof SQLException c) {
            return translated(c);
        }
        if (e instanceof SQLTransientConnectionException) {
            return pool.isClosed()
                    ? StateErrors.closed(place)
                    : StateErrors.busy(place, config.lockTimeout(), e);
        }
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        return switch (state) {
            case "55P03", "40001", "40P01" -> StateErrors.busy(place, config.lockTimeout(), e);
            case "28000", "28P01", "42501" -> StateErrors.signInDenied(place, config.user(), e);
            case "3D000" -> StateErrors.noSuchDatabase(place, e);
            case "53100" -> StateErrors.full(place, e);
            case "XX001", "XX002" -> StateErrors.corrupt(place, e);
            case "53300", "53200" -> StateErrors.unavailable(place, reason(e), e);
            default ->
                    isBroken(e)
                            ? StateErrors.unavailable(place, reason(e), e)
                            : StateErrors.unexpected(place, reason(e), e);
        };
    }

    private static String reason(SQLException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        String line = message.lines().findFirst().orElse(message).strip();
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public boolean hasTable(Session session, String table) throws SQLException {
        return session.first(
                        "SELECT 1 AS one FROM pg_tables WHERE schemaname = ? AND tablename = ?",
                        row -> row.number("one"),
                        config.schema(),
                        table)
                .isPresent();
    }

    @Override
    public boolean isEmpty(Session session) throws SQLException {
        return session.first(
                        "SELECT 1 AS one FROM pg_tables WHERE schemaname = ? LIMIT 1",
                        row -> row.number("one"),
                        config.schema())
                .isEmpty();
    }

    @Override
    public void prepareMigration(Session session) throws SQLException {
        session.execute("SELECT pg_advisory_xact_lock(" + MIGRATION_LOCK + ")");
        session.execute("CREATE SCHEMA IF NOT EXISTS " + quoted(config.schema()));
    }

    @Override
    public String textType() {
        return "TEXT COLLATE \"C\"";
    }

    @Override
    public void close() {
        pool.close();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Asks for the password whenever it connects, so that it may change meanwhile. */
    private static final class Source extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private final transient Supplier<String> password;

        Source(StateConfig.Postgres config) {
            setURL(config.url());
            setUser(config.user());
            setApplicationName("tarn");
            setConnectTimeout(10);
            setTcpKeepAlive(true);
            this.password = config.password();
        }

        @Override
        public Connection getConnection() throws SQLException {
            return getConnection(getUser(), password.get());
        }
    }
}
