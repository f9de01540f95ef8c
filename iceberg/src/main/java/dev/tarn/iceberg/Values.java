package dev.tarn.iceberg;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Values of primitive types: as text in the house dialect, and as Iceberg keeps them in memory
 * (dates as days, times and timestamps as micro- or nanoseconds since 1970).
 */
final class Values {
    private static final Pattern QUOTED =
            Pattern.compile(
                    "(?i)(?:[a-z_]+\\s+)?'((?:[^']++|'')*+)'(?:::[a-z_ ]+(?:\\([0-9, ]*\\))?)?");
    private static final Pattern ZONE = Pattern.compile("^(.*?)\\s*(Z|[+-]\\d{2}(?::?\\d{2})?)$");
    private static final Pattern BLOB_ESCAPE = Pattern.compile("\\\\x([0-9A-Fa-f]{2})");
    private static final DateTimeFormatter DATE_TIME =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendLiteral(' ')
                    .appendPattern("HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .toFormatter(Locale.ROOT);

    private Values() {}

    /** The value inside a literal such as {@code 'x'}, {@code DATE '2024-01-01'} or {@code 5}. */
    static String unquoted(String literal) {
        Matcher matcher = QUOTED.matcher(literal.strip());
        return matcher.matches() ? matcher.group(1).replace("''", "'") : literal.strip();
    }

    /** A literal of Iceberg's; empty if the text is not exactly a value of the type. */
    static Optional<Literal<?>> literal(Type type, String text) {
        return value(type, text).map(v -> literalOf(type, v));
    }

    private static Literal<?> literalOf(Type type, Object value) {
        return switch (type.typeId()) {
            case BOOLEAN -> Literal.of((Boolean) value);
            case INTEGER -> Literal.of((Integer) value);
            case DATE -> Literal.of((Integer) value).to(type);
            case LONG -> Literal.of((Long) value);
            case TIME, TIMESTAMP, TIMESTAMP_NANO -> Literal.of((Long) value).to(type);
            case FLOAT -> Literal.of((Float) value);
            case DOUBLE -> Literal.of((Double) value);
            case STRING -> Literal.of((String) value);
            case UUID -> Literal.of((UUID) value);
            case DECIMAL -> Literal.of((BigDecimal) value);
            default -> Literal.of((ByteBuffer) value);
        };
    }

    /** The value as Iceberg keeps it; empty if the text is not exactly a value of the type. */
    static Optional<Object> value(Type type, String text) {
        try {
            return parse(type, text);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> parse(Type type, String text) {
        return switch (type.typeId()) {
            case BOOLEAN -> bool(text);
            case INTEGER -> Optional.of(new BigDecimal(text).intValueExact());
            case LONG -> Optional.of(new BigDecimal(text).longValueExact());
            case FLOAT -> Optional.of(Float.parseFloat(floating(text)));
            case DOUBLE -> Optional.of(Double.parseDouble(floating(text)));
            case DATE -> Optional.of((int) LocalDate.parse(text).toEpochDay());
            case TIME -> Optional.of(micros(LocalTime.parse(text, TIME).toNanoOfDay()));
            case TIMESTAMP -> timestamp((Types.TimestampType) type, text);
            case TIMESTAMP_NANO -> Optional.of(nanos(dateTime(text).toInstant(ZoneOffset.UTC)));
            case STRING -> Optional.of(text);
            case UUID -> Optional.of(UUID.fromString(text));
            case BINARY -> Optional.of(ByteBuffer.wrap(bytes(text)));
            case DECIMAL -> decimal((Types.DecimalType) type, text);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t" -> Optional.of(true);
            case "false", "f" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static String floating(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> "NaN";
            case "inf", "infinity" -> "Infinity";
            case "-inf", "-infinity" -> "-Infinity";
            default -> text;
        };
    }

    private static Optional<Object> decimal(Types.DecimalType type, String text) {
        BigDecimal value = new BigDecimal(text).setScale(type.scale());
        return value.precision() > type.precision() ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Object> timestamp(Types.TimestampType type, String text) {
        Matcher zoned = ZONE.matcher(text);
        if (!type.shouldAdjustToUTC()) {
            return Optional.of(instantMicros(dateTime(text).toInstant(ZoneOffset.UTC)));
        }
        if (!zoned.matches() || !zoned.group(1).contains(":")) {
            return Optional.empty();
        }
        String offset = zoned.group(2);
        return Optional.of(
                instantMicros(dateTime(zoned.group(1)).toInstant(ZoneOffset.of(offset))));
    }

    private static LocalDateTime dateTime(String text) {
        return text.length() == "2024-01-01".length()
                ? LocalDate.parse(text).atStartOfDay()
                : LocalDateTime.parse(text.replace('T', ' '), DATE_TIME);
    }

    private static long instantMicros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L),
                micros(instant.getNano()));
    }

    private static long nanos(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }

    private static long micros(long nanos) {
        if (nanos % 1000 != 0) {
            throw new ArithmeticException("More digits than microseconds have");
        }
        return nanos / 1000;
    }

    private static byte[] bytes(String text) {
        StringBuilder latin = new StringBuilder();
        Matcher matcher = BLOB_ESCAPE.matcher(text);
        int from = 0;
        while (matcher.find()) {
            latin.append(text, from, matcher.start());
            latin.append((char) Integer.parseInt(matcher.group(1), 16));
            from = matcher.end();
        }
        latin.append(text, from, text.length());
        return latin.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A value as a literal that can stand in SQL of the house dialect. */
    static String sqlLiteral(Type type, Object value) {
        return switch (type.typeId()) {
            case BOOLEAN, INTEGER, LONG -> value.toString();
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case FLOAT, DOUBLE -> {
                double number = ((Number) value).doubleValue();
                yield Double.isFinite(number) ? value.toString() : quoted(value.toString());
            }
            default -> quoted(text(type, value));
        };
    }

    /** A value as the house dialect prints it. */
    static String text(Type type, Object value) {
        return switch (type.typeId()) {
            case DATE -> LocalDate.ofEpochDay((Integer) value).toString();
            case TIME -> TIME.format(LocalTime.ofNanoOfDay((Long) value * 1000));
            case TIMESTAMP -> {
                String text = DATE_TIME.format(utc((Long) value, ChronoUnit.MICROS));
                yield ((Types.TimestampType) type).shouldAdjustToUTC() ? text + "+00" : text;
            }
            case TIMESTAMP_NANO -> DATE_TIME.format(utc((Long) value, ChronoUnit.NANOS));
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case BINARY, FIXED -> blob((ByteBuffer) value);
            default -> value.toString();
        };
    }

    private static OffsetDateTime utc(long value, ChronoUnit unit) {
        return Instant.EPOCH.plus(value, unit).atOffset(ZoneOffset.UTC);
    }

    private static String blob(ByteBuffer value) {
        StringBuilder text = new StringBuilder();
        for (int i = value.position(); i < value.limit(); i++) {
            text.append("\\x%02X".formatted(value.get(i) & 0xff));
        }
        return text.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
