package dev.tarn.model.job;

import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a job or a pool that rests after it failed too often in a row.
 *
 * @param name {@code job:NAME} or {@code pool:NAME}
 * @param failures how many there were since the last success
 * @param openedAt since when it rests; empty if it does not
 * @param openUntil until when nothing of it begins; then one tries whether it works again
 */
public record Breaker(
        String name, int failures, Optional<Instant> openedAt, Optional<Instant> openUntil) {
    public static Breaker closed(String name) {
        return new Breaker(name, 0, Optional.empty(), Optional.empty());
    }

    public boolean isOpen(Instant now) {
        return openUntil.filter(now::isBefore).isPresent();
    }

    /** The rest is over, and whether it works again is not known yet. */
    public boolean isTrying(Instant now) {
        return openUntil.isPresent() && !isOpen(now);
    }

    /** One more failure; the rest begins when there are too many, and again after a try. */
    public Breaker failed(BreakerRule rule, Instant now) {
        int count = failures + 1;
        return openUntil.isPresent() || count >= rule.failures()
                ? new Breaker(
                        name,
                        count,
                        Optional.of(openedAt.orElse(now)),
                        Optional.of(now.plus(rule.rest())))
                : new Breaker(name, count, Optional.empty(), Optional.empty());
    }
}
