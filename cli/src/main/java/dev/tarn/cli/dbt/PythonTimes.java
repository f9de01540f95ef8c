package dev.tarn.cli.dbt;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as Python writes them: always with seconds, and with six digits behind them or none. */
final class PythonTimes {
    private static final DateTimeFormatter WHOLE =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter PARTS =
            new DateTimeFormatterBuilder()
                    .append(WHOLE)
                    .appendPattern(".")
                    .appendValue(ChronoField.MICRO_OF_SECOND, 6)
                    .toFormatter(Locale.ROOT);

    private PythonTimes() {}

    static String text(LocalTime time) {
        return (time.get(ChronoField.MICRO_OF_SECOND) == 0 ? WHOLE : PARTS).format(time);
    }

    static String text(LocalDateTime time) {
        return time.toLocalDate() + "T" + text(time.toLocalTime());
    }

    static String text(Instant time) {
        OffsetDateTime there = time.atOffset(ZoneOffset.UTC);
        return text(there.toLocalDateTime()) + "+00:00";
    }

    /** A value of a result, with times as texts. */
    static @Nullable Object shown(@Nullable Object value) {
        return switch (value) {
            case LocalTime time -> text(time);
            case LocalDateTime time -> text(time);
            case Instant time -> text(time);
            case null, default -> value;
        };
    }
}
