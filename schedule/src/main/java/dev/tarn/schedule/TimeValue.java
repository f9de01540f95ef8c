package dev.tarn.schedule;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A moment as templates see it; its parts are those of UTC unless another zone is asked for. */
final class TimeValue implements PyObject {
    private final Instant instant;
    private final ZoneId zone;

    TimeValue(Instant instant, ZoneId zone) {
        this.instant = instant;
        this.zone = zone;
    }

    @Override
    public @Nullable Object attribute(String name) {
        LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
        return switch (name) {
            case "year" -> (long) local.getYear();
            case "month" -> (long) local.getMonthValue();
            case "day" -> (long) local.getDayOfMonth();
            case "hour" -> (long) local.getHour();
            case "minute" -> (long) local.getMinute();
            case "second" -> (long) local.getSecond();
            case "date" -> local.toLocalDate().toString();
            case "timestamp" -> instant.getEpochSecond();
            case "isoformat" -> (PyCallable) arguments -> text();
            case "strftime" ->
                    (PyCallable) arguments -> formatted(arguments.requireText(0, "format"), local);
            case "add" -> (PyCallable) this::later;
            case "in_zone" -> (PyCallable) arguments -> in(arguments.requireText(0, "zone"));
            default -> Missing.VALUE;
        };
    }

    private TimeValue later(Arguments arguments) {
        Duration time =
                Duration.ofDays(arguments.number(0, "days", 0))
                        .plusHours(arguments.number(1, "hours", 0))
                        .plusMinutes(arguments.number(2, "minutes", 0))
                        .plusSeconds(arguments.number(3, "seconds", 0));
        return new TimeValue(instant.plus(time), zone);
    }

    private TimeValue in(String name) {
        try {
            return new TimeValue(instant, ZoneId.of(name));
        } catch (java.time.DateTimeException e) {
            throw JinjaException.of(
                    JinjaException.Kind.VALUE, dev.tarn.model.job.CronErrors.unknownZone(name));
        }
    }

    private String formatted(String format, LocalDateTime local) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char sign = format.charAt(++i);
            String pattern =
                    switch (sign) {
                        case 'Y' -> "uuuu";
                        case 'm' -> "MM";
                        case 'd' -> "dd";
                        case 'H' -> "HH";
                        case 'M' -> "mm";
                        case 'S' -> "ss";
                        case 'y' -> "uu";
                        case 'j' -> "DDD";
                        case 'b' -> "MMM";
                        case 'B' -> "MMMM";
                        case 'a' -> "EEE";
                        case 'A' -> "EEEE";
                        case 'F' -> "uuuu-MM-dd";
                        case 'T' -> "HH:mm:ss";
                        case '%' -> "'%'";
                        default ->
                                throw JinjaException.of(
                                        JinjaException.Kind.VALUE,
                                        "strftime does not know '%%%c'".formatted(sign));
                    };
            text.append(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(local));
        }
        return text.toString();
    }

    @Override
    public String text() {
        return zone.equals(ZoneOffset.UTC)
                ? instant.toString()
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone));
    }

    @Override
    public String typeName() {
        return "datetime";
    }
}
