package dev.tarn.jdbc;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** Keeps several readers together at no more than so many rows a second. */
final class Pace {
    private static final int LOOK_EVERY = 256;

    private final OptionalLong rowsPerSecond;
    private final Clock clock;
    private Instant begun;
    private long rows;
    private volatile boolean stopped;

    Pace(OptionalLong rowsPerSecond, Clock clock) {
        this.rowsPerSecond = rowsPerSecond;
        this.clock = clock;
        begun = clock.instant();
    }

    /** Begins to count anew. */
    synchronized void begin() {
        begun = clock.instant();
        rows = 0;
    }

    void stop() {
        stopped = true;
    }

    /** To be called for each row, with its number. */
    void row(long number) {
        if (number % LOOK_EVERY == 0) {
            if (stopped) {
                throw new TarnException(ErrorCode.INTERRUPTED, "Reading was stopped.");
            }
            if (rowsPerSecond.isPresent()) {
                await(rowsPerSecond.getAsLong());
            }
        }
    }

    private void await(long limit) {
        Instant due;
        synchronized (this) {
            rows += LOOK_EVERY;
            due = begun.plusNanos((long) (rows * 1e9 / limit));
        }
        Instant last = clock.instant();
        while (!stopped) {
            Instant now = clock.instant();
            if (now.isBefore(last)) {
                // The clock was put back: what was counted by it says nothing any more.
                begin();
                return;
            }
            last = now;
            Duration left = Duration.between(now, due);
            if (left.isNegative() || left.isZero()) {
                return;
            }
            LockSupport.parkNanos(Math.min(left.toNanos(), 100_000_000));
        }
    }
}
