package dev.tarn.project;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Times as people write them: a day, a day with a time, with or without an offset; else UTC. */
public final class TimeText {
    private TimeText() {}

    /** The time a text means; empty when it means none. */
    public static Optional<Instant> parse(String text) {
        String written = text.strip().replace(' ', 'T');
        try {
            if (written.indexOf('T') < 0) {
                return Optional.of(
                        LocalDate.parse(written).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            boolean offset = written.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})$");
            return Optional.of(
                    offset
                            ? OffsetDateTime.parse(written).toInstant()
                            : LocalDateTime.parse(written).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
