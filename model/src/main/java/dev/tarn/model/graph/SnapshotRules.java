package dev.tarn.model.graph;

import java.util.List;
import java.util.Optional;

/**
 * How a snapshot notices that a row has changed, and how it writes that down.
 *
 * @param uniqueKey columns or expressions that identify a row
 * @param changes how a change is noticed
 * @param updatedAt an expression for when a row changed; required for changes by time
 * @param checked the columns that are compared; empty for all, unless changes are told by time
 * @param hardDeletes what happens to rows that are no longer there
 * @param validToCurrent an expression for the end of what is valid now; empty: null
 * @param columns what its own columns are called
 */
public record SnapshotRules(
        List<String> uniqueKey,
        Changes changes,
        Optional<String> updatedAt,
        List<String> checked,
        HardDeletes hardDeletes,
        Optional<String> validToCurrent,
        Columns columns) {
    public SnapshotRules {
        uniqueKey = List.copyOf(uniqueKey);
        checked = List.copyOf(checked);
    }

    /** How a change is noticed. */
    public enum Changes {
        /** A column says when the row changed. */
        BY_TIME,
        /** Values of columns are compared. */
        BY_VALUE
    }

    /** What happens to rows that are no longer there. */
    public enum HardDeletes {
        IGNORE,
        INVALIDATE,
        NEW_RECORD
    }

    /** The names of a snapshot's own columns. */
    public record Columns(
            String validFrom, String validTo, String id, String updatedAt, String isDeleted) {
        public static final Columns STANDARD =
                new Columns(
                        "dbt_valid_from",
                        "dbt_valid_to",
                        "dbt_scd_id",
                        "dbt_updated_at",
                        "dbt_is_deleted");
    }
}
