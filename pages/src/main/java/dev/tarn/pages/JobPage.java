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
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Durations;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.RetryRule;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.Trigger;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One job: when, what, how it went, and what can be done about it. */
final class JobPage {
    private static final int RUNS = 25;
    private static final int TASKS = 300;
    private static final int BACKFILLS = 10;
    private static final int DUES = 4;
    private static final int REFRESH_SECONDS = 5;

    private final Ground ground;

    JobPage(Ground ground) {
        this.ground = ground;
    }

    Shell.Content show(Ask ask, JobName name) {
        Jobs jobs = ground.tarn().jobs();
        JobViews.Listing listing = jobs.job(name);
        Instant now = ground.now();
        JobCalendar calendar =
                new JobCalendar(
                        listing.job(),
                        jobs.hours(name, JobCalendar.from(now)),
                        listing.pausedBy().isPresent(),
                        now);
        return Shell.Content.of(
                        "Job " + name,
                        Shell.JOBS,
                        head(listing),
                        banner(listing),
                        begun(ask),
                        div(
                                "cols wide-left",
                                div(
                                        "card",
                                        el("h2", "Calendar"),
                                        div("scroll", calendar.draw()),
                                        calendar.remark()
                                                .map(r -> el("p", cls("soft small"), text(r)))
                                                .orElse(Html.NOTHING)),
                                div("", facts(listing), start(listing), backfill(listing.job()))),
                        runs(jobs, name),
                        tasks(ask, listing.job()),
                        backfills(jobs, name))
                .refreshing(REFRESH_SECONDS);
    }

    private Html head(JobViews.Listing listing) {
        Job job = listing.job();
        return div(
                "head",
                Shell.crumbs(a(Link.to("jobs"), "Jobs"), text(" /")),
                div(
                        "grow",
                        el("h1", "Job " + job.name()),
                        when(
                                !job.description().isEmpty(),
                                el("p", cls("sub"), text(job.description())))),
                div("row no-print", JobList.buttons(listing, ground.now())));
    }

    private Html banner(JobViews.Listing listing) {
        if (listing.pausedBy().isPresent()) {
            return banner(
                    Mark.PAUSED,
                    "Paused by %s: no trigger starts it until it is resumed."
                            .formatted(listing.pausedBy().get()));
        }
        if (listing.rest().isPresent()) {
            return banner(
                    Mark.PAUSED,
                    "Rests until %s: %s failed in a row. Resume ends the rest."
                            .formatted(
                                    Show.second(listing.rest().get().openUntil().orElseThrow()),
                                    Show.count(listing.rest().get().failures(), "run", "runs")));
        }
        if (listing.trouble().isPresent()) {
            return div(
                    "banner fail",
                    attr("role", "status"),
                    Mark.FAILED.shape(),
                    el("strong", "What would start it cannot be asked:"),
                    text(" " + listing.trouble().get()));
        }
        Optional<JobRun> last = listing.last();
        if (last.filter(r -> r.status() == JobRun.Status.FAILED).isPresent()) {
            return div(
                    "banner fail",
                    attr("role", "status"),
                    Mark.FAILED.shape(),
                    el("strong", "The last run failed:"),
                    a(JobPages.run(last.get().id()), last.get().id().value()),
                    text(JobList.firstLine(last.get().message().orElse(""))));
        }
        return Html.NOTHING;
    }

    private static Html banner(Mark mark, String says) {
        return div(
                "banner " + mark.colour(),
                attr("role", "status"),
                mark.shape(),
                el("strong", says));
    }

    private static Html begun(Ask ask) {
        return ask.asked("backfill")
                .map(id ->
                        div(
                                "banner ok",
                                attr("role", "status"),
                                Mark.OK.shape(),
                                el("strong", "Backfill %s has begun.".formatted(id)),
                                a(Link.to("job-runs").with("backfill", id), "Its runs")))
                .orElse(Html.NOTHING);
    }

    private Html facts(JobViews.Listing listing) {
        Job job = listing.job();
        List<Html> facts = new ArrayList<>();
        fact(facts, "Starts", JobList.triggers(job.triggers()));
        fact(facts, "Next", dues(listing));
        job.owner().ifPresent(o -> fact(facts, "Owner", text(o)));
        fact(facts, "File", Problems.place(job.place()));
        fact(facts, "Runs at a time", text(Show.count(job.runsMax())));
        fact(
                facts,
                "Missed times",
                text(
                        switch (job.catchUp()) {
                            case ALL -> "each is made up for";
                            case LATEST -> "the latest is made up for";
                            case NONE -> "are left out";
                        }));
        job.timeout().ifPresent(t -> fact(facts, "May take", text(Durations.words(t))));
        job.deadline().ifPresent(t -> fact(facts, "Is late after", text(Durations.words(t))));
        job.start().ifPresent(t -> fact(facts, "Not before", Show.time(t)));
        job.end().ifPresent(t -> fact(facts, "Not after", Show.time(t)));
        return div("card", el("h2", "When"), el("dl", cls("facts"), Html.all(facts)));
    }

    private static void fact(List<Html> facts, String name, Html value) {
        facts.add(el("dt", name));
        facts.add(el("dd", value));
    }

    private Html dues(JobViews.Listing listing) {
        Instant now = ground.now();
        if (listing.nextDue().isEmpty()) {
            return text(
                    listing.pausedBy().isPresent()
                            ? "when it is resumed"
                            : listing.job().triggers().isEmpty()
                                    ? "when somebody starts it"
                                    : "when that happens");
        }
        List<Instant> dues = new ArrayList<>(List.of(JobList.due(listing).orElseThrow()));
        List<Trigger.Timed> timed =
                listing.job().triggers().stream()
                        .filter(Trigger.Timed.class::isInstance)
                        .map(Trigger.Timed.class::cast)
                        .toList();
        while (dues.size() < DUES) {
            Optional<Instant> next =
                    timed.stream()
                            .flatMap(t -> t.next(dues.getLast()).stream())
                            .min(Instant::compareTo)
                            .filter(at -> listing.job().end().filter(at::isAfter).isEmpty());
            if (next.isEmpty()) {
                break;
            }
            dues.add(next.get());
        }
        return each(
                dues,
                at -> el("div", Show.time(at), span("soft small", " " + JobList.in(at, now))));
    }

    /** Starting it with something else than what the file says. */
    private Html start(JobViews.Listing listing) {
        Job job = listing.job();
        if (job.params().isEmpty()) {
            return Html.NOTHING;
        }
        return div(
                "card no-print",
                el("h2", "Run with"),
                el(
                        "form",
                        cls("fields"),
                        attr("method", "post"),
                        Html.action(JobPages.job(job.name()).below("run")),
                        JobPages.hidden("key", ground.now().toString()),
                        each(
                                List.copyOf(job.params().entrySet()),
                                p ->
                                        JobPages.field(
                                                p.getKey(),
                                                "param." + p.getKey(),
                                                p.getValue(),
                                                "")),
                        el("button", attr("type", "submit"), text("Run with these"))));
    }

    private Html backfill(Job job) {
        boolean timed = job.triggers().stream().anyMatch(Trigger.Timed.class::isInstance);
        if (!timed) {
            return Html.NOTHING;
        }
        return div(
                "card no-print",
                el("h2", "Backfill"),
                el(
                        "p",
                        cls("soft small"),
                        text(
                                "A run for each interval of a past time. Nothing starts before you have seen which.")),
                el(
                        "form",
                        cls("fields"),
                        Html.action(JobPages.job(job.name()).below("backfill")),
                        JobPages.field("From", "from", "", "2026-11-01"),
                        JobPages.field("To", "to", "", "2026-11-08"),
                        JobPages.field("At a time", "parallel", "1", "1"),
                        el("button", attr("type", "submit"), text("Preview"))));
    }

    private Html runs(Jobs jobs, JobName name) {
        List<JobRun> runs =
                jobs.runs(new RunFilter(Optional.of(name), Set.of(), Optional.empty(), RUNS));
        return div(
                "card flush",
                el("h2", "Runs"),
                runs.isEmpty()
                        ? div("empty", Html.p("No run yet."), Show.command("tarn job run " + name))
                        : div("scroll", JobList.runTable(runs, ground.now(), false)),
                when(
                        runs.size() == RUNS,
                        div(
                                "pager",
                                a(Link.to("job-runs").with("job", name.value()), "All its runs"))));
    }

    private static Html tasks(Ask ask, Job job) {
        int page = ask.number("page", 1, 1, 100_000);
        List<JobTask> shown = job.tasks().stream().skip((page - 1L) * TASKS).limit(TASKS).toList();
        return div(
                "card flush",
                el("h2", "Tasks"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads(
                                        "Task", "Does", "After", "Again after errors", "Limits"),
                                el("tbody", each(shown, JobPage::task)))),
                RunPages.pager(ask, page, job.tasks().size(), TASKS));
    }

    private static Html task(JobTask task) {
        List<String> limits = new ArrayList<>();
        task.timeout().ifPresent(t -> limits.add("takes at most " + Durations.words(t)));
        task.pool().ifPresent(p -> limits.add("a slot of pool " + p));
        if (task.priority() != 0) {
            limits.add("priority " + task.priority());
        }
        String after = task.after().stream().map(TaskName::value).collect(Collectors.joining(", "));
        return el(
                "tr",
                el(
                        "td",
                        cls("name"),
                        a(Problems.link(task.place()), Show.name(task.name().value()))),
                el(
                        "td",
                        text(task.kind().word()),
                        task.when().isPresent()
                                ? span("soft small", " when " + task.when().get().text())
                                : Html.NOTHING),
                el(
                        "td",
                        text(
                                after.isEmpty()
                                        ? ""
                                        : task.rule() == JobTask.StartRule.ALL_SUCCEEDED
                                                ? after
                                                : after + ", when " + task.rule().words())),
                el("td", cls("small"), text(retry(task.retry()))),
                el("td", cls("small"), text(String.join(", ", limits))));
    }

    private static String retry(RetryRule rule) {
        if (rule.times() == 0) {
            return "never";
        }
        String on =
                switch (rule.on()) {
                    case RetryRule.On.Transient t -> "that can go away";
                    case RetryRule.On.Any a -> "of any kind";
                    case RetryRule.On.Codes c ->
                            c.codes().stream()
                                    .map(code -> code.name().toLowerCase(Locale.ROOT))
                                    .sorted()
                                    .collect(Collectors.joining(", "));
                };
        return "%s %s, from %s on"
                .formatted(
                        Show.count(rule.times(), "time", "times"),
                        on,
                        Durations.words(rule.delay()));
    }

    private static Html backfills(Jobs jobs, JobName name) {
        List<Backfill> all =
                jobs.backfills().stream()
                        .filter(b -> b.job().equals(name))
                        .limit(BACKFILLS)
                        .toList();
        return all.isEmpty()
                ? Html.NOTHING
                : div(
                        "card flush",
                        el("h2", "Backfills"),
                        div(
                                "scroll",
                                el(
                                        "table",
                                        Shell.heads(
                                                "Backfill",
                                                "Status",
                                                "Range",
                                                "Queued up to",
                                                ">At a time",
                                                "By",
                                                "Do"),
                                        el("tbody", each(all, b -> backfillRow(jobs, b))))));
    }

    /** One that went through all of its range is not well if some of its runs are not. */
    private static Html badge(Jobs jobs, Backfill backfill) {
        boolean failed =
                backfill.status() == Backfill.Status.DONE
                        && jobs.standing(backfill).getOrDefault(JobRun.Status.FAILED, 0L) > 0;
        return failed
                ? Html.span("st warn", Mark.WARNED.shape(), text("done"))
                : Mark.of(backfill.status()).badge();
    }

    private static Html backfillRow(Jobs jobs, Backfill backfill) {
        Link where = JobPages.job(backfill.job()).below("backfills");
        boolean paused = backfill.status() == Backfill.Status.PAUSED;
        boolean open = paused || backfill.status() == Backfill.Status.RUNNING;
        return el(
                "tr",
                el(
                        "td",
                        cls("mono nowrap"),
                        a(Link.to("job-runs").with("backfill", backfill.id()), backfill.id())),
                el(
                        "td",
                        badge(jobs, backfill),
                        el("div", cls("soft small"), text(standing(jobs, backfill)))),
                el(
                        "td",
                        Show.time(backfill.range().start()),
                        el("div", cls("soft"), text("to "), Show.time(backfill.range().end()))),
                el("td", Show.time(backfill.next())),
                Shell.number(Show.count(backfill.parallel())),
                el("td", text(backfill.by())),
                el(
                        "td",
                        cls("no-print"),
                        open
                                ? div(
                                        "row tight",
                                        JobPages.button(
                                                where,
                                                paused ? "Resume" : "Pause",
                                                false,
                                                Map.of(
                                                        "id",
                                                        backfill.id(),
                                                        "do",
                                                        paused ? "resume" : "pause")),
                                        JobPages.button(
                                                where,
                                                "Cancel",
                                                false,
                                                Map.of("id", backfill.id(), "do", "cancel")))
                                : Html.NOTHING));
    }

    private static String standing(Jobs jobs, Backfill backfill) {
        Map<JobRun.Status, Long> counts = jobs.standing(backfill);
        return counts.entrySet().stream()
                .map(e -> Show.count(e.getValue()) + " " + Mark.of(e.getKey()).word())
                .collect(Collectors.joining(", "));
    }
}
