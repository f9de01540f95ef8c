package dev.tarn.it;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test puts forward and back. */
final class MovedClock extends Clock {
    private final Clock base;
    private volatile Duration ahead = Duration.ZERO;

    private MovedClock(Clock base) {
        this.base = base;
    }

    /** One that goes by itself between what the test does. */
    static MovedClock going() {
        return new MovedClock(Clock.systemUTC());
    }

    /** One that only the test moves, from a time behind the machine's own. */
    static MovedClock stopped() {
        return new MovedClock(Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC));
    }

    /** Only the test's thread puts it. */
    void put(Duration by) {
        ahead = ahead.plus(by);
    }

    Duration ahead() {
        return ahead;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead);
    }
}
