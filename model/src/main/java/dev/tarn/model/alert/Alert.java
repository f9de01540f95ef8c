package dev.tarn.model.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A finding that somebody is to hear of, from when it was seen to when it was over.
 *
 * @param id never used twice
 * @param finding as it was seen last
 * @param openedAt when it was first seen
 * @param resolvedAt when it was first seen to be over
 * @param ackedBy who said that somebody is at it
 */
public record Alert(
        String id,
        Finding finding,
        Severity severity,
        Instant openedAt,
        Optional<Instant> resolvedAt,
        Optional<String> ackedBy) {
    public boolean isOpen() {
        return resolvedAt.isEmpty();
    }

    /** What makes two findings the same one. */
    public Key key() {
        return new Key(finding.kind(), finding.subject());
    }

    /** There is at most one open alert with a key. */
    public record Key(AlertKind kind, String subject) {
        public static Key of(Finding finding) {
            return new Key(finding.kind(), finding.subject());
        }
    }

    /** How long it has been red, or was. */
    public Duration age(Instant now) {
        return Duration.between(finding.since(), resolvedAt.orElse(now));
    }

    public Alert seen(Finding newer, Severity newSeverity) {
        return new Alert(id, newer, newSeverity, openedAt, Optional.empty(), ackedBy);
    }

    public Alert resolved(Instant now) {
        return new Alert(id, finding, severity, openedAt, Optional.of(now), ackedBy);
    }

    public Alert acked(String by) {
        return new Alert(id, finding, severity, openedAt, resolvedAt, Optional.of(by));
    }
}
