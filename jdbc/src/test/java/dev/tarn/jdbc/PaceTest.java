package dev.tarn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

    /** Goes on by a bit whenever somebody looks. */
    private static final class Ticking extends Clock {
        private Instant now = START;
        private final Duration step;
        private int looks = Integer.MAX_VALUE;

        Ticking(Duration step) {
            this.step = step;
        }

        @Override
        public synchronized Instant instant() {
            now = looks-- == 0 ? START.minus(Duration.ofDays(1)) : now.plus(step);
            return now;
        }

        /** Is put back by a day when somebody has looked so often. */
        synchronized void backAfter(int more) {
            looks = more;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void rowsComeNoFasterThanIsAllowed() {
        Ticking clock = new Ticking(Duration.ofMillis(40));
        Pace pace = new Pace(OptionalLong.of(10_000), clock);
        pace.begin();
        Instant begun = clock.instant();
        for (int row = 1; row <= 20_480; row++) {
            pace.row(row);
        }

        assertThat(Duration.between(begun, clock.instant()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(2_048 - 40));
    }

    @Test
    void withoutALimitNobodyWaits() {
        Ticking clock = new Ticking(Duration.ofMillis(1));
        Pace pace = new Pace(OptionalLong.empty(), clock);
        Instant begun = clock.instant();
        for (int row = 1; row <= 20_480; row++) {
            pace.row(row);
        }

        assertThat(Duration.between(begun, clock.instant())).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void aClockThatIsPutBackHoldsNobodyUp() {
        Ticking clock = new Ticking(Duration.ofSeconds(1));
        Pace pace = new Pace(OptionalLong.of(1), clock);
        pace.begin();
        clock.backAfter(5);
        pace.row(256);

        assertThat(clock.instant()).isBefore(START);
    }

    @Test
    void whoeverWaitsCanBeStopped() {
        Pace pace = new Pace(OptionalLong.of(1), new Ticking(Duration.ofNanos(1)));
        pace.stop();

        assertThatThrownBy(() -> pace.row(256)).hasMessageContaining("Reading was stopped.");
    }
}
