package dev.tarn.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names a run: the second it began in UTC and four random characters, so that ids sort by age. */
public record RunId(String value) implements Comparable<RunId> {
    private static final Pattern FORM = Pattern.compile("[0-9a-z-]{1,60}");
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    public RunId {
        if (!FORM.matcher(value).matches()) {
            throw new TarnException(
                    ErrorCode.RUN_NOT_FOUND,
                    "'%s' is not the id of a run. `tarn runs` lists them.".formatted(value));
        }
    }

    public static RunId create(Instant now, RandomGenerator random) {
        StringBuilder id = new StringBuilder(SECOND.format(now)).append('-');
        for (int i = 0; i < 4; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new RunId(id.toString());
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
