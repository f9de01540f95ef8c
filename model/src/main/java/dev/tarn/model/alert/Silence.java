package dev.tarn.model.alert;

import java.time.Instant;
import java.util.Optional;

/**
 * Nobody is told of some alerts for a while.
 *
 * @param kind which; empty for all kinds
 * @param subject a pattern
 * @param owner a pattern
 * @param by who wants that
 */
public record Silence(
        String id,
        Optional<AlertKind> kind,
        Optional<String> subject,
        Optional<String> owner,
        Instant createdAt,
        Instant until,
        String by,
        String reason) {
    public boolean holds(Instant now) {
        return now.isBefore(until);
    }

    public boolean concerns(Alert alert) {
        return kind.filter(k -> k != alert.finding().kind()).isEmpty()
                && subject.filter(p -> !AlertRule.fits(p, alert.finding().subject())).isEmpty()
                && (owner.isEmpty()
                        || alert.finding()
                                .owner()
                                .filter(o -> AlertRule.fits(owner.get(), o))
                                .isPresent());
    }
}
