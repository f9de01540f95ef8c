package dev.tarn.model;

import java.time.Instant;

/** Which state of one table a query wants, where that is not the one it reads anyway. */
public sealed interface PointInTime {
    /** The state as of a publication, or a snapshot of the table by its id. */
    record Version(long number) implements PointInTime {}

    /** The newest state that was visible at a time. */
    record Time(Instant time) implements PointInTime {}

    /** The state on a ref. */
    record OnRef(RefName ref) implements PointInTime {}

    /** The state that a run published or, if it published nothing, left on its ref. */
    record OfRun(RunId run) implements PointInTime {}
}
