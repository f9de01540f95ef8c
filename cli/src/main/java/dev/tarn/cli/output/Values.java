package dev.tarn.cli.output;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of a result as people read them: the texts the house dialect would show. */
public final class Values {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter DATE_TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd ")
                    .append(TIME)
                    .toFormatter(Locale.ROOT);

    private Values() {}

    /** The text of a value; {@code null} inside lists and maps is {@code NULL}. */
    public static String text(Object value) {
        return switch (value) {
            case BigDecimal d -> d.toPlainString();
            case LocalTime t -> TIME.format(t);
            case LocalDateTime t -> DATE_TIME.format(t);
            case Instant t -> DATE_TIME.format(t.atOffset(ZoneOffset.UTC)) + "Z";
            case byte[] bytes -> bytes.length == 0 ? "" : "\\x" + HexFormat.of().formatHex(bytes);
            case List<?> list ->
                    list.stream().map(Values::part).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e -> part(e.getKey()) + ": " + part(e.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    private static String part(@Nullable Object value) {
        return value == null ? "NULL" : text(value);
    }

    /**
     * The text on one line, without characters that would move a terminal's cursor: those are shown
     * as escapes.
     */
    public static String oneLine(String text) {
        if (text.chars().noneMatch(Values::isControl)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.chars()
                .forEach(c -> {
                    switch (c) {
                        case '\n' -> safe.append("\\n");
                        case '\r' -> safe.append("\\r");
                        case '\t' -> safe.append("\\t");
                        default -> {
                            if (isControl(c)) {
                                safe.append("\\u%04x".formatted(c));
                            } else {
                                safe.append((char) c);
                            }
                        }
                    }
                });
        return safe.toString();
    }

    private static boolean isControl(int c) {
        return c < ' ' || (c >= 0x7f && c < 0xa0);
    }
}
