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
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskRun;
import dev.tarn.schedule.JobViews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One run of a job: its tasks over time, what each waits for, what it printed, what to do. */
final class JobRunPage {
    private static final int TASKS = 300;
    private static final int ATTEMPTS = 100;
    private static final int REFRESH_SECONDS = 2;
    private static final int BAR = 120;
    private static final Pattern TASK = Pattern.compile("task '([^']*)': (.*)", Pattern.DOTALL);

    private final Ground ground;

    JobRunPage(Ground ground) {
        this.ground = ground;
    }

    Shell.Content show(Ask ask, JobRunId id) {
        Jobs jobs = ground.tarn().jobs();
        JobViews.Details details = jobs.run(id);
        JobRun run = details.run();
        Shell.Content content =
                Shell.Content.of(
                        "Run " + id,
                        Shell.JOBS,
                        head(run),
                        outcome(details, jobs.waitsFor(run)),
                        questions(details),
                        tasks(ask, details),
                        log(ask, details),
                        attempts(details),
                        facts(run));
        return run.status().isEnd() ? content : content.refreshing(REFRESH_SECONDS);
    }

    private static Html head(JobRun run) {
        boolean named = !run.job().equals(JobName.ON_DEMAND);
        Map<String, String> again = Map.of("do", "again");
        return div(
                "head",
                Shell.crumbs(
                        a(Link.to("jobs"), "Jobs"),
                        text(" / "),
                        named
                                ? a(JobPages.job(run.job()), run.job().value())
                                : text(run.job().value()),
                        text(" /")),
                div(
                        "grow",
                        el("h1", "Run " + run.id()),
                        el(
                                "p",
                                cls("sub"),
                                text(
                                        "%s by %s, due %s"
                                                .formatted(
                                                        cause(run.cause()),
                                                        run.by(),
                                                        Show.second(run.dueAt()))))),
                div(
                        "row no-print",
                        run.status().isEnd()
                                ? JobPages.button(
                                        JobPages.run(run.id()),
                                        run.status() == JobRun.Status.SUCCEEDED
                                                ? "Everything again"
                                                : "Again what did not succeed",
                                        run.status() != JobRun.Status.SUCCEEDED,
                                        again)
                                : JobPages.button(
                                        JobPages.run(run.id()),
                                        "Cancel",
                                        false,
                                        Map.of("do", "cancel"))));
    }

    private static String cause(JobRun.Cause cause) {
        return switch (cause) {
            case SCHEDULE -> "Started";
            case MANUAL -> "Asked for";
            case BACKFILL -> "Backfill";
            case EVENT, AFTER -> "Started";
        };
    }

    private Html outcome(JobViews.Details details, Optional<String> waitsFor) {
        JobRun run = details.run();
        Mark mark = Mark.of(run.status());
        Map<TaskRun.Status, Integer> counts = new EnumMap<>(TaskRun.Status.class);
        details.steps().forEach(s -> counts.merge(s.task().status(), 1, Integer::sum));
        String says =
                switch (run.status()) {
                    case QUEUED -> "Queued.";
                    case RUNNING -> "Running.";
                    case SUCCEEDED -> "Done.";
                    case FAILED -> "Failed.";
                    case CANCELLED -> "Cancelled.";
                };
        return Html.all(
                div(
                        "banner " + mark.colour(),
                        attr("role", "status"),
                        mark.shape(),
                        el("strong", says),
                        run.startedAt()
                                .map(from ->
                                        span(
                                                "soft",
                                                "%s to %s, %s"
                                                        .formatted(
                                                                Show.second(from),
                                                                run.finishedAt()
                                                                        .map(Show::second)
                                                                        .orElse("now"),
                                                                JobList.took(run, ground.now()))))
                                .orElse(Html.NOTHING),
                        when(run.late(), span("chip warn", "late"))),
                waitsFor.map(w -> div("card", text("Waits for: " + w + "."))).orElse(Html.NOTHING),
                run.message()
                        .filter(m -> run.status() != JobRun.Status.SUCCEEDED)
                        .map(m -> trouble(m, mark))
                        .orElse(Html.NOTHING),
                div(
                        "tiles",
                        each(
                                List.copyOf(counts.entrySet()),
                                e ->
                                        div(
                                                "tile",
                                                el("b", Show.count(e.getValue())),
                                                Mark.of(e.getKey()).badge()))));
    }

    /** The task that went wrong stands before what it says. */
    private static Html trouble(String message, Mark mark) {
        Matcher task = TASK.matcher(message);
        boolean told = task.matches();
        return div(
                "card trouble " + mark.colour(),
                told ? div("who", mark.badge(), el("b", task.group(1))) : Html.NOTHING,
                Problems.show(Problems.Told.parse(told ? task.group(2) : message)));
    }

    /** What a person has to decide. */
    private static Html questions(JobViews.Details details) {
        List<TaskRun> held =
                details.steps().stream()
                        .map(JobViews.Step::task)
                        .filter(t -> t.status() == TaskRun.Status.HELD)
                        .toList();
        return each(
                held,
                t ->
                        div(
                                "card trouble warn",
                                div(
                                        "who",
                                        Mark.HELD.badge(),
                                        el("b", t.task().value()),
                                        text(t.message().orElse(""))),
                                div(
                                        "row no-print",
                                        act(details.run(), t, "approve", "Approve", true),
                                        act(details.run(), t, "refuse", "Refuse", false))));
    }

    private static Html act(JobRun run, TaskRun task, String what, String label, boolean main) {
        return JobPages.button(
                JobPages.run(run.id()),
                label,
                main,
                Map.of(
                        "do",
                        what,
                        "task",
                        task.task().value(),
                        "seen",
                        task.status().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    }

    private Html tasks(Ask ask, JobViews.Details details) {
        int page = ask.number("page", 1, 1, 100_000);
        String only = ask.asked("only").orElse("");
        List<JobViews.Step> all =
                details.steps().stream()
                        .filter(s ->
                                only.isEmpty() || Mark.of(s.task().status()).word().equals(only))
                        .toList();
        List<JobViews.Step> shown = all.stream().skip((page - 1L) * TASKS).limit(TASKS).toList();
        if (details.steps().isEmpty()) {
            return Html.NOTHING;
        }
        return Html.all(
                Html.when(details.steps().size() > 20, filters(ask, details, only)),
                div(
                        "card flush",
                        el("h2", "Tasks"),
                        div(
                                "scroll",
                                el(
                                        "table",
                                        Shell.heads(
                                                "Task",
                                                "Kind",
                                                "Status",
                                                "When",
                                                ">Took",
                                                "Waits for, or came to",
                                                "!Do"),
                                        el("tbody", each(shown, s -> row(ask, details.run(), s))))),
                        RunPages.pager(ask, page, all.size(), TASKS)));
    }

    private static Html filters(Ask ask, JobViews.Details details, String only) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        details.steps()
                .forEach(s -> counts.merge(Mark.of(s.task().status()).word(), 1, Integer::sum));
        List<Shell.Section> tabs = new ArrayList<>();
        Link here = ask.here().with("page", "");
        tabs.add(
                new Shell.Section(
                        "All " + Show.count(details.steps().size()), here.with("only", ""), ""));
        counts.forEach((word, count) ->
                tabs.add(
                        new Shell.Section(
                                word + " " + Show.count(count), here.with("only", word), word)));
        return Shell.tabs(tabs, only);
    }

    private Html row(Ask ask, JobRun run, JobViews.Step step) {
        TaskRun task = step.task();
        Link log = ask.here().with("task", task.task().value()).with("attempt", "");
        return el(
                "tr",
                task.task().value().equals(ask.asked("task").orElse(""))
                        ? cls("changed")
                        : Html.NOTHING,
                el(
                        "td",
                        cls("name"),
                        a(log, Show.name(task.task().value())),
                        task.attempt() > 1
                                ? span("soft small", " try " + task.attempt())
                                : Html.NOTHING),
                el("td", task.kind()),
                el("td", Mark.of(task.status()).badge()),
                el("td", bar(run, task)),
                Shell.number(took(task)),
                el("td", cls("small"), said(step)),
                el(
                        "td",
                        cls("no-print"),
                        div(
                                "row tight",
                                run.status().isEnd()
                                        ? act(
                                                run,
                                                task,
                                                "again",
                                                "Again from here",
                                                task.status() == TaskRun.Status.FAILED)
                                        : Html.NOTHING,
                                markable(task)
                                        ? act(run, task, "succeeded", "Mark as done", false)
                                        : Html.NOTHING)));
    }

    /** Whether somebody may say that it need not be done. */
    private static boolean markable(TaskRun task) {
        return switch (task.status()) {
            case FAILED, READY, WAITING -> true;
            default -> false;
        };
    }

    private static Html said(JobViews.Step step) {
        List<Html> pieces = new ArrayList<>();
        step.waitsFor().ifPresent(w -> pieces.add(el("div", "waits for " + w)));
        step.task()
                .message()
                .filter(m -> step.waitsFor().isEmpty())
                .ifPresent(m -> pieces.add(el("div", JobList.firstLine(m))));
        step.task()
                .work()
                .ifPresent(w ->
                        pieces.add(el("div", a(Link.to("runs", w.value()), "run " + w.value()))));
        if (!step.task().output().isEmpty() && step.task().work().isEmpty()) {
            pieces.add(
                    el(
                            "div",
                            cls("soft"),
                            text("gives "),
                            el("code", JobList.firstLine(step.task().output()))));
        }
        return Html.all(pieces);
    }

    private String took(TaskRun task) {
        return task.startedAt()
                .map(from ->
                        Show.duration(
                                Duration.between(from, task.finishedAt().orElse(ground.now()))))
                .orElse("");
    }

    /** Where in the time of the run a task worked. */
    private Html bar(JobRun run, TaskRun task) {
        Instant from = run.startedAt().orElse(run.createdAt());
        Instant to = run.finishedAt().orElse(ground.now());
        double whole = Math.max(1, Duration.between(from, to).toMillis());
        if (task.startedAt().isEmpty()) {
            return Html.NOTHING;
        }
        double begin = Duration.between(from, task.startedAt().get()).toMillis() / whole;
        double end = Duration.between(from, task.finishedAt().orElse(to)).toMillis() / whole;
        long x = Math.round(Math.clamp(begin, 0, 1) * (BAR - 2));
        long width = Math.max(2, Math.round(Math.clamp(end, 0, 1) * BAR) - x);
        return el(
                "svg",
                cls("bar"),
                attr("viewBox", "0 0 %d 12".formatted(BAR)),
                attr("width", BAR),
                attr("height", 12),
                attr("role", "img"),
                attr("aria-label", "from %s".formatted(Show.clock(task.startedAt().get()))),
                el("rect", cls("track"), attr("width", BAR), attr("height", 12), attr("rx", 2)),
                el(
                        "rect",
                        cls("b-" + Mark.of(task.status()).colour()),
                        attr("x", x),
                        attr("width", width),
                        attr("height", 12),
                        attr("rx", 2)));
    }

    /** Of the task that the address names, or of the one that is most likely wanted. */
    private Html log(Ask ask, JobViews.Details details) {
        Optional<TaskRun> wanted =
                ask.asked("task")
                        .flatMap(name ->
                                details.steps().stream()
                                        .map(JobViews.Step::task)
                                        .filter(t -> t.task().value().equals(name))
                                        .findFirst())
                        .or(() -> first(details, TaskRun.Status.FAILED))
                        .or(() -> first(details, TaskRun.Status.RUNNING));
        if (wanted.isEmpty()) {
            return Html.NOTHING;
        }
        boolean asked = ask.asked("task").isPresent();
        TaskRun task = wanted.get();
        Optional<Integer> attempt =
                ask.asked("attempt").map(a -> ask.number("attempt", task.attempt(), 1, 1_000_000));
        Optional<String> printed =
                ground.tarn().jobs().log(details.run().id(), task.task(), attempt);
        if (!asked && printed.filter(t -> !t.isEmpty()).isEmpty()) {
            return Html.NOTHING;
        }
        return div(
                "card",
                el(
                        "h2",
                        "What %s printed%s"
                                .formatted(task.task(), attempt.map(a -> ", try " + a).orElse(""))),
                printed.filter(t -> !t.isEmpty())
                        .map(t ->
                                el(
                                        "pre",
                                        cls("plain log"),
                                        attr("tabindex", "0"),
                                        attr("role", "region"),
                                        attr("aria-label", "Log of " + task.task()),
                                        text(t)))
                        .orElseGet(() -> el("p", cls("soft"), text("Nothing."))));
    }

    private static Optional<TaskRun> first(JobViews.Details details, TaskRun.Status status) {
        return details.steps().stream()
                .map(JobViews.Step::task)
                .filter(t -> t.status() == status)
                .findFirst();
    }

    /** Only where something was tried more than once. */
    private static Html attempts(JobViews.Details details) {
        List<Attempt> all = details.attempts();
        if (all.stream().allMatch(a -> a.attempt() == 1)) {
            return Html.NOTHING;
        }
        List<Attempt> shown = all.subList(Math.max(0, all.size() - ATTEMPTS), all.size());
        return div(
                "card flush",
                el("h2", "Tries"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads("Task", ">Try", "Outcome", "Began", ">Took", "Message"),
                                el("tbody", each(shown, a -> attempt(details.run(), a))))));
    }

    private static Html attempt(JobRun run, Attempt attempt) {
        return el(
                "tr",
                el("td", attempt.task().value()),
                el(
                        "td",
                        cls("num"),
                        a(
                                JobPages.run(run.id())
                                        .with("task", attempt.task().value())
                                        .with("attempt", Integer.toString(attempt.attempt())),
                                Integer.toString(attempt.attempt()))),
                el("td", Mark.of(attempt.outcome()).badge()),
                el("td", Show.time(attempt.startedAt())),
                Shell.number(
                        Show.duration(Duration.between(attempt.startedAt(), attempt.finishedAt()))),
                el("td", cls("small"), text(JobList.firstLine(attempt.message().orElse("")))));
    }

    private static Html facts(JobRun run) {
        return div(
                "card",
                el("h2", "About"),
                el(
                        "dl",
                        cls("facts"),
                        el("dt", "Data from"),
                        el("dd", Show.time(run.interval().start())),
                        el("dt", "Data up to"),
                        el("dd", Show.time(run.interval().end())),
                        el("dt", "Parameters"),
                        el(
                                "dd",
                                run.params().isEmpty()
                                        ? text("none")
                                        : el(
                                                "code",
                                                run.params().entrySet().stream()
                                                        .map(e -> e.getKey() + "=" + e.getValue())
                                                        .collect(Collectors.joining(", ")))),
                        run.backfill()
                                .map(b ->
                                        Html.all(
                                                el("dt", "Backfill"),
                                                el(
                                                        "dd",
                                                        a(
                                                                Link.to("job-runs")
                                                                        .with("backfill", b),
                                                                b))))
                                .orElse(Html.NOTHING)));
    }
}
