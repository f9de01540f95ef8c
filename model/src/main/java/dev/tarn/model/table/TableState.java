package dev.tarn.model.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a table is at one pointer.
 *
 * @param definition the schema carries ids
 * @param current the newest snapshot; empty for a table without rows ever written
 * @param snapshots all snapshots its metadata still names, oldest first
 */
public record TableState(
        TablePointer pointer,
        String location,
        String uuid,
        int formatVersion,
        TableDefinition definition,
        Optional<Snapshot> current,
        List<Snapshot> snapshots) {
    public TableState {
        snapshots = List.copyOf(snapshots);
    }

    /**
     * One state of a table's rows.
     *
     * @param operation {@code append}, {@code overwrite}, {@code delete} or {@code replace}
     * @param totalRows rows in the table; rows in files less the deleted ones
     * @param hiddenRows rows in files that are deleted
     * @param summary what the writer said about it, such as the run
     */
    public record Snapshot(
            long id,
            Optional<Long> parent,
            Instant committedAt,
            String operation,
            long addedRows,
            long deletedRows,
            long totalRows,
            long hiddenRows,
            long totalFiles,
            long totalBytes,
            Map<String, String> summary) {
        public Snapshot {
            summary = Map.copyOf(summary);
        }
    }
}
