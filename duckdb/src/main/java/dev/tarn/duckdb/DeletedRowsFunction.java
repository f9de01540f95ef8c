package dev.tarn.duckdb;

import dev.tarn.model.table.DeletedRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;

/**
 * A function for SQL that says whether a row is still there. One function serves all scans of an
 * engine: a number names the scan whose deletions it looks into.
 */
final class DeletedRowsFunction {
    static final String NAME = "tarn_row_is_live";

    /** For files from which nothing was deleted. */
    static final DeletedRows NONE =
            new DeletedRows() {
                @Override
                public boolean contains(long position) {
                    return false;
                }

                @Override
                public long count() {
                    return 0;
                }

                @Override
                public void forEach(LongConsumer action) {}
            };

    private final Map<Long, List<GoneRows>> scans = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    private DeletedRowsFunction() {}

    static DeletedRowsFunction register(DuckDBConnection connection) throws SQLException {
        DeletedRowsFunction function = new DeletedRowsFunction();
        DuckDBFunctions.scalarFunction()
                .withName(NAME)
                .withParameters(Long.class, Long.class, Long.class)
                .withReturnType(Boolean.class)
                .withVectorizedFunction(function::apply)
                .register(connection);
        return function;
    }

    private void apply(DuckDBDataChunkReader in, DuckDBWritableVector out) {
        DuckDBReadableVector file = in.vector(1);
        DuckDBReadableVector position = in.vector(2);
        long rows = in.rowCount();
        if (rows == 0) {
            return;
        }
        // The number of the scan is a constant: it is the same in all rows.
        List<GoneRows> files = scans.getOrDefault(in.vector(0).getLong(0), List.of());
        long last = file.getLong(0);
        GoneRows gone = files.get((int) last);
        for (long row = 0; row < rows; row++) {
            long index = file.getLong(row);
            if (index != last) {
                last = index;
                gone = files.get((int) index);
            }
            out.setBoolean(row, !gone.contains(position.getLong(row)));
        }
    }

    int scans() {
        return scans.size();
    }

    Registrations registrations() {
        return new Registrations();
    }

    /** Scans that are forgotten together. */
    final class Registrations implements AutoCloseable {
        private final List<Long> mine = new ArrayList<>();

        /** A condition that is true for rows that are still there. */
        String live(List<DeletedRows> deleted, String fileIndex, String position) {
            long id = next.incrementAndGet();
            scans.put(id, deleted.stream().map(GoneRows::new).toList());
            mine.add(id);
            return "%s(%d::BIGINT, %s::BIGINT, %s::BIGINT)"
                    .formatted(NAME, id, fileIndex, position);
        }

        @Override
        public void close() {
            mine.forEach(scans::remove);
        }
    }
}
