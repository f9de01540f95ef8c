package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.code;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values, times and amounts as people read them. All times are UTC, which the shell says. */
final class Show {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Show() {}

    static Html time(Instant at) {
        return el(
                "time",
                cls("nowrap"),
                attr("datetime", at.truncatedTo(ChronoUnit.SECONDS).toString()),
                text(SECOND.format(at)));
    }

    static String clock(Instant at) {
        return CLOCK.format(at);
    }

    static String second(Instant at) {
        return SECOND.format(at);
    }

    /** {@code 3 h ago}, as of now. */
    static String ago(Instant at, Instant now) {
        return length(Duration.between(at, now)) + " ago";
    }

    /** {@code 3 h}: about how long. */
    static String length(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min";
        }
        if (seconds < 172_800) {
            return seconds / 3_600 + " h";
        }
        return seconds / 86_400 + " days";
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String count(long count, String one, String many) {
        return count(count) + " " + (count == 1 ? one : many);
    }

    /** Powers of a thousand, three digits. */
    static String bytes(long bytes) {
        double rest = bytes;
        int unit = 0;
        while (rest >= 999.5 && unit < UNITS.length - 1) {
            rest /= 1000;
            unit++;
        }
        String form =
                unit == 0 || rest >= 99.95 ? "%.0f %s" : rest >= 9.995 ? "%.1f %s" : "%.2f %s";
        return String.format(Locale.ROOT, form, rest, UNITS[unit]);
    }

    static String duration(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", Math.floor(millis / 100.0) / 10);
        }
        if (millis < 3_600_000) {
            return String.format(Locale.ROOT, "%d m %02d s", millis / 60_000, millis / 1000 % 60);
        }
        if (millis < 172_800_000) {
            return String.format(
                    Locale.ROOT, "%d h %02d m", millis / 3_600_000, millis / 60_000 % 60);
        }
        return millis / 86_400_000 + " days";
    }

    /** A command to copy. */
    static Html command(String command) {
        return div(
                "cmd",
                code(command),
                el(
                        "button",
                        attr("type", "button"),
                        attr("data-copy", command),
                        attr("aria-label", "Copy the command: " + command),
                        text("Copy")));
    }

    /** A name that may be broken where its parts end. */
    static Html name(String name) {
        List<Html> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < name.length() - 1; i++) {
            if (name.charAt(i) == '.' || name.charAt(i) == '_') {
                pieces.add(text(name.substring(from, i + 1)));
                pieces.add(el("wbr"));
                from = i + 1;
            }
        }
        pieces.add(text(name.substring(from)));
        return Html.all(pieces);
    }

    static Html chip(String words) {
        return span("chip", words);
    }

    /** A value of a row; what is longer than a line of a page is cut, and says so. */
    static String value(@Nullable Object value, int most) {
        String text = value(value);
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    /** The text of a value in the house dialect. */
    static String value(@Nullable Object value) {
        return switch (value) {
            case null -> "NULL";
            case BigDecimal d -> d.toPlainString();
            case LocalDateTime t -> t.toLocalDate() + " " + time(t.toLocalTime());
            case LocalTime t -> time(t);
            case Instant t -> value(LocalDateTime.ofInstant(t, ZoneOffset.UTC)) + "Z";
            case byte[] bytes -> "\\x" + HexFormat.of().formatHex(bytes);
            case List<?> list ->
                    list.stream().map(Show::value).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e -> value(e.getKey()) + ": " + value(e.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    private static String time(LocalTime time) {
        String full = time.toString();
        return full.length() == 5 ? full + ":00" : full;
    }
}
