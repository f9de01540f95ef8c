package dev.tarn.duckdb;

import dev.tarn.model.table.RowPositions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBReadableVector;

/** Gathers positions that come ordered by file. */
final class PositionCollector {
    private final IntFunction<String> locations;
    private final List<RowPositions> found = new ArrayList<>();
    private int file = -1;
    private long[] positions = new long[1024];
    private int count;

    private PositionCollector(IntFunction<String> locations) {
        this.locations = locations;
    }

    /**
     * @param sql gives the number of a file and a position, ordered by both
     */
    static List<RowPositions> collect(
            StatementRunner runner, String sql, Source source, IntFunction<String> locations) {
        try (StatementRunner.Running running = runner.start(runner.prepare(sql, source), source)) {
            try (DuckDBChunkedResult chunks = running.statement.query()) {
                PositionCollector collector = new PositionCollector(locations);
                while (chunks.nextChunk()) {
                    DuckDBReadableVector files = chunks.chunk().vector(0);
                    DuckDBReadableVector positions = chunks.chunk().vector(1);
                    long rows = chunks.chunk().rowCount();
                    for (long row = 0; row < rows; row++) {
                        collector.add((int) files.getLong(row), positions.getLong(row));
                    }
                }
                running.check();
                return collector.finish();
            } catch (SQLException e) {
                throw running.failure(e);
            }
        }
    }

    private void add(int nextFile, long position) {
        if (nextFile != file) {
            flush();
            file = nextFile;
        }
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, count * 2);
        }
        positions[count++] = position;
    }

    private void flush() {
        if (count > 0) {
            found.add(new RowPositions(locations.apply(file), Arrays.copyOf(positions, count)));
            count = 0;
        }
    }

    private List<RowPositions> finish() {
        flush();
        return List.copyOf(found);
    }
}
