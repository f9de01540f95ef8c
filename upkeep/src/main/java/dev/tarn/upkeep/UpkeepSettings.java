package dev.tarn.upkeep;

import java.time.Duration;

/**
 * How upkeep behaves as a process.
 *
 * @param heartbeat how often it says that it lives
 * @param lostAfter how long a run may be silent before it counts as lost
 * @param attempts how often a rewriting is repeated on what others published meanwhile
 * @param unitBytes how much is rewritten between two commits: as much is lost when it is killed
 */
public record UpkeepSettings(
        Duration heartbeat, Duration lostAfter, int attempts, long unitBytes) {
    public static final UpkeepSettings DEFAULT =
            new UpkeepSettings(Duration.ofSeconds(5), Duration.ofMinutes(1), 10, 512L << 20);

    public UpkeepSettings withLostAfter(Duration silence) {
        return new UpkeepSettings(heartbeat, silence, attempts, unitBytes);
    }

    public UpkeepSettings withUnitBytes(long bytes) {
        return new UpkeepSettings(heartbeat, lostAfter, attempts, bytes);
    }
}
