package dev.tarn.upkeep;

import java.time.Duration;

/**
 * How upkeep behaves as a process.
 *
 * @param heartbeat how often it says that it lives
 * @param lostAfter how long a run may be silent before it counts as lost
 * @param attempts how often a rewriting is repeated on what others published meanwhile
 * @param unitBytes how much is rewritten between two commits: as much is lost when it is killed
 * @param defaults what holds for tables whose properties do not say it
 */
public record UpkeepSettings(
        Duration heartbeat,
        Duration lostAfter,
        int attempts,
        long unitBytes,
        UpkeepPolicy defaults) {
    public static final UpkeepSettings DEFAULT =
            new UpkeepSettings(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1),
                    10,
                    512L << 20,
                    UpkeepPolicy.DEFAULT);

    public UpkeepSettings withLostAfter(Duration silence) {
        return new UpkeepSettings(heartbeat, silence, attempts, unitBytes, defaults);
    }

    public UpkeepSettings withUnitBytes(long bytes) {
        return new UpkeepSettings(heartbeat, lostAfter, attempts, bytes, defaults);
    }

    public UpkeepSettings withDefaults(UpkeepPolicy policy) {
        return new UpkeepSettings(heartbeat, lostAfter, attempts, unitBytes, policy);
    }
}
