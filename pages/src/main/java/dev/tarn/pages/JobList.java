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
import dev.tarn.model.Problem;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.Trigger;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All jobs, and all runs of jobs. */
final class JobList {
    private static final int LISTED = 100;
    private static final int STRIP = 12;
    private static final int RUNS = 200;
    private static final int PROBLEMS = 20;
    private static final int REFRESH_SECONDS = 5;

    private final Ground ground;

    JobList(Ground ground) {
        this.ground = ground;
    }

    Shell.Content show(Ask ask) {
        Jobs jobs = ground.tarn().jobs();
        List<Problem> problems = jobs.problems();
        List<JobViews.Listing> all = jobs.list();
        int page = ask.number("page", 1, 1, 100_000);
        List<JobViews.Listing> shown =
                all.stream().skip((page - 1L) * LISTED).limit(LISTED).toList();
        int servers = jobs.servers().size();
        return Shell.Content.of(
                        "Jobs",
                        Shell.JOBS,
                        Shell.heading(
                                "Jobs",
                                "What is to be done when, from the files in jobs/. %s."
                                        .formatted(
                                                servers == 0
                                                        ? "No server works on it just now"
                                                        : Show.count(
                                                                servers,
                                                                "server works on it",
                                                                "servers work on it"))),
                        wrong(problems),
                        verdict(all),
                        shown.isEmpty()
                                ? nothing(problems)
                                : div("card flush", div("scroll", table(shown))),
                        RunPages.pager(ask, page, all.size(), LISTED),
                        newest(jobs))
                .refreshing(REFRESH_SECONDS);
    }

    private static Html wrong(List<Problem> problems) {
        return problems.isEmpty()
                ? Html.NOTHING
                : div(
                        "card trouble fail",
                        el("h2", "Files of jobs are wrong; what was right in them goes on"),
                        Problems.all(problems, PROBLEMS));
    }

    private static Html nothing(List<Problem> problems) {
        return problems.isEmpty()
                ? Shell.empty(
                        "There is no job yet. A file in jobs/ says what is to be done when; docs/jobs.md shows how. What is there is listed by",
                        "tarn job")
                : Html.NOTHING;
    }

    /** What is wrong in one line. */
    private Html verdict(List<JobViews.Listing> all) {
        List<JobRun> failed = RedJobs.of(ground.tarn().jobs(), all);
        long paused = all.stream().filter(l -> l.pausedBy().isPresent()).count();
        if (all.isEmpty() || (failed.isEmpty() && paused == 0)) {
            return Html.NOTHING;
        }
        Mark mark = failed.isEmpty() ? Mark.PAUSED : Mark.FAILED;
        List<String> says = new ArrayList<>();
        if (!failed.isEmpty()) {
            says.add(
                    "The last run of %s failed"
                            .formatted(
                                    failed.stream()
                                                    .limit(3)
                                                    .map(r -> r.job().value())
                                                    .collect(Collectors.joining(", "))
                                            + (failed.size() > 3
                                                    ? " and %d more".formatted(failed.size() - 3)
                                                    : "")));
        }
        if (paused > 0) {
            says.add(Show.count(paused, "job is paused", "jobs are paused"));
        }
        return div(
                "banner " + mark.colour(),
                attr("role", "status"),
                mark.shape(),
                el("strong", String.join("; ", says) + "."));
    }

    private Html table(List<JobViews.Listing> jobs) {
        return el(
                "table",
                Shell.heads(
                        "Job", "State", "Next", "Last run", "Runs, newest last", "Starts", "!Do"),
                el("tbody", each(jobs, this::row)));
    }

    private Html row(JobViews.Listing listing) {
        Job job = listing.job();
        Instant now = ground.now();
        List<JobRun> last =
                ground.tarn()
                        .jobs()
                        .runs(
                                new RunFilter(
                                        Optional.of(job.name()),
                                        Set.of(),
                                        Optional.empty(),
                                        STRIP));
        return el(
                "tr",
                el(
                        "td",
                        cls("name wide"),
                        a(JobPages.job(job.name()), Show.name(job.name().value())),
                        when(
                                !job.description().isEmpty(),
                                el("div", cls("soft small"), text(job.description()))),
                        job.owner()
                                .map(o -> el("div", cls("soft small"), text("Owner: " + o)))
                                .orElse(Html.NOTHING)),
                el("td", state(listing, last)),
                el("td", next(listing, now)),
                el(
                        "td",
                        listing.last()
                                .map(r ->
                                        Html.all(
                                                a(
                                                        JobPages.run(r.id()),
                                                        Mark.of(r.status()).badge()),
                                                el(
                                                        "div",
                                                        cls("soft small nowrap"),
                                                        text(began(r, now)))))
                                .orElse(Mark.NONE.badge())),
                el("td", strip(last)),
                el(
                        "td",
                        cls("small"),
                        job.triggers().isEmpty()
                                ? text("by hand")
                                : each(job.triggers(), t -> el("div", t.words()))),
                el("td", cls("no-print"), div("row tight", buttons(listing, ground.now()))));
    }

    private static String began(JobRun run, Instant now) {
        return run.finishedAt()
                .or(run::startedAt)
                .map(at -> Show.ago(at, now))
                .orElse("queued " + Show.ago(run.createdAt(), now));
    }

    private static Html state(JobViews.Listing listing, List<JobRun> last) {
        if (listing.pausedBy().isPresent()) {
            return Html.all(
                    Mark.PAUSED.badge(),
                    el("div", cls("soft small"), text("by " + listing.pausedBy().get())));
        }
        if (listing.rest().isPresent()) {
            return Html.all(
                    span("st warn", Mark.PAUSED.shape(), text("rests")),
                    el(
                            "div",
                            cls("soft small"),
                            text(
                                    "%s failed in a row; until "
                                            .formatted(
                                                    Show.count(
                                                            listing.rest().get().failures(),
                                                            "run",
                                                            "runs"))),
                            Show.time(listing.rest().get().openUntil().orElseThrow())));
        }
        if (listing.trouble().isPresent()) {
            return Html.all(
                    span("st fail", Mark.FAILED.shape(), text("not started")),
                    el("div", cls("soft small"), text(listing.trouble().get())));
        }
        long working = last.stream().filter(r -> r.status() == JobRun.Status.RUNNING).count();
        long queued = last.stream().filter(r -> r.status() == JobRun.Status.QUEUED).count();
        if (working > 0) {
            return Html.all(
                    Mark.RUNNING.badge(),
                    when(queued > 0, el("div", cls("soft small"), text(queued + " more queued"))));
        }
        return queued > 0 ? Mark.QUEUED.badge() : span("st ok", Mark.OK.shape(), text("on"));
    }

    /** When it starts next by itself; not before it has rested. */
    static Optional<Instant> due(JobViews.Listing listing) {
        Optional<Instant> rested = listing.rest().flatMap(r -> r.openUntil());
        return listing.nextDue().map(at -> rested.filter(until -> until.isAfter(at)).orElse(at));
    }

    private static Html next(JobViews.Listing listing, Instant now) {
        return due(listing)
                .map(at -> Html.all(Show.time(at), el("div", cls("soft small"), text(in(at, now)))))
                .orElseGet(() ->
                        span(
                                "soft",
                                listing.pausedBy().isPresent()
                                        ? "when it is resumed"
                                        : listing.job().triggers().isEmpty()
                                                ? "when started by hand"
                                                : "when that happens"));
    }

    static String in(Instant at, Instant now) {
        return at.isAfter(now)
                ? "in " + Show.ago(now.minus(Duration.between(now, at)), now).replace(" ago", "")
                : "now";
    }

    /** The last runs as shapes, the newest at the end. */
    static Html strip(List<JobRun> runs) {
        return span(
                "runstrip",
                each(
                        runs.reversed(),
                        r ->
                                a(
                                        JobPages.run(r.id()),
                                        attr(
                                                "aria-label",
                                                "%s, due %s"
                                                        .formatted(
                                                                Mark.of(r.status()).word(),
                                                                Show.second(r.dueAt()))),
                                        attr(
                                                "title",
                                                "%s, due %s"
                                                        .formatted(
                                                                Mark.of(r.status()).word(),
                                                                Show.second(r.dueAt()))),
                                        Mark.of(r.status()).shape())));
    }

    static Html buttons(JobViews.Listing listing, Instant now) {
        JobName name = listing.job().name();
        boolean paused = listing.pausedBy().isPresent() || listing.rest().isPresent();
        return Html.all(
                JobPages.button(
                        JobPages.job(name).below("run"),
                        "Run",
                        false,
                        Map.of("key", now.toString())),
                JobPages.button(
                        JobPages.job(name).below(paused ? "resume" : "pause"),
                        paused ? "Resume" : "Pause",
                        false,
                        Map.of()));
    }

    private Html newest(Jobs jobs) {
        List<JobRun> runs =
                jobs.runs(new RunFilter(Optional.empty(), Set.of(), Optional.empty(), 10));
        return runs.isEmpty()
                ? Html.NOTHING
                : div(
                        "card flush",
                        el("h2", "Newest runs"),
                        div("scroll", runTable(runs, ground.now(), true)),
                        div("pager", a(Link.to("job-runs"), "All runs of jobs")));
    }

    /** All runs, of one job if the address says so. */
    Shell.Content runs(Ask ask) {
        Optional<JobName> job = ask.asked("job").map(JobName::new);
        Optional<JobRun.Status> status = ask.asked("status").flatMap(JobList::status);
        Optional<String> backfill = ask.asked("backfill");
        List<JobRun> runs =
                ground.tarn()
                        .jobs()
                        .runs(
                                new RunFilter(
                                        job, status.map(Set::of).orElse(Set.of()), backfill, RUNS));
        List<Shell.Section> tabs = new ArrayList<>();
        tabs.add(new Shell.Section("All", ask.here().with("status", ""), ""));
        for (JobRun.Status each : JobRun.Status.values()) {
            String word = each.name().toLowerCase(Locale.ROOT);
            tabs.add(
                    new Shell.Section(Mark.of(each).word(), ask.here().with("status", word), word));
        }
        return Shell.Content.of(
                "Runs of jobs",
                Shell.JOBS,
                div(
                        "head",
                        Shell.crumbs(
                                a(Link.to("jobs"), "Jobs"),
                                text(" /"),
                                job.map(j ->
                                                Html.all(
                                                        text(" "),
                                                        a(JobPages.job(j), j.value()),
                                                        text(" /")))
                                        .orElse(Html.NOTHING)),
                        div(
                                "grow",
                                el("h1", job.map(j -> "Runs of " + j).orElse("Runs of jobs")),
                                el(
                                        "p",
                                        cls("sub"),
                                        text("The newest %d, newest first.".formatted(RUNS))))),
                Shell.tabs(tabs, ask.asked("status").orElse("")),
                runs.isEmpty()
                        ? Shell.empty("There is no such run.", "tarn job runs")
                        : div(
                                "card flush",
                                div("scroll", runTable(runs, ground.now(), job.isEmpty()))));
    }

    private static Optional<JobRun.Status> status(String word) {
        for (JobRun.Status status : JobRun.Status.values()) {
            if (status.name().equalsIgnoreCase(word)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    static Html runTable(List<JobRun> runs, Instant now, boolean withJob) {
        List<String> heads = new ArrayList<>(List.of("Run", "Status"));
        if (withJob) {
            heads.add("Job");
        }
        heads.addAll(List.of("Data up to", "Due", ">Late by", ">Took", "Started by"));
        return el(
                "table",
                Shell.heads(heads.toArray(String[]::new)),
                el("tbody", each(runs, r -> runRow(r, now, withJob, heads.size()))));
    }

    private static Html runRow(JobRun run, Instant now, boolean withJob, int columns) {
        Optional<String> message =
                run.message().filter(m -> run.status() != JobRun.Status.SUCCEEDED && !m.isBlank());
        return Html.all(
                el(
                        "tr",
                        message.isPresent() ? cls("noted") : Html.NOTHING,
                        el("td", cls("nowrap mono"), a(JobPages.run(run.id()), run.id().value())),
                        el(
                                "td",
                                cls("nowrap"),
                                Mark.of(run.status()).badge(),
                                run.late()
                                        ? Html.all(text(" "), span("chip warn", "late"))
                                        : Html.NOTHING),
                        when(withJob, el("td", job(run.job()))),
                        el("td", Show.time(run.interval().end())),
                        el("td", Show.time(run.dueAt())),
                        Shell.number(
                                run.startedAt()
                                        .map(s -> Duration.between(run.dueAt(), s))
                                        .filter(d -> d.compareTo(Duration.ofSeconds(1)) >= 0)
                                        .map(Show::duration)
                                        .orElse("")),
                        Shell.number(took(run, now)),
                        el("td", cls("small"), text(run.by()))),
                message.map(m ->
                                el(
                                        "tr",
                                        cls("note"),
                                        el(
                                                "td",
                                                attr("colspan", columns),
                                                cls("small soft"),
                                                text(firstLine(m)))))
                        .orElse(Html.NOTHING));
    }

    /** Builds that somebody asked for have no page of their own. */
    private static Html job(JobName name) {
        return name.equals(JobName.ON_DEMAND)
                ? text(name.value())
                : a(JobPages.job(name), name.value());
    }

    static String took(JobRun run, Instant now) {
        return run.startedAt()
                .map(s -> Show.duration(Duration.between(s, run.finishedAt().orElse(now))))
                .orElse("");
    }

    static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 200 ? line.substring(0, 200) + "…" : line;
    }

    /** Why a job is started by itself, in words. */
    static Html triggers(List<Trigger> triggers) {
        return triggers.isEmpty()
                ? text("by hand only")
                : each(triggers, t -> el("div", t.words()));
    }
}
