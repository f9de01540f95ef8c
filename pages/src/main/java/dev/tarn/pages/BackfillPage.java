package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.schedule.JobViews;
import java.util.List;
import java.util.Map;

/** What a backfill would do, before it does it. */
final class BackfillPage {
    private static final int SHOWN = 200;

    private final Ground ground;

    BackfillPage(Ground ground) {
        this.ground = ground;
    }

    /** The time that a form is about. */
    static JobRun.Interval request(Map<String, String> fields) {
        return JobPages.interval(fields);
    }

    Shell.Content show(Ask ask, JobName name) {
        JobViews.Listing listing = ground.tarn().jobs().job(name);
        JobRun.Interval range = request(ask.query());
        int parallel = JobPages.count(ask.asked("parallel").orElse("1"));
        List<JobRun.Interval> intervals = ground.tarn().jobs().previewBackfill(name, range);
        return Shell.Content.of(
                "Backfill of " + name,
                Shell.JOBS,
                div(
                        "head",
                        Shell.crumbs(
                                a(Link.to("jobs"), "Jobs"),
                                text(" / "),
                                a(JobPages.job(name), name.value()),
                                text(" /")),
                        div(
                                "grow",
                                el("h1", "Backfill of " + name),
                                el(
                                        "p",
                                        cls("sub"),
                                        text("This is what it would do. Nothing has begun.")))),
                div(
                        "banner run",
                        attr("role", "status"),
                        Mark.READY.shape(),
                        el(
                                "strong",
                                "%s, from %s to %s, %s at a time, with %s each."
                                        .formatted(
                                                Show.count(intervals.size(), "run", "runs"),
                                                Show.second(intervals.getFirst().start()),
                                                Show.second(intervals.getLast().end()),
                                                Show.count(parallel),
                                                Show.count(
                                                        listing.job().tasks().size(),
                                                        "task",
                                                        "tasks")))),
                div(
                        "row card",
                        JobPages.button(
                                JobPages.job(name).below("backfill"),
                                "Start " + Show.count(intervals.size(), "run", "runs"),
                                true,
                                Map.of(
                                        "from",
                                        range.start().toString(),
                                        "to",
                                        range.end().toString(),
                                        "parallel",
                                        Integer.toString(parallel))),
                        a(JobPages.job(name), cls("button"), text("Leave it"))),
                intervals(intervals));
    }

    private static Html intervals(List<JobRun.Interval> intervals) {
        List<JobRun.Interval> shown = intervals.stream().limit(SHOWN).toList();
        return div(
                "card flush",
                el("h2", "Intervals, in the order in which they run"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads(">No.", "Data from", "Data up to"),
                                el(
                                        "tbody",
                                        each(
                                                shown,
                                                i ->
                                                        el(
                                                                "tr",
                                                                Shell.number(
                                                                        Show.count(
                                                                                shown.indexOf(i)
                                                                                        + 1L)),
                                                                el("td", Show.time(i.start())),
                                                                el("td", Show.time(i.end()))))))),
                Html.when(
                        intervals.size() > SHOWN,
                        div(
                                "pager",
                                text(
                                        "… and %s more, up to %s."
                                                .formatted(
                                                        Show.count(intervals.size() - (long) SHOWN),
                                                        Show.second(intervals.getLast().end()))))));
    }
}
