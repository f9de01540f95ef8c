package dev.tarn.model.table;

import dev.tarn.model.table.Type.Primitive;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the values that a file has in one column: the least and the greatest, as texts.
 * It is asked whether a row can be wanted; where that is not certain, one can.
 *
 * @param least no value is below it; empty when nobody knows
 * @param greatest no value is above it; empty when nobody knows
 */
public record ValueRange(Type type, Optional<String> least, Optional<String> greatest) {
    private static final DateTimeFormatter ZONED =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                    .optionalStart()
                    .appendOffset("+HH:MM", "Z")
                    .optionalEnd()
                    .optionalStart()
                    .appendOffset("+HH", "Z")
                    .optionalEnd()
                    .toFormatter(Locale.ROOT);

    /** One value in all rows. */
    public static ValueRange of(Type type, String value) {
        return new ValueRange(type, Optional.of(value), Optional.of(value));
    }

    /** Whether there can be a value that meets a comparison with a constant. */
    public boolean mayMeet(Predicate predicate) {
        @Nullable Object wanted = value(predicate.literal());
        if (wanted == null) {
            return true;
        }
        return switch (predicate.operator()) {
            case EQUAL -> compared(least, wanted) <= 0 && compared(greatest, wanted, 1) >= 0;
            case LESS -> compared(least, wanted) < 0;
            case LESS_OR_EQUAL -> compared(least, wanted) <= 0;
            case GREATER -> compared(greatest, wanted, 1) > 0;
            case GREATER_OR_EQUAL -> compared(greatest, wanted, 1) >= 0;
            case IS_NULL, IS_NOT_NULL -> true;
        };
    }

    private int compared(Optional<String> bound, Object wanted) {
        return compared(bound, wanted, -1);
    }

    /** How a bound stands to a value, or what is said for a bound that is not known. */
    private int compared(Optional<String> bound, Object wanted, int otherwise) {
        @Nullable Object found = bound.map(this::value).orElse(null);
        return found == null ? otherwise : compare(found, wanted);
    }

    private static int compare(Object one, Object other) {
        if (one instanceof BigDecimal a && other instanceof BigDecimal b) {
            return a.compareTo(b);
        }
        if (one instanceof LocalDate a && other instanceof LocalDate b) {
            return a.compareTo(b);
        }
        if (one instanceof LocalDateTime a && other instanceof LocalDateTime b) {
            return a.compareTo(b);
        }
        if (one instanceof Instant a && other instanceof Instant b) {
            return a.compareTo(b);
        }
        if (one instanceof Boolean a && other instanceof Boolean b) {
            return a.compareTo(b);
        }
        // As the engine orders texts.
        return Arrays.compareUnsigned(
                ((String) one).getBytes(StandardCharsets.UTF_8),
                ((String) other).getBytes(StandardCharsets.UTF_8));
    }

    /** A text as a value that can be compared; null for what is not surely ordered alike. */
    private @Nullable Object value(String text) {
        try {
            return switch (type) {
                case Primitive.INTEGER, Primitive.BIGINT -> new BigDecimal(text);
                case Primitive.DATE -> LocalDate.parse(text);
                case Primitive.TIMESTAMP -> LocalDateTime.parse(text.replace(' ', 'T'));
                case Primitive.TIMESTAMPTZ ->
                        OffsetDateTime.parse(text.replace(' ', 'T'), ZONED).toInstant();
                case Primitive.BOOLEAN ->
                        "true".equals(text)
                                ? Boolean.TRUE
                                : "false".equals(text) ? Boolean.FALSE : null;
                case Primitive.VARCHAR -> text;
                case Type.Decimal decimal -> new BigDecimal(text);
                default -> null;
            };
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }
}
