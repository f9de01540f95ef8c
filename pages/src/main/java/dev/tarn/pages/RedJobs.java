package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;
import static dev.tarn.pages.Html.when;

import dev.tarn.app.Jobs;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Jobs that somebody should look at: their newest run that is over failed. */
final class RedJobs {
    private static final int SHOWN = 5;
    private static final Set<JobRun.Status> OVER =
            Set.of(JobRun.Status.SUCCEEDED, JobRun.Status.FAILED);

    private RedJobs() {}

    /** The run by which a job is red; what is queued or running since says nothing yet. */
    static List<JobRun> of(Jobs jobs, List<JobViews.Listing> all) {
        List<JobRun> red = new ArrayList<>();
        for (JobViews.Listing listing : all) {
            listing.last()
                    .flatMap(last ->
                            OVER.contains(last.status())
                                    ? Optional.of(last)
                                    : over(jobs, listing.job().name()))
                    .filter(run -> run.status() == JobRun.Status.FAILED)
                    .ifPresent(red::add);
        }
        return red;
    }

    private static Optional<JobRun> over(Jobs jobs, JobName name) {
        return jobs.runs(new RunFilter(Optional.of(name), OVER, Optional.empty(), 1)).stream()
                .findFirst();
    }

    /** Those of the project and what was asked for last; none while its jobs cannot be read. */
    static List<JobRun> of(Jobs jobs) {
        try {
            List<JobRun> red = new ArrayList<>(of(jobs, jobs.list()));
            over(jobs, JobName.ON_DEMAND)
                    .filter(run -> run.status() == JobRun.Status.FAILED)
                    .filter(run -> isToldNowhereElse(jobs, run))
                    .ifPresent(red::add);
            return red;
        } catch (TarnException e) {
            return List.of();
        }
    }

    /** What ended before it became a run of the project, such as by a mistake in its files. */
    private static boolean isToldNowhereElse(Jobs jobs, JobRun run) {
        return jobs.run(run.id()).steps().stream().allMatch(s -> s.task().work().isEmpty());
    }

    /** Each with what went wrong and the way to the run. */
    static Html cards(List<JobRun> red, Instant now) {
        return Html.all(
                each(red.stream().limit(SHOWN).toList(), run -> card(run, now)),
                when(
                        red.size() > SHOWN,
                        el(
                                "p",
                                text("… and "),
                                a(
                                        Link.to("jobs"),
                                        Show.count(red.size() - SHOWN, "more job", "more jobs")),
                                text("."))));
    }

    private static Html card(JobRun run, Instant now) {
        Instant since = run.finishedAt().orElse(run.createdAt());
        return el(
                "section",
                cls("card trouble fail"),
                attr("aria-label", "Job " + run.job()),
                div(
                        "who",
                        Mark.of(run.status()).badge(),
                        run.job().equals(JobName.ON_DEMAND)
                                ? a(JobPages.run(run.id()), "Asked for by " + run.by())
                                : a(JobPages.job(run.job()), run.job().value()),
                        span("chip", "job"),
                        span(
                                "soft",
                                text("since "),
                                Show.time(since),
                                text(" (%s)".formatted(Show.ago(since, now)))),
                        span(
                                "ways no-print",
                                a(JobPages.run(run.id()), cls("button"), text("The run")))),
                problem(run.message().orElse("")));
    }

    /** A message such as {@code task 'build': models/a.sql:1:2: It is wrong.} */
    private static Html problem(String message) {
        String first = message.lines().findFirst().orElse("");
        if (first.isEmpty()) {
            return Html.NOTHING;
        }
        int colon = first.startsWith("task '") ? first.indexOf("': ") : -1;
        return Html.all(
                colon < 0
                        ? Html.NOTHING
                        : el(
                                "p",
                                cls("small soft"),
                                text("Task " + first.substring("task '".length(), colon))),
                Problems.show(Problems.Told.parse(colon < 0 ? first : first.substring(colon + 3))));
    }
}
