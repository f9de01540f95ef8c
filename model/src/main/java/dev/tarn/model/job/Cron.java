package dev.tarn.model.job;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Times of a calendar as cron writes them, in a time zone: minute, hour, day of the month, month,
 * day of the week. Where both kinds of days are given, either will do.
 *
 * <p>When clocks go forward, a time that does not exist is made up for as soon as they have; when
 * they go back, a time that comes twice counts once. Only where the hour is {@code *} times follow
 * the clock itself: none is made up for, and all that come twice count twice.
 */
public final class Cron {
    private static final Map<String, String> NAMED =
            Map.of(
                    "@hourly", "0 * * * *",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@weekly", "0 0 * * 0",
                    "@monthly", "0 0 1 * *",
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *");

    /** The 29th of February comes back on every day of the week within this time. */
    private static final int DAYS_SEARCHED = 366 * 41;

    private static final int FIELDS = 5;

    private final String text;
    private final ZoneId zone;
    private final SortedSet<Integer> minutes;
    private final SortedSet<Integer> hours;
    private final SortedSet<Integer> days;
    private final SortedSet<Integer> months;
    private final SortedSet<Integer> weekdays;
    private final boolean everyHour;
    private final boolean anyDay;
    private final boolean anyWeekday;
    private final boolean lastDay;

    private Cron(String text, ZoneId zone, String[] fields) {
        this.text = text;
        this.zone = zone;
        minutes = CronField.MINUTE.values(text, fields[0]);
        hours = CronField.HOUR.values(text, fields[1]);
        lastDay = fields[2].equalsIgnoreCase("L");
        days = lastDay ? CronField.DAY.none() : CronField.DAY.values(text, fields[2]);
        months = CronField.MONTH.values(text, fields[3]);
        weekdays = CronField.WEEKDAY.values(text, fields[4]);
        everyHour = fields[1].startsWith("*");
        anyDay = fields[2].startsWith("*");
        anyWeekday = fields[4].startsWith("*");
    }

    /**
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} for what is no cron, or never
     *     comes
     */
    public static Cron parse(String text, ZoneId zone) {
        String plain = text.strip();
        String[] fields = NAMED.getOrDefault(plain, plain).split("\\s+");
        if (fields.length != FIELDS) {
            throw CronErrors.notFiveFields(text, plain.startsWith("@"), NAMED.keySet());
        }
        Cron cron = new Cron(plain, zone, fields);
        if (cron.next(LocalDate.of(2000, 1, 1).atStartOfDay(zone).toInstant()).isEmpty()) {
            throw CronErrors.never(text);
        }
        return cron;
    }

    public String text() {
        return text;
    }

    public ZoneId zone() {
        return zone;
    }

    /** The first time after another. */
    public Optional<Instant> next(Instant after) {
        LocalDate date = LocalDate.ofInstant(after, zone).minusDays(1);
        for (int i = 0; i < DAYS_SEARCHED; i++, date = date.plusDays(1)) {
            if (matches(date)) {
                for (Instant time : times(date)) {
                    if (time.isAfter(after)) {
                        return Optional.of(time);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The last time that is not after another. */
    public Optional<Instant> last(Instant atOrBefore) {
        LocalDate date = LocalDate.ofInstant(atOrBefore, zone).plusDays(1);
        for (int i = 0; i < DAYS_SEARCHED; i++, date = date.minusDays(1)) {
            if (matches(date)) {
                for (Instant time : times(date).reversed()) {
                    if (!time.isAfter(atOrBefore)) {
                        return Optional.of(time);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean matches(LocalDate date) {
        if (!months.contains(date.getMonthValue())) {
            return false;
        }
        boolean day =
                lastDay
                        ? date.getDayOfMonth() == YearMonth.from(date).lengthOfMonth()
                        : days.contains(date.getDayOfMonth());
        boolean weekday = weekdays.contains(date.getDayOfWeek().getValue() % 7);
        if (anyDay || anyWeekday) {
            return day && weekday;
        }
        return day || weekday;
    }

    /** The moments of a day, in order, each once. */
    private List<Instant> times(LocalDate date) {
        List<Instant> times = new ArrayList<>(hours.size() * minutes.size());
        for (int hour : hours) {
            for (int minute : minutes) {
                add(date.atTime(hour, minute), times);
            }
        }
        return times.stream().sorted().distinct().toList();
    }

    private void add(LocalDateTime local, List<Instant> times) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition gap = zone.getRules().getTransition(local);
            if (!everyHour) {
                times.add(gap.getInstant());
            }
            return;
        }
        times.add(local.toInstant(offsets.getFirst()));
        if (everyHour && offsets.size() > 1) {
            times.add(local.toInstant(offsets.get(1)));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron c && c.text.equals(text) && c.zone.equals(zone);
    }

    @Override
    public int hashCode() {
        return text.hashCode() + 31 * zone.hashCode();
    }

    @Override
    public String toString() {
        return text + " (" + zone + ")";
    }
}
