package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A date or a time as templates hold it, after Python's {@code date} and {@code datetime}.
 *
 * @param zone empty for times without a zone
 * @param dateOnly whether it is a date
 */
record Moment(LocalDateTime local, @Nullable ZoneId zone, boolean dateOnly) implements PyObject {
    /** Days before 1970, as Python counts them from the year 1. */
    private static final long ORDINAL_1970 = 719_163;

    static Moment of(Instant instant) {
        LocalDateTime utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return new Moment(utc.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC, false);
    }

    static Moment of(LocalDateTime local, @Nullable ZoneId zone) {
        return new Moment(local, zone, false);
    }

    Moment asDate() {
        return new Moment(local.truncatedTo(ChronoUnit.DAYS), null, true);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "year" -> (long) local.getYear();
            case "month" -> (long) local.getMonthValue();
            case "day" -> (long) local.getDayOfMonth();
            case "hour" -> (long) local.getHour();
            case "minute" -> (long) local.getMinute();
            case "second" -> (long) local.getSecond();
            case "microsecond" -> (long) micros();
            case "tzinfo" -> zone == null ? null : new Zone(zone);
            case "date" -> (PyCallable) a -> asDate();
            case "time" -> (PyCallable) a -> new TimeOfDay(local.toLocalTime());
            case "strftime" -> (PyCallable) a -> formatted(a.requireText(0, "format"));
            case "isoformat" -> (PyCallable) a -> iso("T");
            case "weekday" -> (PyCallable) a -> (long) local.getDayOfWeek().getValue() - 1;
            case "isoweekday" -> (PyCallable) a -> (long) local.getDayOfWeek().getValue();
            case "isocalendar" -> (PyCallable) a -> isoCalendar();
            case "toordinal" -> (PyCallable) a -> local.toLocalDate().toEpochDay() + ORDINAL_1970;
            case "ctime" -> (PyCallable) a -> formatted("%a %b %e %H:%M:%S %Y");
            case "utcoffset" -> (PyCallable) a -> utcOffset();
            case "tzname" -> (PyCallable) a -> zone == null ? null : part('Z');
            case "timestamp" -> (PyCallable) a -> instant().toEpochMilli() / 1000.0;
            case "replace" -> (PyCallable) this::replaced;
            case "astimezone" -> (PyCallable) this::inZone;
            default -> Missing.VALUE;
        };
    }

    private Object isoCalendar() {
        return Tuple.of(
                (long) local.get(IsoFields.WEEK_BASED_YEAR),
                (long) local.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
                (long) local.getDayOfWeek().getValue());
    }

    private @Nullable Object utcOffset() {
        return zone == null
                ? null
                : new Span(
                        Duration.ofSeconds(zone.getRules().getOffset(instant()).getTotalSeconds()));
    }

    private int micros() {
        return local.get(ChronoField.MICRO_OF_SECOND);
    }

    private Instant instant() {
        return local.atZone(zone == null ? ZoneOffset.UTC : zone).toInstant();
    }

    private Moment replaced(Arguments a) {
        LocalDateTime changed =
                LocalDateTime.of(
                        (int) a.number(0, "year", local.getYear()),
                        (int) a.number(1, "month", local.getMonthValue()),
                        (int) a.number(2, "day", local.getDayOfMonth()),
                        (int) a.number(3, "hour", local.getHour()),
                        (int) a.number(4, "minute", local.getMinute()),
                        (int) a.number(5, "second", local.getSecond()),
                        (int) a.number(6, "microsecond", micros()) * 1000);
        ZoneId newZone = zone;
        if (a.has(7, "tzinfo")) {
            newZone = a.get(7, "tzinfo", null) instanceof Zone z ? z.id() : null;
        }
        return new Moment(changed, newZone, dateOnly);
    }

    private Moment inZone(Arguments a) {
        ZoneId wanted = a.get(0, "tz", null) instanceof Zone z ? z.id() : ZoneOffset.UTC;
        return of(LocalDateTime.ofInstant(instant(), wanted), wanted);
    }

    @Override
    public @Nullable Object operate(String operator, @Nullable Object other, boolean reflected) {
        if (other instanceof Span span && (operator.equals("+") || operator.equals("-"))) {
            Duration change = operator.equals("+") ? span.duration() : span.duration().negated();
            LocalDateTime moved = dateOnly ? local.plusDays(change.toDays()) : local.plus(change);
            return new Moment(moved, zone, dateOnly);
        }
        if (!(other instanceof Moment moment)) {
            return Missing.VALUE;
        }
        int order = instant().compareTo(moment.instant());
        return switch (operator) {
            case "-" ->
                    new Span(
                            reflected
                                    ? Duration.between(instant(), moment.instant())
                                    : Duration.between(moment.instant(), instant()));
            case "<" -> reflected ? order > 0 : order < 0;
            case "<=" -> reflected ? order >= 0 : order <= 0;
            case ">" -> reflected ? order < 0 : order > 0;
            case ">=" -> reflected ? order <= 0 : order >= 0;
            case "==" -> order == 0;
            case "!=" -> order != 0;
            default -> Missing.VALUE;
        };
    }

    @Override
    public String text() {
        return iso(" ");
    }

    @Override
    public String representation() {
        StringBuilder text = new StringBuilder("datetime.").append(typeName()).append('(');
        text.append(formatted("%Y, %-m, %-d").replaceFirst("^0+(?=\\d)", ""));
        if (!dateOnly) {
            text.append(formatted(", %-H, %-M"));
            if (local.getSecond() != 0 || micros() != 0) {
                text.append(", ").append(local.getSecond());
            }
            if (micros() != 0) {
                text.append(", ").append(micros());
            }
            if (zone != null) {
                text.append(", tzinfo=").append(new Zone(zone).representation());
            }
        }
        return text.append(')').toString();
    }

    @Override
    public String typeName() {
        return dateOnly ? "date" : "datetime";
    }

    String iso(String separator) {
        if (dateOnly) {
            return formatted("%Y-%m-%d");
        }
        String fraction = micros() == 0 ? "" : ".%f";
        String text = formatted("%Y-%m-%d" + separator + "%H:%M:%S" + fraction);
        return zone == null ? text : text + offset(":");
    }

    private String offset(String separator) {
        if (zone == null) {
            return "";
        }
        int seconds = zone.getRules().getOffset(instant()).getTotalSeconds();
        int minutes = Math.abs(seconds) / 60;
        return "%s%02d%s%02d"
                .formatted(seconds < 0 ? "-" : "+", minutes / 60, separator, minutes % 60);
    }

    /** Python's {@code strftime}. */
    String formatted(String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            boolean unpadded = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += unpadded ? 2 : 1;
            String part = part(format.charAt(i));
            out.append(unpadded ? part.replaceFirst("^0(?=\\d)", "") : part);
        }
        return out.toString();
    }

    private String part(char directive) {
        int hour12 = local.getHour() % 12 == 0 ? 12 : local.getHour() % 12;
        return switch (directive) {
            case 'Y' -> "%04d".formatted(local.getYear());
            case 'y' -> "%02d".formatted(local.getYear() % 100);
            case 'm' -> "%02d".formatted(local.getMonthValue());
            case 'd' -> "%02d".formatted(local.getDayOfMonth());
            case 'e' -> "%2d".formatted(local.getDayOfMonth());
            case 'H' -> "%02d".formatted(local.getHour());
            case 'I' -> "%02d".formatted(hour12);
            case 'M' -> "%02d".formatted(local.getMinute());
            case 'S' -> "%02d".formatted(local.getSecond());
            case 'f' -> "%06d".formatted(micros());
            case 'j' -> "%03d".formatted(local.getDayOfYear());
            case 'p' -> local.getHour() < 12 ? "AM" : "PM";
            case 'a' -> local.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> local.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b' -> local.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'B' -> local.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'V' -> "%02d".formatted(local.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'G' -> "%04d".formatted(local.get(IsoFields.WEEK_BASED_YEAR));
            case 'u' -> Integer.toString(local.getDayOfWeek().getValue());
            case 'w' -> Integer.toString(local.getDayOfWeek().getValue() % 7);
            case 's' -> Long.toString(instant().getEpochSecond());
            case 'z' -> offset("");
            case 'Z' -> zone == null ? "" : zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
            case 'F' -> formatted("%Y-%m-%d");
            case 'T', 'X' -> formatted("%H:%M:%S");
            case 'D', 'x' -> formatted("%m/%d/%y");
            case 'c' -> formatted("%a %b %d %H:%M:%S %Y");
            case '%' -> "%";
            default -> "%" + directive;
        };
    }

    /** A time zone. */
    record Zone(ZoneId id) implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "zone" -> id.getId();
                case "localize" ->
                        (PyCallable)
                                a ->
                                        a.require(0, "dt") instanceof Moment m
                                                ? Moment.of(m.local(), id)
                                                : Missing.VALUE;
                default -> Missing.VALUE;
            };
        }

        @Override
        public String text() {
            return id.equals(ZoneOffset.UTC) ? "UTC" : id.getId();
        }

        @Override
        public String representation() {
            return id.equals(ZoneOffset.UTC) ? "<UTC>" : "<DstTzInfo '" + id.getId() + "'>";
        }
    }

    /** A length of time, after Python's {@code timedelta}. */
    record Span(Duration duration) implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "days" -> Math.floorDiv(duration.toSeconds(), 86_400L);
                case "seconds" -> Math.floorMod(duration.toSeconds(), 86_400L);
                case "microseconds" -> micros();
                case "total_seconds" -> (PyCallable) a -> seconds();
                default -> Missing.VALUE;
            };
        }

        private long micros() {
            return duration.toNanosPart() / 1000;
        }

        private double seconds() {
            return duration.getSeconds() + duration.getNano() / 1e9;
        }

        private static Span ofSeconds(double seconds) {
            return new Span(Duration.ofNanos(Math.round(seconds * 1e6) * 1000));
        }

        @Override
        public @Nullable Object operate(
                String operator, @Nullable Object other, boolean reflected) {
            if (other instanceof Span span) {
                int order =
                        reflected
                                ? span.duration.compareTo(duration)
                                : duration.compareTo(span.duration);
                return switch (operator) {
                    case "/" -> reflected ? span.seconds() / seconds() : seconds() / span.seconds();
                    case "<" -> order < 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    case ">=" -> order >= 0;
                    case "==" -> order == 0;
                    case "!=" -> order != 0;
                    case "+" -> new Span(duration.plus(span.duration));
                    case "-" ->
                            new Span(
                                    reflected
                                            ? span.duration.minus(duration)
                                            : duration.minus(span.duration));
                    default -> Missing.VALUE;
                };
            }
            if (other instanceof Long factor && operator.equals("*")) {
                return new Span(duration.multipliedBy(factor));
            }
            if (other instanceof Number number && operator.equals("*")) {
                return ofSeconds(seconds() * number.doubleValue());
            }
            if (other instanceof Number number && operator.equals("/") && !reflected) {
                return ofSeconds(seconds() / number.doubleValue());
            }
            return Missing.VALUE;
        }

        @Override
        public String text() {
            long days = Math.floorDiv(duration.toSeconds(), 86_400L);
            long rest = Math.floorMod(duration.toSeconds(), 86_400L);
            String clock = "%d:%02d:%02d".formatted(rest / 3600, rest / 60 % 60, rest % 60);
            if (micros() != 0) {
                clock += ".%06d".formatted(micros());
            }
            return days == 0 ? clock : days + (Math.abs(days) == 1 ? " day, " : " days, ") + clock;
        }

        @Override
        public String representation() {
            List<String> parts = new ArrayList<>();
            for (String name : List.of("days", "seconds", "microseconds")) {
                if (attribute(name) instanceof Long n && n != 0) {
                    parts.add(name + "=" + n);
                }
            }
            String inside = parts.isEmpty() ? "0" : String.join(", ", parts);
            return "datetime.timedelta(" + inside + ")";
        }

        @Override
        public String typeName() {
            return "timedelta";
        }
    }
}
