package dev.tarn.model.graph;

import java.time.Duration;
import java.util.Optional;

/**
 * How a stream treats time.
 *
 * @param delay how much later than the newest event an event may come and still be in time
 * @param late what becomes of events that come later
 * @param allowedLateness for how long results that were told are made again for late events
 * @param idleAfter after which time without new rows an input, or a part of one, no longer holds
 *     the others back; empty: never
 * @param partition a column of the inputs: the watermark is that of the slowest of its values
 * @param passesChanges whether rows that are changed or deleted in an input are passed over; else
 *     they are refused
 */
public record StreamRules(
        Duration delay,
        Late late,
        Duration allowedLateness,
        Optional<Duration> idleAfter,
        Optional<String> partition,
        boolean passesChanges) {
    /** What becomes of events that come too late. */
    public enum Late {
        /** They are kept in a table of their own. */
        TABLE,
        /** They are left out. */
        DROP
    }
}
