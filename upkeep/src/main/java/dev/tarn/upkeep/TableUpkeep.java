package dev.tarn.upkeep;

import dev.tarn.model.TableName;

/**
 * What became of a table.
 *
 * @param outcome how it ended
 * @param note why, where that is not plain
 * @param before files it had; {@code after} files it has
 * @param forgotten snapshots its metadata no longer names
 */
public record TableUpkeep(
        TableName table,
        Outcome outcome,
        String note,
        long before,
        long after,
        long bytesRead,
        long bytesWritten,
        int forgotten) {
    /** How upkeep of a table ended. */
    public enum Outcome {
        /** Everything that was due is done. */
        DONE,
        /** There was nothing to do. */
        NOTHING,
        /** Time or bytes were used up; another time goes on from here. */
        STOPPED,
        /** Others changed the table meanwhile; it is left to another time. */
        GAVE_WAY,
        /** The table cannot be looked after as it is. */
        REFUSED
    }
}
