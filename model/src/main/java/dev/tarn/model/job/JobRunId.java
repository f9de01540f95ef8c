package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names one execution of a job; ids sort by age. */
public record JobRunId(String value) implements Comparable<JobRunId> {
    private static final Pattern FORM = Pattern.compile("j[0-9]{6}-[0-9]{6}-[0-9a-z]{8}");
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int RANDOM_LETTERS = 8;

    public JobRunId {
        if (!FORM.matcher(value).matches()) {
            throw new TarnException(
                    ErrorCode.RUN_NOT_FOUND,
                    "'%s' is not the id of a job's run. `tarn job runs` lists them."
                            .formatted(value));
        }
    }

    public static JobRunId create(Instant now, RandomGenerator random) {
        StringBuilder id = new StringBuilder("j").append(SECOND.format(now)).append('-');
        for (int i = 0; i < RANDOM_LETTERS; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new JobRunId(id.toString());
    }

    @Override
    public int compareTo(JobRunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
