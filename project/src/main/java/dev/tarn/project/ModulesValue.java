package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code modules}: dates, time zones and patterns, as far as templates use Python's. */
final class ModulesValue implements PyObject {
    private static final DateTimeFormatter OFFSET =
            new DateTimeFormatterBuilder().appendOffset("+HH:MM", "Z").toFormatter(Locale.ROOT);
    private static final DateTimeFormatter SHORT_OFFSET =
            new DateTimeFormatterBuilder().appendOffset("+HHMM", "Z").toFormatter(Locale.ROOT);
    private static final List<String> NAMES = List.of("datetime", "itertools", "pytz", "re");

    private final Clock clock;

    ModulesValue(Clock clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "datetime" -> (PyObject) this::datetimeModule;
            case "pytz" -> (PyObject) ModulesValue::zones;
            case "re" -> new PatternsValue();
            case "itertools" -> new IterationValue();
            case "keys" -> (PyCallable) a -> new ArrayList<Object>(NAMES);
            default -> Missing.VALUE;
        };
    }

    private @Nullable Object datetimeModule(String name) {
        return switch (name) {
            case "datetime" -> new DateClass(clock, false);
            case "date" -> new DateClass(clock, true);
            case "time" -> (PyCallable) ModulesValue::time;
            case "timedelta" -> (PyCallable) ModulesValue::span;
            case "timezone" ->
                    (PyObject)
                            zone ->
                                    zone.equals("utc")
                                            ? new Moment.Zone(ZoneOffset.UTC)
                                            : Missing.VALUE;
            default -> Missing.VALUE;
        };
    }

    private static Object time(Arguments a) {
        try {
            return new TimeOfDay(
                    LocalTime.of(
                            (int) a.number(0, "hour", 0),
                            (int) a.number(1, "minute", 0),
                            (int) a.number(2, "second", 0),
                            (int) a.number(3, "microsecond", 0) * 1000));
        } catch (DateTimeException e) {
            throw TemplateErrors.failed(e.getMessage() + ".");
        }
    }

    private static Object span(Arguments a) {
        double seconds =
                number(a, 0, "days") * 86_400
                        + number(a, 1, "seconds")
                        + number(a, 2, "microseconds") / 1e6
                        + number(a, 3, "milliseconds") / 1e3
                        + number(a, 4, "minutes") * 60
                        + number(a, 5, "hours") * 3600
                        + number(a, 6, "weeks") * 604_800;
        return new Moment.Span(Duration.ofNanos(Math.round(seconds * 1e6) * 1000));
    }

    private static double number(Arguments a, int index, String name) {
        return a.get(index, name, 0L) instanceof Number n ? n.doubleValue() : 0;
    }

    private static @Nullable Object zones(String name) {
        return switch (name) {
            case "utc", "UTC" -> new Moment.Zone(ZoneOffset.UTC);
            case "timezone" ->
                    (PyCallable)
                            a -> {
                                String zone = a.requireText(0, "zone");
                                try {
                                    return new Moment.Zone(
                                            zone.equalsIgnoreCase("utc")
                                                    ? ZoneOffset.UTC
                                                    : ZoneId.of(zone));
                                } catch (DateTimeException e) {
                                    throw TemplateErrors.failed(
                                            "There is no time zone '%s'.".formatted(zone));
                                }
                            };
            default -> Missing.VALUE;
        };
    }

    /** {@code datetime.datetime} or {@code datetime.date}. */
    private record DateClass(Clock clock, boolean dateOnly) implements PyObject, PyCallable {
        @Override
        public Object call(Arguments a) {
            try {
                LocalDateTime local =
                        LocalDateTime.of(
                                (int) a.number(0, "year", 1),
                                (int) a.number(1, "month", 1),
                                (int) a.number(2, "day", 1),
                                (int) a.number(3, "hour", 0),
                                (int) a.number(4, "minute", 0),
                                (int) a.number(5, "second", 0),
                                (int) a.number(6, "microsecond", 0) * 1000);
                return finished(Moment.of(local, null));
            } catch (DateTimeException e) {
                throw TemplateErrors.failed(e.getMessage() + ".");
            }
        }

        private Moment finished(Moment moment) {
            return dateOnly ? moment.asDate() : moment;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "now", "utcnow", "today" ->
                        (PyCallable)
                                a -> {
                                    Moment utc = Moment.of(clock.instant());
                                    if (a.get(0, "tz", null) instanceof Moment.Zone zone) {
                                        return Moment.of(
                                                LocalDateTime.ofInstant(clock.instant(), zone.id()),
                                                zone.id());
                                    }
                                    return finished(Moment.of(utc.local(), null));
                                };
                case "strptime" ->
                        (PyCallable)
                                a -> parsed(a.requireText(0, "string"), a.requireText(1, "format"));
                case "fromtimestamp", "utcfromtimestamp" -> (PyCallable) this::fromTimestamp;
                case "combine" -> (PyCallable) DateClass::combined;
                case "min" -> finished(Moment.of(LocalDateTime.of(1, 1, 1, 0, 0), null));
                case "max" ->
                        finished(
                                Moment.of(
                                        LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000),
                                        null));
                case "fromisoformat" -> (PyCallable) a -> fromIso(a.requireText(0, "string"));
                default -> Missing.VALUE;
            };
        }

        /** Without a zone, the time is that of UTC, as everywhere in a run. */
        private Moment fromTimestamp(Arguments a) {
            if (!(a.require(0, "timestamp") instanceof Number seconds)) {
                throw TemplateErrors.badArguments("fromtimestamp()", "a number of seconds");
            }
            Instant at = Instant.ofEpochSecond(0, Math.round(seconds.doubleValue() * 1e6) * 1000);
            ZoneId zone = a.get(1, "tz", null) instanceof Moment.Zone z ? z.id() : null;
            return finished(
                    Moment.of(
                            LocalDateTime.ofInstant(at, zone == null ? ZoneOffset.UTC : zone),
                            zone));
        }

        private static Moment combined(Arguments a) {
            if (a.require(0, "date") instanceof Moment date
                    && a.require(1, "time") instanceof TimeOfDay time) {
                return Moment.of(date.local().toLocalDate().atTime(time.time()), null);
            }
            throw TemplateErrors.badArguments("combine()", "a date and a time");
        }

        private Moment fromIso(String text) {
            String full = text.length() == 10 ? text + "T00:00:00" : text.replace(' ', 'T');
            try {
                if (full.matches(".*T.*(?:Z|[+-]\\d{2}:?\\d{2})")) {
                    OffsetDateTime at =
                            OffsetDateTime.parse(full.replaceAll("([+-]\\d{2})(\\d{2})$", "$1:$2"));
                    return finished(Moment.of(at.toLocalDateTime(), at.getOffset()));
                }
                return finished(Moment.of(LocalDateTime.parse(full), null));
            } catch (DateTimeException e) {
                throw TemplateErrors.failed("Invalid isoformat string: '%s'.".formatted(text));
            }
        }

        private Moment parsed(String text, String format) {
            try {
                TemporalAccessor read = formatter(format).parse(text);
                return finished(
                        Moment.of(LocalDateTime.from(read), read.query(TemporalQueries.offset())));
            } catch (DateTimeException e) {
                throw TemplateErrors.failed(
                        "time data '%s' does not match format '%s'.".formatted(text, format));
            }
        }

        private static DateTimeFormatter formatter(String format) {
            DateTimeFormatterBuilder b = new DateTimeFormatterBuilder().parseCaseInsensitive();
            for (int i = 0; i < format.length(); i++) {
                char c = format.charAt(i);
                if (c != '%' || i + 1 == format.length()) {
                    b.appendLiteral(c);
                    continue;
                }
                switch (format.charAt(++i)) {
                    case 'Y' -> b.appendValue(ChronoField.YEAR, 4);
                    case 'm' ->
                            b.appendValue(ChronoField.MONTH_OF_YEAR, 1, 2, SignStyle.NOT_NEGATIVE);
                    case 'd' ->
                            b.appendValue(ChronoField.DAY_OF_MONTH, 1, 2, SignStyle.NOT_NEGATIVE);
                    case 'H' ->
                            b.appendValue(ChronoField.HOUR_OF_DAY, 1, 2, SignStyle.NOT_NEGATIVE);
                    case 'M' ->
                            b.appendValue(ChronoField.MINUTE_OF_HOUR, 1, 2, SignStyle.NOT_NEGATIVE);
                    case 'S' ->
                            b.appendValue(
                                    ChronoField.SECOND_OF_MINUTE, 1, 2, SignStyle.NOT_NEGATIVE);
                    case 'f' -> b.appendFraction(ChronoField.MICRO_OF_SECOND, 1, 6, false);
                    case 'y' -> b.appendValueReduced(ChronoField.YEAR, 2, 2, 1969);
                    case 'I' ->
                            b.appendValue(
                                    ChronoField.CLOCK_HOUR_OF_AMPM, 1, 2, SignStyle.NOT_NEGATIVE);
                    case 'p' -> b.appendText(ChronoField.AMPM_OF_DAY);
                    case 'j' ->
                            b.appendValue(ChronoField.DAY_OF_YEAR, 1, 3, SignStyle.NOT_NEGATIVE);
                    case 'a' -> b.appendPattern("EEE");
                    case 'A' -> b.appendPattern("EEEE");
                    case 'z' -> b.appendOptional(OFFSET).appendOptional(SHORT_OFFSET);
                    case '%' -> b.appendLiteral('%');
                    case 'b' -> b.appendPattern("MMM");
                    case 'B' -> b.appendPattern("MMMM");
                    default -> b.appendLiteral("%" + format.charAt(i));
                }
            }
            b.parseDefaulting(ChronoField.YEAR, 1900);
            if (!format.contains("%j")) {
                b.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1)
                        .parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
            }
            if (format.contains("%I")) {
                b.parseDefaulting(ChronoField.AMPM_OF_DAY, 0);
            } else {
                b.parseDefaulting(ChronoField.HOUR_OF_DAY, 0);
            }
            return b.parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                    .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                    .toFormatter(Locale.ENGLISH);
        }
    }
}
