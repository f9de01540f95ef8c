package dev.tarn.duckdb;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.QueryResult;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/**
 * A query's rows as they are computed. Plain columns are read from DuckDB's chunks; when a column
 * is of a type that the driver's chunks cannot hand out, all go through its slower result set. The
 * query starts with the first row that is asked for.
 */
final class QueryRows implements QueryResult {
    private final StatementRunner runner;
    private final StatementRunner.Running running;
    private final Columns columns;
    private final String sql;
    private final List<ChunkColumn> readers;
    private @Nullable DuckDBChunkedResult chunks;
    private @Nullable DuckDBDataChunkReader chunk;
    private @Nullable ResultSet rows;
    private long row = -1;
    private boolean finished;
    private boolean streaming;

    QueryRows(
            StatementRunner runner, StatementRunner.Running running, Columns columns, String sql) {
        this.runner = runner;
        this.running = running;
        this.columns = columns;
        this.sql = sql;
        this.readers = ChunkColumn.of(columns.types());
    }

    @Override
    public Schema schema() {
        return columns.schema();
    }

    @Override
    public boolean next() {
        if (finished) {
            return false;
        }
        try {
            finished = !(readers.isEmpty() ? nextOfSet() : nextOfChunks());
        } catch (SQLException e) {
            throw failure(e);
        }
        if (finished) {
            running.check();
        }
        return !finished;
    }

    private boolean nextOfChunks() throws SQLException {
        DuckDBChunkedResult result = chunks;
        if (result == null) {
            try (WideStatements.Going unused = runner.begin(sql)) {
                result = running.statement.query();
            }
            chunks = result;
        }
        row++;
        while (chunk == null || row >= chunk.rowCount()) {
            running.check();
            if (!result.nextChunk()) {
                return false;
            }
            chunk = result.chunk();
            row = 0;
        }
        return true;
    }

    private boolean nextOfSet() throws SQLException {
        ResultSet result = rows;
        if (result == null) {
            result = stream();
            rows = result;
        }
        return result.next();
    }

    /** The driver keeps whole results in memory unless told otherwise by a setting. */
    private ResultSet stream() throws SQLException {
        runner.set("jdbc_stream_results", true);
        streaming = true;
        try (WideStatements.Going unused = runner.begin(sql)) {
            return running.statement.executeQuery();
        }
    }

    @Override
    public @Nullable Object value(int column) {
        try {
            if (chunk != null) {
                return readers.get(column).value(chunk.vector(column), row);
            }
            if (rows != null) {
                return JavaValues.of(
                        rows.getObject(column + 1), schema().fields().get(column).type());
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        throw new IllegalStateException("There is no row before the first call of next()");
    }

    @Override
    public long writeArrow(OutputStream out) {
        if (chunks != null || rows != null) {
            throw new IllegalStateException("Rows were read already: Arrow takes all or none");
        }
        finished = true;
        try {
            ResultSet result = stream();
            rows = result;
            long written = ArrowExport.write((DuckDBResultSet) result, out);
            running.check();
            return written;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /**
     * The driver loses the reason when a streamed result fails; running the query once more without
     * its rows tells it.
     */
    private RuntimeException failure(SQLException error) {
        running.check();
        if (RawError.of(error).message().contains("Invalid result set")) {
            return runner.reason(sql, running.source()).orElseGet(() -> running.failure(error));
        }
        return running.failure(error);
    }

    @Override
    public void close() {
        try {
            if (chunks != null) {
                chunks.close();
            }
            if (rows != null) {
                rows.close();
            }
            if (streaming) {
                runner.set("jdbc_stream_results", false);
            }
        } catch (SQLException e) {
            throw running.failure(e);
        } finally {
            finished = true;
            running.close();
        }
    }
}
