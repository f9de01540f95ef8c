package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.regex.Pattern;

/**
 * Names a task within its job: a small letter, then small letters, digits and {@code _}. A part of
 * a task that is done for each item of a list has the item's number behind it: {@code load[3]}.
 */
public record TaskName(String value) implements Comparable<TaskName> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,59}(\\[\\d{1,5}\\])?");

    public TaskName {
        if (!isValid(value)) {
            throw invalid(value);
        }
    }

    public static TarnException invalid(String text) {
        return new TarnException(
                ErrorCode.NAME_INVALID,
                ("'%s' cannot name a task: a small letter comes first, then up to 59 small"
                                + " letters, digits or '_'.")
                        .formatted(text));
    }

    /** The name of one of its parts. */
    public TaskName part(int number) {
        return new TaskName("%s[%d]".formatted(whole().value(), number));
    }

    public boolean isPart() {
        return value.endsWith("]");
    }

    /** The number of the item that a part is about. */
    public int number() {
        return isPart()
                ? Integer.parseInt(value.substring(value.indexOf('[') + 1, value.length() - 1))
                : 0;
    }

    /** The task that a part belongs to; itself if it is no part. */
    public TaskName whole() {
        return isPart() ? new TaskName(value.substring(0, value.indexOf('['))) : this;
    }

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(TaskName other) {
        int byWhole = whole().value().compareTo(other.whole().value());
        return byWhole != 0
                ? byWhole
                : isPart() == other.isPart()
                        ? Integer.compare(number(), other.number())
                        : Boolean.compare(isPart(), other.isPart());
    }

    @Override
    public String toString() {
        return value;
    }
}
