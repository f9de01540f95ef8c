package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code modules}: dates, time zones and patterns, as far as templates use Python's. */
final class ModulesValue implements PyObject {
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
            default -> Missing.VALUE;
        };
    }

    private @Nullable Object datetimeModule(String name) {
        return switch (name) {
            case "datetime" -> new DateClass(clock, false);
            case "date" -> new DateClass(clock, true);
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
                case "fromisoformat" -> (PyCallable) a -> fromIso(a.requireText(0, "string"));
                default -> Missing.VALUE;
            };
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
                return finished(Moment.of(LocalDateTime.parse(text, formatter(format)), null));
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
                    case 'b' -> b.appendPattern("MMM");
                    case 'B' -> b.appendPattern("MMMM");
                    default -> b.appendLiteral("%" + format.charAt(i));
                }
            }
            return b.parseDefaulting(ChronoField.YEAR, 1900)
                    .parseDefaulting(ChronoField.MONTH_OF_YEAR, 1)
                    .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
                    .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                    .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                    .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                    .toFormatter(Locale.ENGLISH);
        }
    }
}
