package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import java.time.ZoneId;
import java.util.Collection;
import java.util.TreeSet;

/** What is wrong with times of a calendar. */
public final class CronErrors {
    private CronErrors() {}

    static TarnException notFiveFields(String cron, boolean named, Collection<String> names) {
        return invalid(
                named
                        ? "There is no '%s'.%s Names are: %s."
                                .formatted(
                                        cron,
                                        Suggestion.hint(cron, names),
                                        String.join(", ", new TreeSet<>(names)))
                        : ("Cron '%s' does not have five fields: minute, hour, day of the month,"
                                        + " month, day of the week. '30 6 * * 1-5' is half past six"
                                        + " from Monday to Friday.")
                                .formatted(cron));
    }

    static TarnException never(String cron) {
        return invalid(
                ("Cron '%s' never comes: no year has such a day. Correct the day of the month or the"
                                + " month.")
                        .formatted(cron));
    }

    static TarnException badField(String cron, String field, String part) {
        return invalid(
                ("Cron '%s': '%s' is not a %s. Write a number, a range such as 1-5, a list such as"
                                + " 1,15, * or */10.")
                        .formatted(cron, part, field));
    }

    static TarnException backwards(String cron, String field, String part) {
        return invalid(
                "Cron '%s': the range '%s' of the %s runs backwards. Write two ranges with a comma between them."
                        .formatted(cron, part, field));
    }

    static TarnException outOfRange(String cron, String field, int value, int first, int last) {
        return invalid(
                "Cron '%s': there is no %s %d, only %d to %d."
                        .formatted(cron, field, value, first, last));
    }

    /** The text names no time zone. */
    public static String unknownZone(String zone) {
        return "There is no time zone '%s'.%s Zones are named as Europe/Zurich or UTC."
                .formatted(zone, Suggestion.hint(zone, ZoneId.getAvailableZoneIds()));
    }

    private static TarnException invalid(String message) {
        return new TarnException(ErrorCode.CONFIG_INVALID, message);
    }
}
