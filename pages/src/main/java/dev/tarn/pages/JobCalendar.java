package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.Trigger;
import dev.tarn.spi.JobTables.Hour;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The days of a job: what ran, and what will. A row is a week. */
final class JobCalendar {
    private static final int WEEKS_BACK = 5;
    private static final int WEEKS_AHEAD = 1;
    private static final int DUES_MAX = 2_000;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private final Job job;
    private final Instant now;
    private final boolean paused;
    private final Map<LocalDate, Map<JobRun.Status, Long>> past = new HashMap<>();
    private final Map<LocalDate, Integer> ahead = new HashMap<>();

    /**
     * @param hours what was due since {@link #from}
     */
    JobCalendar(Job job, List<Hour> hours, boolean paused, Instant now) {
        this.job = job;
        this.now = now;
        this.paused = paused;
        for (Hour hour : hours) {
            past.computeIfAbsent(day(hour.start()), d -> new EnumMap<>(JobRun.Status.class))
                    .merge(hour.status(), hour.runs(), Long::sum);
        }
        if (!paused) {
            lookAhead();
        }
    }

    /** The first moment that is shown. */
    static Instant from(Instant now) {
        return monday(now).minusWeeks(WEEKS_BACK).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static LocalDate monday(Instant now) {
        return day(now).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private LocalDate end() {
        return monday(now).plusWeeks(WEEKS_AHEAD + 1L);
    }

    private void lookAhead() {
        Instant until = end().atStartOfDay(ZoneOffset.UTC).toInstant();
        int left = DUES_MAX;
        for (Trigger trigger : job.triggers()) {
            if (!(trigger instanceof Trigger.Timed timed)) {
                continue;
            }
            Optional<Instant> at = timed.next(now);
            while (at.isPresent() && at.get().isBefore(until) && left-- > 0) {
                if (job.end().filter(at.get()::isAfter).isEmpty()) {
                    ahead.merge(day(at.get()), 1, Integer::sum);
                }
                at = timed.next(at.get());
            }
        }
    }

    Html draw() {
        List<LocalDate> weeks = new ArrayList<>();
        LocalDate first =
                past.keySet().stream().min(LocalDate::compareTo).orElse(day(now)).minusDays(7);
        for (LocalDate at = day(from(now)); at.isBefore(end()); at = at.plusWeeks(1)) {
            if (at.isAfter(first.minusDays(7))) {
                weeks.add(at);
            }
        }
        return el(
                "table",
                cls("calendar"),
                el("caption", cls("soft small"), text("Days in UTC, by when runs were due")),
                Shell.heads("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
                el(
                        "tbody",
                        each(
                                weeks,
                                week -> {
                                    List<Html> days = new ArrayList<>();
                                    for (int i = 0; i < 7; i++) {
                                        days.add(cell(week.plusDays(i)));
                                    }
                                    return el("tr", Html.all(days));
                                })));
    }

    private Html cell(LocalDate date) {
        boolean today = date.equals(day(now));
        Map<JobRun.Status, Long> runs = past.getOrDefault(date, Map.of());
        int due = ahead.getOrDefault(date, 0);
        return el(
                "td",
                today ? cls("today") : cls(runs.containsKey(JobRun.Status.FAILED) ? "bad" : ""),
                today ? attr("aria-current", "date") : Html.NOTHING,
                div("day soft small", text(today ? "Today" : DAY.format(date))),
                each(
                        List.copyOf(runs.entrySet()),
                        e ->
                                div(
                                        "",
                                        span(
                                                "st " + Mark.of(e.getKey()).colour(),
                                                Mark.of(e.getKey()).shape(),
                                                text(
                                                        Show.count(e.getValue())
                                                                + " "
                                                                + Mark.of(e.getKey()).word())))),
                due > 0
                        ? div("soft small", text(Show.count(due) + (today ? " more due" : " due")))
                        : Html.NOTHING);
    }

    /** What there is to say where nothing is due by time. */
    Optional<String> remark() {
        if (paused) {
            return Optional.of("While the job is paused nothing is due.");
        }
        return ahead.isEmpty() && job.triggers().stream().noneMatch(Trigger.Timed.class::isInstance)
                ? Optional.of("No time starts this job, so that only what was is shown.")
                : Optional.empty();
    }
}
