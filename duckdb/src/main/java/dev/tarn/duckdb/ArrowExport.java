package dev.tarn.duckdb;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.sql.SQLException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.duckdb.DuckDBResultSet;

/** Hands a result on as an Arrow IPC stream without turning it into Java values. */
final class ArrowExport {
    private static final long ROWS_PER_BATCH = 32_768;

    private ArrowExport() {}

    static long write(DuckDBResultSet rows, OutputStream out) throws SQLException {
        long written = 0;
        try (BufferAllocator allocator = new RootAllocator();
                ArrowReader reader =
                        (ArrowReader) rows.arrowExportStream(allocator, ROWS_PER_BATCH)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            try (ArrowStreamWriter writer =
                    new ArrowStreamWriter(root, reader, Channels.newChannel(out))) {
                writer.start();
                while (reader.loadNextBatch()) {
                    writer.writeBatch();
                    written += root.getRowCount();
                }
                writer.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written;
    }
}
