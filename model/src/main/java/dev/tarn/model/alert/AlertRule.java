package dev.tarn.model.alert;

import dev.tarn.model.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What somebody wants to be told of.
 *
 * @param subjects what it may be about; {@code *} stands for any letters; empty for anything
 * @param severity how bad that is
 * @param delay how long it must have been wrong
 * @param olderThan how old tables and sources may be
 * @param times how often a job must have failed in a row
 * @param rows how many rows must have been put apart
 */
public record AlertRule(
        AlertKind kind,
        Place place,
        List<String> subjects,
        Severity severity,
        Duration delay,
        Optional<Duration> olderThan,
        int times,
        long rows) {
    public AlertRule {
        subjects = List.copyOf(subjects);
    }

    /** Whether it is about something of this name. */
    public boolean concerns(String subject) {
        return subjects.isEmpty() || subjects.stream().anyMatch(p -> fits(p, subject));
    }

    /** Whether a name fits a pattern in which {@code *} stands for any letters. */
    public static boolean fits(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(name)
                .matches();
    }
}
