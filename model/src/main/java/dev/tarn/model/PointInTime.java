package dev.tarn.model;

import java.time.Instant;
import java.util.Optional;

/** Which state of one table a query wants, where that is not the one it reads anyway. */
public sealed interface PointInTime {
    /** The state as of a publication, or a snapshot of the table by its id. */
    record Version(long number) implements PointInTime {}

    /** The newest state that was visible at a time. */
    record Time(Instant time) implements PointInTime {}

    /** The state on a ref. */
    record OnRef(RefName ref) implements PointInTime {}

    /**
     * Not a state, but the rows that changed between two.
     *
     * @param after a publication; changes after it are meant
     * @param upTo a later one; empty for the state that is read otherwise
     */
    record Changes(long after, Optional<Long> upTo) implements PointInTime {}

    /** The state that a run published or, if it published nothing, left on its ref. */
    record OfRun(RunId run) implements PointInTime {}
}
