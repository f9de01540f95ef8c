package dev.tarn.model;

import java.util.regex.Pattern;

/**
 * The name of a line of history. {@code main} always exists; {@code run:ID} is the ref of a run;
 * every other name is a branch or a tag.
 */
public record RefName(String value) implements Comparable<RefName> {
    private static final Pattern FORM =
            Pattern.compile("run:[0-9a-z-]{1,60}|[A-Za-z0-9][A-Za-z0-9._/-]{0,99}");

    /** The ref that always exists. */
    public static final RefName MAIN = new RefName("main");

    public RefName {
        if (!FORM.matcher(value).matches()) {
            throw new TarnException(
                    ErrorCode.REF_NAME_INVALID,
                    ("'%s' cannot be the name of a ref: use 1 to 100 letters, digits, '.', '_', '/'"
                                    + " or '-', starting with a letter or digit.")
                            .formatted(value));
        }
    }

    /** The private ref of a run. */
    public static RefName of(RunId run) {
        return new RefName("run:" + run.value());
    }

    public boolean isRun() {
        return value.startsWith("run:");
    }

    @Override
    public int compareTo(RefName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
