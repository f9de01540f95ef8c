package dev.tarn.refs;

import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import java.util.List;
import java.util.Optional;

/**
 * What a merge did, or would do.
 *
 * @param publication the commit on the target; empty for a dry run, and when there was nothing to
 *     bring
 * @param outcomes what happens to each table and view, by name
 * @param positions how many source positions moved with them
 */
public record Merged(Optional<Publication> publication, List<Outcome> outcomes, int positions) {
    public Merged {
        outcomes = List.copyOf(outcomes);
    }

    /** What happens to one table or view. */
    public record Outcome(EntryKey key, Kind kind) {}

    /** Ways in which an entry can be merged. */
    public enum Kind {
        /** The target did not have it. */
        ADDED,
        /** Only the source had changed it. */
        REPLACED,
        /** Both had added rows; the target now has both. */
        COMBINED,
        /** The source had dropped it. */
        DROPPED,
        /** Both had changed it and the target's was preferred. */
        KEPT
    }
}
