package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as people write them: {@code 90s}, {@code 15m}, {@code 1h 30m}, {@code 2 hours}.
 */
public final class Durations {
    private static final Pattern PART =
            Pattern.compile(
                    "(\\d{1,9})\\s*(ms|milliseconds?|s|seconds?|m|minutes?|h|hours?|d|days?|w|weeks?)(?![a-zA-Z])\\s*");

    private Durations() {}

    public static Optional<Duration> parse(String text) {
        Matcher part = PART.matcher(text.strip());
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            long count = Long.parseLong(part.group(1));
            sum =
                    sum.plus(
                            switch (unit(part.group(2))) {
                                case "ms" -> Duration.ofMillis(count);
                                case "s" -> Duration.ofSeconds(count);
                                case "m" -> Duration.ofMinutes(count);
                                case "h" -> Duration.ofHours(count);
                                case "d" -> Duration.ofDays(count);
                                default -> Duration.ofDays(7 * count);
                            });
            end = part.end();
        }
        return end == 0 || end < text.strip().length() ? Optional.empty() : Optional.of(sum);
    }

    private static String unit(String word) {
        return word.equals("ms") || word.startsWith("mill") ? "ms" : word.substring(0, 1);
    }

    /**
     * @throws TarnException {@code USAGE}
     */
    public static Duration require(String text) {
        return parse(text)
                .orElseThrow(() ->
                        new TarnException(
                                ErrorCode.USAGE,
                                "'%s' is not a length of time. Write it as 90s, 15m, 1h or 2d."
                                        .formatted(text)));
    }

    /** The shortest way to write it. */
    public static String words(Duration time) {
        if (time.isZero()) {
            return "0s";
        }
        StringBuilder words = new StringBuilder();
        append(words, time.toDaysPart(), "d");
        append(words, time.toHoursPart(), "h");
        append(words, time.toMinutesPart(), "m");
        append(words, time.toSecondsPart(), "s");
        append(words, time.toMillisPart(), "ms");
        return words.isEmpty() ? "0s" : words.toString();
    }

    private static void append(StringBuilder words, long count, String unit) {
        if (count != 0) {
            words.append(words.isEmpty() ? "" : " ").append(count).append(unit);
        }
    }
}
