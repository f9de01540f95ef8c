package dev.tarn.project;

import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import org.jspecify.annotations.Nullable;

/** A time without its day as templates hold it, after Python's {@code time}. */
record TimeOfDay(LocalTime time) implements PyObject {
    /** The day that Python formats a time with. */
    private static final LocalDate DAY = LocalDate.of(1900, 1, 1);

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "hour", "minute", "second", "microsecond", "strftime" -> moment().attribute(name);
            case "isoformat" -> (PyCallable) a -> text();
            case "tzinfo" -> null;
            default -> Missing.VALUE;
        };
    }

    private Moment moment() {
        return Moment.of(time.atDate(DAY), null);
    }

    @Override
    public @Nullable Object operate(String operator, @Nullable Object other, boolean reflected) {
        return other instanceof TimeOfDay of
                ? moment().operate(operator, of.moment(), reflected)
                : Missing.VALUE;
    }

    @Override
    public String text() {
        return moment().formatted(
                        time.get(ChronoField.NANO_OF_SECOND) == 0 ? "%H:%M:%S" : "%H:%M:%S.%f");
    }

    @Override
    public String representation() {
        return moment().representation().replaceFirst("datetime\\(1900, 1, 1, ", "time(");
    }

    @Override
    public String typeName() {
        return "time";
    }
}
