package dev.tarn.model.alert;

import dev.tarn.model.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where alerts go.
 *
 * @param owners patterns; empty for anybody's, and for what nobody owns
 * @param least the mildest severity that goes here
 * @param kinds empty for all
 * @param channels their names
 * @param grouping what is told in one message
 * @param delay how long a first message waits for others like it
 * @param pause how long after a message the next one of the same group comes at the earliest
 * @param repeat how often it is told again that something is still wrong; empty for never
 * @param resolved whether it is told that something is over
 * @param goesOn whether later routes are looked at as well
 */
public record AlertRoute(
        Place place,
        List<String> owners,
        Severity least,
        Set<AlertKind> kinds,
        List<String> channels,
        Grouping grouping,
        Duration delay,
        Duration pause,
        Optional<Duration> repeat,
        boolean resolved,
        boolean goesOn) {
    public AlertRoute {
        owners = List.copyOf(owners);
        kinds = Set.copyOf(kinds);
        channels = List.copyOf(channels);
    }

    /** What alerts in one message have in common. */
    public enum Grouping {
        /** All that go this way. */
        ALL,
        OWNER,
        KIND,
        /** Each has a message of its own. */
        NONE
    }

    public boolean takes(Alert alert) {
        return alert.severity().isAtLeast(least)
                && (kinds.isEmpty() || kinds.contains(alert.finding().kind()))
                && (owners.isEmpty()
                        || alert.finding()
                                .owner()
                                .filter(o -> owners.stream().anyMatch(p -> AlertRule.fits(p, o)))
                                .isPresent());
    }

    /** The group of an alert. */
    public String group(Alert alert) {
        return switch (grouping) {
            case ALL -> "all";
            case OWNER -> "owner " + alert.finding().owner().orElse("nobody");
            case KIND -> "kind " + alert.finding().kind().word();
            case NONE -> "alert " + alert.id();
        };
    }
}
