package dev.tarn.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Values of a cursor: numbers, times, or texts. */
final class CursorValue {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,30}(\\.\\d{1,30})?");
    private static final long MILLIS_FROM = 100_000_000_000L;

    private CursorValue() {}

    /** How a server wants to be told a value. */
    enum Form {
        AS_IS,
        EPOCH,
        EPOCH_MILLIS,
        DATE,
        INSTANT
    }

    /** Numbers by their size, times by theirs, all others as texts. */
    static int compare(String one, String other) {
        if (isNumber(one) && isNumber(other)) {
            return new BigDecimal(one).compareTo(new BigDecimal(other));
        }
        Optional<Instant> a = instant(one);
        Optional<Instant> b = instant(other);
        return a.isPresent() && b.isPresent() ? a.get().compareTo(b.get()) : one.compareTo(other);
    }

    /**
     * Whether a number or a time is certainly less than another; of texts only the server knows.
     */
    static boolean isBefore(String one, String other) {
        boolean numbers = isNumber(one) && isNumber(other);
        boolean times = instant(one).isPresent() && instant(other).isPresent();
        return (numbers || times) && compare(one, other) < 0;
    }

    /** The value that is so far behind another one; for numbers as many as seconds. */
    static String behind(String value, Duration lag) {
        if (lag.isZero()) {
            return value;
        }
        if (isNumber(value)) {
            return new BigDecimal(value)
                    .subtract(BigDecimal.valueOf(lag.toSeconds()))
                    .toPlainString();
        }
        if (value.length() == 10 && instant(value).isPresent()) {
            return LocalDate.parse(value).minusDays((lag.toHours() + 23) / 24).toString();
        }
        return instant(value)
                .map(i ->
                        hasZone(value)
                                ? i.minus(lag).toString()
                                : LocalDateTime.ofInstant(i.minus(lag), ZoneOffset.UTC).toString())
                .orElse(value);
    }

    static String told(String value, Form form) {
        Optional<Instant> time = form == Form.AS_IS ? Optional.empty() : time(value);
        if (time.isEmpty()) {
            return value;
        }
        return switch (form) {
            case AS_IS -> value;
            case EPOCH -> String.valueOf(time.get().getEpochSecond());
            case EPOCH_MILLIS -> String.valueOf(time.get().toEpochMilli());
            case DATE -> time.get().atOffset(ZoneOffset.UTC).toLocalDate().toString();
            case INSTANT -> time.get().toString();
        };
    }

    private static Optional<Instant> time(String value) {
        if (!isNumber(value)) {
            return instant(value);
        }
        long number = new BigDecimal(value).longValue();
        return Optional.of(
                number >= MILLIS_FROM
                        ? Instant.ofEpochMilli(number)
                        : Instant.ofEpochSecond(number));
    }

    private static boolean isNumber(String value) {
        return NUMBER.matcher(value).matches();
    }

    private static boolean hasZone(String value) {
        return value.matches(".*(Z|z|[+-]\\d\\d:?\\d\\d)");
    }

    private static Optional<Instant> instant(String value) {
        if (value.length() < 10 || value.charAt(4) != '-') {
            return Optional.empty();
        }
        try {
            String text = value.replace(' ', 'T');
            if (value.length() == 10) {
                return Optional.of(LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            return Optional.of(
                    hasZone(text)
                            ? OffsetDateTime.parse(
                                            text.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2"),
                                            DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                                    .toInstant()
                            : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
