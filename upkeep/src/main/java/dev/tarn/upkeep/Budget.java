package dev.tarn.upkeep;

import java.time.Clock;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** How much upkeep may still cost. Used by one thread. */
final class Budget {
    private final Clock clock;
    private final Instant end;
    private final BooleanSupplier stopped;
    private long bytes;

    Budget(Clock clock, UpkeepRequest request, BooleanSupplier stopped) {
        this.clock = clock;
        this.end = clock.instant().plus(request.time());
        this.stopped = stopped;
        this.bytes = request.bytes();
    }

    /** Whether work that reads so many bytes may begin. */
    boolean allows(long cost) {
        return cost <= bytes && !isStopped() && clock.instant().isBefore(end);
    }

    /** Whether nothing more may begin, however little it costs. */
    boolean isStopped() {
        return stopped.getAsBoolean();
    }

    /** How many bytes may still be read. */
    long bytes() {
        return bytes;
    }

    void spend(long cost) {
        bytes -= cost;
    }
}
