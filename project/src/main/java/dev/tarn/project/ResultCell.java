package dev.tarn.project;

import dev.tarn.jinja.Bytes;
import dev.tarn.jinja.Values;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What databases give, as templates know it: dates are objects, what has parts is JSON. */
final class ResultCell {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter FINE_CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

    private ResultCell() {}

    static @Nullable Object of(@Nullable Object value) {
        return switch (value) {
            case LocalDate date -> Moment.of(date.atStartOfDay(), null).asDate();
            case LocalDateTime time -> Moment.of(time, null);
            case Instant instant -> Moment.of(instant);
            case LocalTime time -> clock(time);
            case byte[] bytes -> Values.text(new Bytes(bytes));
            case BigDecimal number when number.scale() == 0 -> whole(number);
            case List<?> list -> Values.json(part(list), -1, false);
            case Map<?, ?> map -> Values.json(part(map), -1, false);
            case null, default -> value;
        };
    }

    private static Object whole(BigDecimal number) {
        return number.precision() < 19
                ? (Object) number.longValueExact()
                : number.toBigIntegerExact();
    }

    private static String clock(LocalTime time) {
        return time.get(ChronoField.NANO_OF_SECOND) == 0
                ? CLOCK.format(time)
                : FINE_CLOCK.format(time);
    }

    /** A part of a list or a struct, as far as JSON has it. */
    private static @Nullable Object part(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> {
                List<@Nullable Object> parts = new ArrayList<>();
                list.forEach(item -> parts.add(part(item)));
                yield parts;
            }
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> parts = new LinkedHashMap<>();
                map.forEach((key, item) -> parts.put(String.valueOf(part(key)), part(item)));
                yield parts;
            }
            case null -> null;
            default -> {
                Object cell = of(value);
                yield switch (cell) {
                    case Moment moment -> moment.iso("T");
                    case BigDecimal number -> number.doubleValue();
                    case Boolean flag -> flag;
                    case Number number -> number;
                    case null, default -> Values.text(cell);
                };
            }
        };
    }

    /** Names of columns, each of them once: of two called {@code a} the other is {@code a_2}. */
    static List<String> names(List<String> given) {
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (String name : given) {
            String own = name;
            for (int i = 2; !taken.add(own); i++) {
                own = name + "_" + i;
            }
            names.add(own);
        }
        return names;
    }
}
