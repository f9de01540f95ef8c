package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.regex.Pattern;

/** Names a job: a small letter, then small letters, digits, {@code _} and {@code -}. */
public record JobName(String value) implements Comparable<JobName> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_-]{0,59}");

    /**
     * What builds belong to that somebody asks a server for; no file can have a job of that name.
     */
    public static final JobName ON_DEMAND = new JobName("on-demand");

    public JobName {
        if (!isValid(value)) {
            throw new TarnException(
                    ErrorCode.NAME_INVALID,
                    ("'%s' cannot name a job: a small letter comes first, then up to 59 small letters,"
                                    + " digits, '_' or '-'.")
                            .formatted(value));
        }
    }

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(JobName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
