package dev.tarn.state;

import java.time.Instant;

/** Instants as the database keeps them: nanoseconds since 1970, the years 1678 to 2261. */
final class Times {
    private static final long SECOND = 1_000_000_000L;

    private Times() {}

    /** Times out of range become the first or last one in range. */
    static long nanos(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND), time.getNano());
        } catch (ArithmeticException e) {
            return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
    }
}
