package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which state of the warehouse somebody wants to look at.
 *
 * @param ref the ref; the ref of a published run stands for what it published
 */
public record At(RefName ref, AsOf asOf) {
    public static final At MAIN = new At(RefName.MAIN, AsOf.head());

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /**
     * Understands a ref ({@code main}, {@code run:ID}), a publication ({@code 12}), a time in UTC
     * ({@code 2026-11-21}, {@code 2026-11-21T10:00:00Z}) and a ref with either ({@code main@12}). A
     * day means its end, and so does a second: listings show publications to the second.
     */
    public static At parse(String text) {
        return parse(text, RefName.MAIN);
    }

    /** The same, where a publication or a time without a ref is one of {@code home}. */
    public static At parse(String text, RefName home) {
        int at = text.lastIndexOf('@');
        if (at > 0) {
            return new At(new RefName(text.substring(0, at)), point(text.substring(at + 1), text));
        }
        Optional<AsOf> alone = tryPoint(text);
        return alone.map(asOf -> new At(home, asOf))
                .orElseGet(() -> new At(new RefName(text), AsOf.head()));
    }

    private static AsOf point(String point, String whole) {
        return tryPoint(point)
                .orElseThrow(() ->
                        new TarnException(
                                ErrorCode.USAGE,
                                ("'%s' names no state: after '@' comes the number of a"
                                                + " publication or a time such as"
                                                + " 2026-11-21T10:00:00Z.")
                                        .formatted(whole)));
    }

    private static Optional<AsOf> tryPoint(String text) {
        if (NUMBER.matcher(text).matches()) {
            return Optional.of(new AsOf.Publication(new PublicationId(Long.parseLong(text))));
        }
        try {
            if (text.length() == 10) {
                return Optional.of(
                        new AsOf.Time(
                                LocalDate.parse(text)
                                        .plusDays(1)
                                        .atStartOfDay()
                                        .toInstant(ZoneOffset.UTC)
                                        .minusMillis(1)));
            }
            String time = text.replace(' ', 'T');
            Instant instant =
                    time.endsWith("Z")
                            ? Instant.parse(time)
                            : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
            return Optional.of(
                    new AsOf.Time(
                            time.contains(".") ? instant : instant.plusSeconds(1).minusNanos(1)));
        } catch (DateTimeParseException notATime) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return switch (asOf) {
            case AsOf.Head h -> ref.value();
            case AsOf.Publication p -> ref + "@" + p.id();
            case AsOf.Time t -> ref + "@" + t.time();
        };
    }
}
