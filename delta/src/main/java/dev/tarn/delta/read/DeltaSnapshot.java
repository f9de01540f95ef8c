package dev.tarn.delta.read;

import dev.tarn.model.table.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One version of a Delta table.
 *
 * @param names what columns, and fields in them, are called in files, by field id; empty where they
 *     go by the names of the schema
 * @param byId whether files are read by field id
 * @param partitionColumns as the table calls them
 */
record DeltaSnapshot(
        String location,
        long version,
        Instant committedAt,
        String id,
        int readerVersion,
        Schema schema,
        Map<Integer, List<String>> names,
        boolean byId,
        List<String> partitionColumns,
        Map<String, String> configuration,
        List<AddedFile> files) {

    /**
     * A data file.
     *
     * @param location where it is, in the words of storage
     * @param partition values as the log writes them, by the columns' names in files
     * @param rows negative when the log does not tell
     * @param stats statistics of columns as the log has them; empty for none
     */
    record AddedFile(
            String location,
            Map<String, Optional<String>> partition,
            long bytes,
            long rows,
            Optional<Vector> deleted,
            String stats) {}

    /**
     * Where a deletion vector is.
     *
     * @param kind {@code u}, {@code p} or {@code i}
     */
    record Vector(String kind, String pathOrData, int offset, int bytes, long rows) {
        /** What tells one from another on the same file. */
        String id() {
            return kind + pathOrData + "@" + offset;
        }
    }
}
