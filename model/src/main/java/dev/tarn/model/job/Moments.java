package dev.tarn.model.job;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Moments as people write them: a date, or a time; UTC unless an offset is said. */
public final class Moments {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private Moments() {}

    /** Empty for what is no moment of the years 1 to 9999. */
    public static Optional<Instant> parse(String text) {
        String plain = text.strip().replace(' ', 'T');
        try {
            return Optional.of(read(plain)).filter(at -> !at.isBefore(FIRST) && !at.isAfter(LAST));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant read(String plain) {
        if (plain.indexOf('T') < 0) {
            return LocalDate.parse(plain).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        return plain.matches(".*T.*(Z|[+-]\\d\\d:?\\d\\d)$")
                ? OffsetDateTime.parse(plain).toInstant()
                : LocalDateTime.parse(plain).toInstant(ZoneOffset.UTC);
    }
}
