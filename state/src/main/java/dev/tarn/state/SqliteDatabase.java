package dev.tarn.state;

import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A file beside the warehouse. Readers never wait (write-ahead log); writers wait for each other,
 * in this process in the order in which they came.
 */
final class SqliteDatabase implements Database {
    private static final int IDLE_CONNECTIONS = 8;

    private final Path file;
    private final Duration lockTimeout;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final ReentrantLock writing = new ReentrantLock(true);
    private volatile boolean closed;

    private SqliteDatabase(Path file, Duration lockTimeout) {
        this.file = file;
        this.lockTimeout = lockTimeout;
    }

    static SqliteDatabase open(StateConfig.Sqlite config) {
        Path file = config.file().toAbsolutePath().normalize();
        if (file.toString().contains("?")) {
            throw StateErrors.badPath(file.toString());
        }
        makeFolder(file);
        SqliteDatabase database = new SqliteDatabase(file, config.lockTimeout());
        database.read(session -> {
            database.useWriteAheadLog(session);
            return file;
        });
        return database;
    }

    private static void makeFolder(Path file) {
        Path folder = file.getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (FileAlreadyExistsException e) {
            throw StateErrors.denied(file.toString(), folder + " is not a folder", e);
        } catch (IOException e) {
            throw StateErrors.denied(file.toString(), "its folder cannot be made", e);
        }
        if (Files.isDirectory(file)) {
            throw StateErrors.denied(file.toString(), "it is a folder", null);
        }
    }

    /** The mode belongs to the file. Only the first process has to switch, alone. */
    private void useWriteAheadLog(Session session) throws SQLException {
        long giveUp = System.nanoTime() + lockTimeout.toNanos();
        while (true) {
            try {
                session.query("PRAGMA journal_mode = WAL", row -> row.text("journal_mode"));
                return;
            } catch (SQLiteException e) {
                // SQLite does not wait here by itself while another process switches.
                if (e.getResultCode() != SQLiteErrorCode.SQLITE_BUSY
                        || System.nanoTime() - giveUp > 0) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public <T> T read(Work<T> work) {
        Connection connection = take();
        boolean healthy = false;
        try {
            T result = work.on(new Session(connection));
            healthy = true;
            return result;
        } catch (SQLException e) {
            throw translated(e);
        } finally {
            give(connection, healthy);
        }
    }

    @Override
    public <T> T write(Work<T> work) {
        return alone(work, "FULL");
    }

    @Override
    public <T> T note(Work<T> work) {
        return alone(work, "NORMAL");
    }

    private <T> T alone(Work<T> work, String synchronous) {
        try {
            if (!writing.tryLock(lockTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw StateErrors.busy(place(), lockTimeout, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StateErrors.interrupted(place(), e);
        }
        try {
            return transaction(work, synchronous);
        } finally {
            writing.unlock();
        }
    }

    private <T> T transaction(Work<T> work, String synchronous) {
        Connection connection = take();
        boolean done = false;
        try {
            Session session = new Session(connection);
            session.execute("PRAGMA synchronous = " + synchronous);
            session.execute("BEGIN IMMEDIATE");
            T result = work.on(session);
            commit(session);
            done = true;
            return result;
        } catch (SQLException e) {
            throw translated(e);
        } finally {
            // Closing a connection rolls its transaction back.
            give(connection, done);
        }
    }

    private void commit(Session session) throws SQLException {
        try {
            session.execute("COMMIT");
        } catch (SQLiteException e) {
            if (primary(e) == SQLiteErrorCode.SQLITE_IOERR) {
                throw StateErrors.outcomeUnknown(place(), e);
            }
            throw e;
        }
    }

    private Connection take() {
        if (closed) {
            throw StateErrors.closed(place());
        }
        Connection connection = idle.poll();
        return connection != null ? connection : connect();
    }

    private void give(Connection connection, boolean healthy) {
        if (healthy && !closed && idle.size() < IDLE_CONNECTIONS) {
            idle.push(connection);
            if (closed) {
                closeIdle();
            }
        } else {
            closeQuietly(connection);
        }
    }

    private Connection connect() {
        Properties pragmas = new Properties();
        pragmas.setProperty("busy_timeout", Long.toString(lockTimeout.toMillis()));
        pragmas.setProperty("foreign_keys", "true");
        pragmas.setProperty("synchronous", "FULL");
        try {
            return JDBC.createConnection("jdbc:sqlite:" + file, pragmas);
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    private TarnException translated(SQLException e) {
        return switch (e instanceof SQLiteException s
                ? primary(s)
                : SQLiteErrorCode.UNKNOWN_ERROR) {
            case SQLITE_BUSY, SQLITE_LOCKED -> StateErrors.busy(place(), lockTimeout, e);
            case SQLITE_NOTADB, SQLITE_CORRUPT -> StateErrors.corrupt(place(), e);
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
                    StateErrors.denied(place(), "it cannot be opened", e);
            case SQLITE_READONLY -> StateErrors.denied(place(), "it is read-only", e);
            case SQLITE_FULL -> StateErrors.full(place(), e);
            case SQLITE_IOERR ->
                    e instanceof SQLiteException s
                                    && s.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE
                            ? StateErrors.full(place(), e)
                            : StateErrors.failed(place(), reason(e), e);
            default -> StateErrors.unexpected(place(), reason(e), e);
        };
    }

    private static String reason(SQLException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /** The general kind of an error, without its details. */
    private static SQLiteErrorCode primary(SQLiteException e) {
        return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xff);
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public boolean hasTable(Session session, String table) throws SQLException {
        return session.first(
                        "SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = ?",
                        row -> row.number("one"),
                        table)
                .isPresent();
    }

    @Override
    public boolean isEmpty(Session session) throws SQLException {
        return session.first("SELECT 1 AS one FROM sqlite_master LIMIT 1", row -> row.number("one"))
                .isEmpty();
    }

    @Override
    public void prepareMigration(Session session) {
        // A transaction that writes is alone already.
    }

    @Override
    public String textType() {
        return "TEXT";
    }

    @Override
    public void close() {
        closed = true;
        closeIdle();
    }

    private void closeIdle() {
        for (Connection c = idle.poll(); c != null; c = idle.poll()) {
            closeQuietly(c);
        }
    }

    @SuppressWarnings("EmptyCatch") // Nothing is lost: what was committed is on disk.
    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The connection is given up anyway.
        }
    }
}
