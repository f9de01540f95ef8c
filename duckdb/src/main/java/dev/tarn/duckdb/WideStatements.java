package dev.tarn.duckdb;

import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/**
 * Statements over thousands of columns. The engine looks for expressions that occur twice, and
 * those that differ only in their columns are all alike to it at first, so that it compares each
 * with all others: for 10,000 columns it takes minutes. It does not look while such a statement
 * goes on, in any session, as the engine has one setting for all of them.
 */
final class WideStatements {
    /** Some two thousand columns. */
    private static final int LENGTH = 100_000;

    private final DuckDBConnection root;
    private int running;

    WideStatements(DuckDBConnection root) {
        this.root = root;
    }

    /** One that has begun. */
    interface Going extends AutoCloseable {
        @Override
        void close();
    }

    /** Whoever begins a statement says when it has ended. */
    Going begin(String sql) {
        if (sql.length() < LENGTH) {
            return () -> {};
        }
        begin();
        return this::end;
    }

    private synchronized void begin() {
        if (running++ > 0) {
            return;
        }
        try {
            execute("SET GLOBAL disabled_optimizers = 'common_subexpressions'");
        } catch (SQLException e) {
            running--;
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }

    private synchronized void end() {
        if (--running > 0) {
            return;
        }
        try {
            execute("RESET GLOBAL disabled_optimizers");
        } catch (SQLException e) {
            // The engine was closed meanwhile, or it goes on without looking, which harms nobody.
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = root.createStatement()) {
            statement.execute(sql);
        }
    }
}
