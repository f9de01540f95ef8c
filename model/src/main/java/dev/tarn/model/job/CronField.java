package dev.tarn.model.job;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** One of the five places of a cron text. */
enum CronField {
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY("day of the month", 1, 31, List.of()),
    MONTH(
            "month",
            1,
            12,
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec")),
    WEEKDAY("day of the week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

    private final String words;
    private final int first;
    private final int last;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed.
    private final List<String> names;

    CronField(String words, int first, int last, List<String> names) {
        this.words = words;
        this.first = first;
        this.last = last;
        this.names = names;
    }

    SortedSet<Integer> none() {
        return new TreeSet<>();
    }

    SortedSet<Integer> values(String cron, String field) {
        SortedSet<Integer> values = new TreeSet<>();
        for (String part : field.split(",", -1)) {
            String[] range = part.split("/", -1);
            int step = range.length == 1 ? 1 : number(cron, range[1]);
            if (range.length > 2 || step < 1) {
                throw CronErrors.badField(cron, words, part);
            }
            int from = first;
            int to = this == WEEKDAY ? last - 1 : last;
            if (!range[0].equals("*")) {
                String[] ends = range[0].split("-", -1);
                if (ends.length > 2) {
                    throw CronErrors.badField(cron, words, part);
                }
                from = value(cron, ends[0]);
                if (ends.length == 2) {
                    to = value(cron, ends[1]);
                } else if (range.length == 1) {
                    to = from;
                }
                if (from > to) {
                    throw CronErrors.backwards(cron, words, part);
                }
            }
            for (int value = from; value <= to; value += step) {
                values.add(this == WEEKDAY ? value % 7 : value);
            }
        }
        return values;
    }

    private int value(String cron, String text) {
        int named = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return named + first;
        }
        int value = number(cron, text);
        if (value < first || value > last) {
            throw CronErrors.outOfRange(cron, words, value, first, last);
        }
        return value;
    }

    private int number(String cron, String text) {
        if (!text.matches("\\d{1,4}")) {
            throw CronErrors.badField(cron, words, text);
        }
        return Integer.parseInt(text);
    }
}
