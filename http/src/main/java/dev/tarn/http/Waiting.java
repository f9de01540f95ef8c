package dev.tarn.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** Lets time go by until somebody cancels. Safe for use by many threads. */
class Waiting {
    private static final long SLICE_NANOS = 50_000_000;

    private final Clock clock;
    private volatile boolean stopped;

    Waiting(Clock clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /**
     * Waits as long as is said.
     *
     * @throws dev.tarn.model.TarnException {@code INTERRUPTED} when it is stopped
     */
    void rest(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        while (true) {
            check();
            long left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(Math.min(left, SLICE_NANOS));
        }
    }

    void check() {
        if (stopped) {
            throw HttpErrors.interrupted();
        }
    }

    boolean isStopped() {
        return stopped;
    }

    void stop() {
        stopped = true;
    }
}
