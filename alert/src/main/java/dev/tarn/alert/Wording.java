package dev.tarn.alert;

import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.job.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What people read.
 *
 * @param project whose alerts these are
 * @param link what stands in front of paths
 */
record Wording(String project, String link) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** Names of a blast radius that are written out. */
    private static final int NAMES = 12;

    static final int MESSAGE_MAX = 1_500;

    static String time(Instant at) {
        return TIME.format(at);
    }

    /** One line about all of a message. */
    String subject(Notice notice) {
        if (notice.entries().size() == 1) {
            return "[%s] %s".formatted(project, line(notice.entries().getFirst()));
        }
        String counts =
                notice.entries().stream()
                        .collect(
                                Collectors.groupingBy(
                                        e -> word(e.event()),
                                        java.util.TreeMap::new,
                                        Collectors.counting()))
                        .entrySet()
                        .stream()
                        .map(e -> e.getValue() + " " + e.getKey())
                        .collect(Collectors.joining(", "));
        return "[%s] %s (%s)".formatted(project, counts, notice.group());
    }

    /** One line about one alert. */
    static String line(Notice.Entry entry) {
        Finding finding = entry.alert().finding();
        return "%s: %s %s (%s)"
                .formatted(
                        word(entry.event()).toUpperCase(Locale.ROOT),
                        finding.kind().word(),
                        finding.subject(),
                        entry.alert().severity().word());
    }

    static String word(Notice.Event event) {
        return switch (event) {
            case FIRING -> "red";
            case REMINDER -> "still red";
            case ACKNOWLEDGED -> "taken";
            case RESOLVED -> "over";
            case TEST -> "test";
        };
    }

    /** Everything about one alert, line by line. */
    List<String> details(Notice.Entry entry) {
        Alert alert = entry.alert();
        Finding finding = alert.finding();
        List<String> lines = new ArrayList<>();
        lines.add(shortened(finding.message()));
        finding.place().ifPresent(p -> lines.add("Place: " + p));
        lines.add(
                alert.resolvedAt()
                        .map(end ->
                                "Red from %s to %s (%s)"
                                        .formatted(
                                                time(finding.since()),
                                                time(end),
                                                length(alert.age(end))))
                        .orElseGet(() ->
                                "Red since %s (%s)"
                                        .formatted(
                                                time(finding.since()),
                                                length(alert.age(entry.at())))));
        if (!finding.blast().isEmpty()) {
            lines.add("Stale or held downstream: " + blast(finding.blast()));
        }
        finding.lastGood().ifPresent(good -> lines.add("Last good: " + good));
        finding.owner().ifPresent(owner -> lines.add("Owner: " + owner));
        alert.ackedBy().ifPresent(by -> lines.add("Taken by: " + by));
        lines.add("Alert " + alert.id() + ": " + address(finding));
        return lines;
    }

    String address(Finding finding) {
        return link + finding.path();
    }

    static String blast(List<String> names) {
        String first = names.stream().limit(NAMES).collect(Collectors.joining(", "));
        return names.size() > NAMES ? first + " and " + (names.size() - NAMES) + " more" : first;
    }

    static String shortened(String text) {
        return text.length() <= MESSAGE_MAX ? text : text.substring(0, MESSAGE_MAX) + " …";
    }

    private static String length(Duration time) {
        Duration rough =
                time.compareTo(Duration.ofMinutes(2)) > 0
                        ? time.truncatedTo(ChronoUnit.MINUTES)
                        : time.truncatedTo(ChronoUnit.SECONDS);
        return Durations.words(rough.isNegative() ? Duration.ZERO : rough);
    }

    /** All of a message, for people. */
    String text(Notice notice) {
        return notice.entries().stream()
                .map(e ->
                        line(e)
                                + "\n"
                                + details(e).stream()
                                        .map(l -> "  " + l.replace("\n", "\n  "))
                                        .collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n\n", "", "\n"));
    }
}
