package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.regex.Pattern;

/** Names a task within its job: a small letter, then small letters, digits and {@code _}. */
public record TaskName(String value) implements Comparable<TaskName> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,59}");

    public TaskName {
        if (!isValid(value)) {
            throw new TarnException(
                    ErrorCode.NAME_INVALID,
                    ("'%s' cannot name a task: a small letter comes first, then up to 59 small"
                                    + " letters, digits or '_'.")
                            .formatted(value));
        }
    }

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(TaskName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
