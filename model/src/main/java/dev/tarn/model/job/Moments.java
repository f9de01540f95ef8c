package dev.tarn.model.job;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Moments as people write them: a date, or a time; UTC unless an offset is said. */
public final class Moments {
    private Moments() {}

    public static Optional<Instant> parse(String text) {
        String plain = text.strip().replace(' ', 'T');
        try {
            if (plain.indexOf('T') < 0) {
                return Optional.of(LocalDate.parse(plain).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            return Optional.of(
                    plain.matches(".*T.*(Z|[+-]\\d\\d:?\\d\\d)$")
                            ? OffsetDateTime.parse(plain).toInstant()
                            : LocalDateTime.parse(plain).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
