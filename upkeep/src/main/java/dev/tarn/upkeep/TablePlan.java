package dev.tarn.upkeep;

import dev.tarn.model.TableName;

/**
 * What upkeep would do for a table, and what that would gain.
 *
 * @param files data files it has; {@code filesAfter} about how many it will have
 * @param rewritten how many of them would be written anew, {@code rewrittenBytes} what they take
 * @param deletedRows rows that are in files and no longer in the table
 * @param snapshots states the metadata names
 * @param metadataBytes the metadata file, which each change writes anew
 */
public record TablePlan(
        TableName table,
        long files,
        long filesAfter,
        long bytes,
        long rewritten,
        long rewrittenBytes,
        long rows,
        long deletedRows,
        int manifests,
        int manifestsAfter,
        int snapshots,
        int snapshotsAfter,
        long metadataBytes) {
    /** The part of the rows in files that are no longer in the table. */
    public double deleteRatio() {
        return rows == 0 ? 0 : (double) deletedRows / rows;
    }

    /** Whether there is anything to do. */
    public boolean isDue() {
        return rewritten > 0 || manifestsAfter < manifests || snapshotsAfter < snapshots;
    }
}
