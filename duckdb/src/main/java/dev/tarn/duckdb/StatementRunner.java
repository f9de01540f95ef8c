package dev.tarn.duckdb;

import dev.tarn.model.TarnException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.QueryProgress;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements on one connection under a time limit. One thread runs; any thread may stop it or
 * ask how far it is.
 */
final class StatementRunner implements AutoCloseable {
    /** A stop can arrive just before DuckDB begins; so it is repeated until the statement ends. */
    private static final long REPEAT_STOP_MILLIS = 50;

    private enum Stop {
        NONE,
        CANCELLED,
        TIMED_OUT
    }

    private final DuckDBConnection connection;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final WideStatements wide;
    private final Object lock = new Object();
    private @Nullable Running current;
    private boolean stopped;

    StatementRunner(
            DuckDBConnection connection,
            Duration timeout,
            ScheduledExecutorService timer,
            WideStatements wide) {
        this.connection = connection;
        this.timeout = timeout;
        this.timer = timer;
        this.wide = wide;
    }

    /** Reads what a statement returns. */
    interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /** A statement from its start until its last row. */
    final class Running implements AutoCloseable {
        final DuckDBPreparedStatement statement;
        private final Source source;
        private final ScheduledFuture<?> alarm;
        private Stop stop = Stop.NONE;
        private @Nullable ScheduledFuture<?> repeated;

        private Running(DuckDBPreparedStatement statement, Source source) {
            this.statement = statement;
            this.source = source;
            this.alarm =
                    timer.schedule(
                            () -> stop(this, Stop.TIMED_OUT),
                            timeout.toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        /** Refuses to go on when the statement was stopped. */
        void check() {
            TarnException reason = stopReason();
            if (reason != null) {
                throw reason;
            }
        }

        Source source() {
            return source;
        }

        TarnException failure(SQLException error) {
            TarnException reason = stopReason();
            return reason != null ? reason : ErrorTranslator.translate(error, source);
        }

        private @Nullable TarnException stopReason() {
            synchronized (lock) {
                return switch (stop) {
                    case NONE -> null;
                    case CANCELLED -> EngineErrors.interrupted();
                    case TIMED_OUT -> EngineErrors.timeout(timeout);
                };
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                alarm.cancel(false);
                if (repeated != null) {
                    repeated.cancel(false);
                }
                if (current == this) {
                    current = null;
                }
            }
            try {
                statement.close();
            } catch (SQLException e) {
                throw ErrorTranslator.translate(e, source);
            }
        }
    }

    DuckDBConnection connection() {
        return connection;
    }

    /** Runs a statement for its effect. */
    void update(String sql, Source source) {
        try (WideStatements.Going unused = wide.begin(sql);
                Running running = start(statement(source), source)) {
            try {
                running.statement.execute(sql);
            } catch (SQLException e) {
                throw running.failure(e);
            }
            running.check();
        }
    }

    /** Runs a statement whose rows fit into memory. */
    <T> T query(String sql, Source source, Reader<T> reader) {
        try (WideStatements.Going unused = wide.begin(sql);
                Running running = start(statement(source), source)) {
            T result;
            try (ResultSet rows = running.statement.executeQuery(sql)) {
                result = reader.read(rows);
            } catch (SQLException e) {
                throw running.failure(e);
            }
            running.check();
            return result;
        }
    }

    /** Changes a setting of this connection, even while a statement is prepared. */
    void set(String setting, boolean value) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET " + setting + " = " + value);
        }
    }

    /** Runs a query for nothing but the reason why it fails. */
    Optional<TarnException> reason(String sql, Source source) {
        String prefix = "EXPLAIN ANALYZE ";
        try {
            update(prefix + sql, source.after(prefix));
            return Optional.empty();
        } catch (TarnException e) {
            return Optional.of(e);
        }
    }

    /** Binds a statement without running it. */
    DuckDBPreparedStatement prepare(String sql, Source source) {
        try (WideStatements.Going unused = wide.begin(sql)) {
            return connection.prepare(sql);
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, source);
        }
    }

    /** Says that a statement that is prepared is planned now, until the result is closed. */
    WideStatements.Going begin(String sql) {
        return wide.begin(sql);
    }

    /** Starts the clock of a statement; whoever calls closes it. */
    Running start(DuckDBPreparedStatement statement, Source source) {
        Running running = new Running(statement, source);
        synchronized (lock) {
            current = running;
        }
        return running;
    }

    /** Stops what runs. Any thread may call this. */
    void cancel() {
        synchronized (lock) {
            if (current != null) {
                stop(current, Stop.CANCELLED);
            }
        }
    }

    private void stop(Running running, Stop reason) {
        synchronized (lock) {
            if (current != running || running.stop != Stop.NONE) {
                return;
            }
            running.stop = reason;
            stopped = true;
            running.repeated =
                    timer.scheduleWithFixedDelay(
                            () -> interrupt(running), 0, REPEAT_STOP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void interrupt(Running running) {
        synchronized (lock) {
            if (current == running) {
                try {
                    running.statement.cancel();
                } catch (SQLException e) {
                    // The statement has just ended by itself; there is nothing left to stop.
                    current = null;
                }
            }
        }
    }

    /** Whether nothing runs, and nothing was ever stopped half-way. */
    boolean isSound() {
        synchronized (lock) {
            return current == null && !stopped;
        }
    }

    /** Between 0 and 1, negative when nothing is known. Any thread may call this. */
    double progress() {
        synchronized (lock) {
            if (current == null) {
                return -1;
            }
            try {
                QueryProgress progress = current.statement.getQueryProgress();
                return progress.getPercentage() < 0
                        ? -1
                        : Math.min(1, progress.getPercentage() / 100);
            } catch (SQLException e) {
                return -1;
            }
        }
    }

    private DuckDBPreparedStatement statement(Source source) {
        try {
            return (DuckDBPreparedStatement) connection.createStatement();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, source);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }
}
