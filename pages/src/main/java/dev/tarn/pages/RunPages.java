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

import dev.tarn.app.OnDemand;
import dev.tarn.app.RunDetails;
import dev.tarn.model.RunId;
import dev.tarn.model.graph.Node;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All runs, and one of them. */
final class RunPages {
    private static final int BRIEF = 40;
    private static final int LISTED = 200;
    private static final int TASKS = 300;
    private static final int LOG_LINES = 600;
    private static final int PROBLEMS = 20;
    private static final int REFRESH_SECONDS = 2;

    private final Ground ground;

    RunPages(Ground ground) {
        this.ground = ground;
    }

    Optional<Shell.Content> content(Ask ask) {
        return switch (ask.path().size()) {
            case 1 -> Optional.of(list(ask));
            case 2 -> Optional.of(run(ask, new RunId(ask.path().get(1))));
            default -> Optional.empty();
        };
    }

    private Shell.Content list(Ask ask) {
        List<Run> runs = ground.tarn().runs(LISTED);
        String wanted = ask.asked("status").orElse("");
        List<Run> shown =
                runs.stream()
                        .filter(r -> wanted.isEmpty() || Mark.of(r.status()).word().equals(wanted))
                        .toList();
        Html body =
                runs.isEmpty()
                        ? Shell.empty("No run yet. Build everything with", "tarn build")
                        : shown.isEmpty()
                                ? Shell.empty(
                                        "No run of the newest %d has this status."
                                                .formatted(runs.size()),
                                        "")
                                : div("card flush", div("scroll", table(shown, ground.now())));
        boolean working = runs.stream().anyMatch(r -> r.status() == RunStatus.RUNNING);
        Shell.Content content =
                Shell.Content.of(
                        "Runs",
                        Shell.RUNS,
                        Shell.heading(
                                "Runs",
                                "A run publishes everything it made at once, or nothing. The newest %d are listed."
                                        .formatted(LISTED)),
                        statuses(runs, wanted),
                        body);
        return working ? content.refreshing(REFRESH_SECONDS) : content;
    }

    private static Html statuses(List<Run> runs, String wanted) {
        Map<RunStatus, Integer> counts = new EnumMap<>(RunStatus.class);
        runs.forEach(r -> counts.merge(r.status(), 1, Integer::sum));
        List<Shell.Section> tabs = new ArrayList<>();
        tabs.add(new Shell.Section("All " + runs.size(), Link.to("runs"), ""));
        counts.forEach((status, count) -> {
            String word = Mark.of(status).word();
            tabs.add(
                    new Shell.Section(
                            word + " " + count, Link.to("runs").with("status", word), word));
        });
        return Shell.tabs(tabs, wanted);
    }

    static Html table(List<Run> runs, Instant now) {
        return table(runs, now, false);
    }

    /** Without what can be done without where there is little room. */
    static Html table(List<Run> runs, Instant now, boolean brief) {
        return el(
                "table",
                brief
                        ? Shell.heads("Run", "Status", "Command", "Started", ">Took")
                        : Shell.heads(
                                "Run",
                                "Status",
                                "Command",
                                "Ref",
                                "Started",
                                ">Took",
                                ">Published"),
                el(
                        "tbody",
                        each(
                                runs,
                                r ->
                                        el(
                                                "tr",
                                                el(
                                                        "td",
                                                        cls("nowrap mono"),
                                                        a(
                                                                Link.to("runs", r.id().value()),
                                                                r.id().value())),
                                                el("td", Mark.of(r.status()).badge()),
                                                el(
                                                        "td",
                                                        cls("mono"),
                                                        text(
                                                                brief
                                                                        ? Show.value(
                                                                                r.command(), BRIEF)
                                                                        : r.command())),
                                                when(!brief, el("td", text(r.target().value()))),
                                                el("td", Show.time(r.startedAt())),
                                                Shell.number(Show.duration(HomePage.took(r, now))),
                                                when(
                                                        !brief,
                                                        Shell.number(
                                                                r.publication()
                                                                        .map(p -> "no. " + p)
                                                                        .orElse("nothing")))))));
    }

    private Shell.Content run(Ask ask, RunId id) {
        RunDetails details = ground.tarn().run(id);
        Run run = details.run();
        Optional<ProjectMap> map = ground.projectSoon().map();
        boolean all = ask.asked("show").orElse("").equals("all");
        List<Task> told =
                details.tasks().stream()
                        .filter(t -> all || t.status() != TaskStatus.UNCHANGED)
                        .toList();
        Shell.Content content =
                Shell.Content.of(
                        "Run " + id,
                        Shell.RUNS,
                        head(run),
                        outcome(run, details.tasks()),
                        problems(run, details.tasks(), map),
                        chart(ask, run, details.tasks(), told, map),
                        tasks(ask, told, map),
                        log(details.tasks(), map));
        return run.status() == RunStatus.RUNNING ? content.refreshing(REFRESH_SECONDS) : content;
    }

    private Html head(Run run) {
        boolean ended = run.status() != RunStatus.RUNNING;
        boolean retryable =
                ended && run.status() != RunStatus.PUBLISHED && run.status() != RunStatus.UNCHANGED;
        return div(
                "head",
                Shell.crumbs(a(Link.to("runs"), "Runs"), text(" /")),
                div(
                        "grow",
                        el("h1", "Run " + run.id()),
                        el(
                                "p",
                                cls("sub"),
                                el("code", run.command()),
                                text(" on "),
                                text(run.target().value()),
                                run.retryOf()
                                        .map(r ->
                                                Html.all(
                                                        text(", goes on from "),
                                                        a(Link.to("runs", r.value()), "run " + r)))
                                        .orElse(Html.NOTHING))),
                when(
                        retryable,
                        div(
                                "row no-print",
                                el(
                                        "form",
                                        cls("row"),
                                        attr("method", "post"),
                                        Html.action(Link.to("runs", run.id().value(), "again")),
                                        el(
                                                "button",
                                                cls("main"),
                                                attr("type", "submit"),
                                                text("Again from here"))),
                                span("soft small", "or"),
                                Show.command("tarn retry " + run.id()))));
    }

    /** Goes on from a run, as a run of its own. */
    Optional<Link> post(Ask ask) {
        if (ask.path().size() != 3 || !ask.path().get(2).equals("again")) {
            return Optional.empty();
        }
        RunId id = new RunId(ask.path().get(1));
        JobRun asked =
                ground.tarn()
                        .jobs()
                        .order(new OnDemand.Order.Again(id), ask.formText("key"), JobPages.BY);
        return Optional.of(JobPages.run(asked.id()));
    }

    private Html outcome(Run run, List<Task> tasks) {
        Mark mark = Mark.of(run.status());
        Map<TaskStatus, Integer> counts = new EnumMap<>(TaskStatus.class);
        tasks.forEach(t -> counts.merge(t.status(), 1, Integer::sum));
        long rows = tasks.stream().filter(t -> t.bytes() > 0).mapToLong(Task::rows).sum();
        long bytes = tasks.stream().mapToLong(Task::bytes).sum();
        return Html.all(
                div(
                        "banner " + mark.colour(),
                        attr("role", "status"),
                        mark.shape(),
                        el("strong", sentence(run)),
                        span(
                                "soft",
                                "%s to %s, %s"
                                        .formatted(
                                                Show.second(run.startedAt()),
                                                run.finishedAt().map(Show::second).orElse("now"),
                                                Show.duration(HomePage.took(run, ground.now()))))),
                div(
                        "tiles",
                        each(
                                List.copyOf(counts.entrySet()),
                                e ->
                                        div(
                                                "tile",
                                                el("b", Show.count(e.getValue())),
                                                Mark.of(e.getKey()).badge())),
                        div("tile", el("b", Show.count(rows)), span("", "rows written")),
                        div("tile", el("b", Show.bytes(bytes)), span("", "written"))));
    }

    private static String sentence(Run run) {
        return switch (run.status()) {
            case RUNNING -> "Running. Nothing is visible before all of it is.";
            case PUBLISHED ->
                    "Published"
                            + run.publication().map(p -> " as no. " + p).orElse("")
                            + " to "
                            + run.target()
                            + ".";
            case UNCHANGED -> "Nothing had changed, so there was nothing to publish.";
            case FAILED -> "Failed: nothing was published to " + run.target() + ".";
            case CANCELLED -> "Cancelled: nothing was published to " + run.target() + ".";
            case LOST -> "Lost: its process vanished, nothing was published.";
        };
    }

    private static Html problems(Run run, List<Task> tasks, Optional<ProjectMap> map) {
        List<Task> bad =
                tasks.stream()
                        .filter(t ->
                                t.status() == TaskStatus.FAILED || t.status() == TaskStatus.WARNED)
                        .sorted(Comparator.comparing((Task t) -> t.status() != TaskStatus.FAILED))
                        .toList();
        boolean around = bad.stream().noneMatch(t -> t.status() == TaskStatus.FAILED);
        Html error =
                around && run.error().isPresent()
                        ? Problems.show(Problems.Told.parse(run.error().get()))
                        : Html.NOTHING;
        if (bad.isEmpty()) {
            return error;
        }
        return Html.all(
                error,
                each(
                        bad.stream().limit(PROBLEMS).toList(),
                        t -> {
                            Optional<Node> node = map.flatMap(m -> m.node(t.node()));
                            return div(
                                    "card trouble " + Mark.of(t.status()).colour(),
                                    div(
                                            "who",
                                            Mark.of(t.status()).badge(),
                                            name(t.node(), node),
                                            span("soft", node.map(ProjectMap::kind).orElse(""))),
                                    Problems.of(t, node));
                        }),
                when(
                        bad.size() > PROBLEMS,
                        Html.p("… and %d more below.".formatted(bad.size() - PROBLEMS))));
    }

    private static Html name(String id, Optional<Node> node) {
        return node.map(n -> a(Ground.page(n), Show.name(ProjectMap.title(n))))
                .orElseGet(() -> el("b", attr("title", id), text(ProjectMap.shortName(id))));
    }

    private Html chart(
            Ask ask, Run run, List<Task> tasks, List<Task> told, Optional<ProjectMap> map) {
        long hidden = tasks.stream().filter(t -> t.status() == TaskStatus.UNCHANGED).count();
        boolean all = ask.asked("show").orElse("").equals("all");
        Html toggle =
                hidden == 0
                        ? Html.NOTHING
                        : a(
                                ask.here().with("show", all ? "" : "all"),
                                cls("button"),
                                text(
                                        all
                                                ? "Without unchanged ones"
                                                : "Show %d unchanged ones".formatted(hidden)));
        return div(
                "card",
                div("row", el("h2", "When what ran"), toggle),
                told.stream().allMatch(t -> t.startedAt().isEmpty())
                        ? Html.p("No task has begun.")
                        : div("scroll", new Gantt(run, told, map, ground.now()).draw()));
    }

    private static Html tasks(Ask ask, List<Task> told, Optional<ProjectMap> map) {
        int page = ask.number("page", 1, 1, 100_000);
        String marked = ask.asked("task").orElse("");
        List<Task> shown = told.stream().skip((page - 1L) * TASKS).limit(TASKS).toList();
        return div(
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
                                        "Started",
                                        ">Took",
                                        ">Rows",
                                        ">Written",
                                        "Message"),
                                el("tbody", each(shown, t -> task(t, map, marked))))),
                pager(ask, page, told.size(), TASKS));
    }

    /** Where a list is cut into pages. */
    static Html pager(Ask ask, int page, long total, int size) {
        if (total <= size) {
            return Html.NOTHING;
        }
        long last = (total + size - 1) / size;
        return div(
                "pager",
                page > 1
                        ? a(
                                ask.here()
                                        .with("page", page == 2 ? "" : Integer.toString(page - 1)),
                                "Back")
                        : Html.NOTHING,
                text(
                        "%s to %s of %s"
                                .formatted(
                                        Show.count((page - 1L) * size + 1),
                                        Show.count(Math.min(total, (long) page * size)),
                                        Show.count(total))),
                page < last
                        ? a(ask.here().with("page", Integer.toString(page + 1)), "Next")
                        : Html.NOTHING);
    }

    private static Html task(Task task, Optional<ProjectMap> map, String marked) {
        Optional<Node> node = map.flatMap(m -> m.node(task.node()));
        return el(
                "tr",
                task.node().equals(marked) ? cls("changed") : Html.NOTHING,
                el(
                        "td",
                        cls("name"),
                        name(task.node(), node),
                        task.attempt() > 1
                                ? span("soft", " attempt " + task.attempt())
                                : Html.NOTHING),
                el("td", node.map(ProjectMap::kind).orElse("")),
                el("td", Mark.of(task.status()).badge()),
                el("td", cls("nowrap"), text(task.startedAt().map(Show::clock).orElse(""))),
                Shell.number(took(task)),
                Shell.number(task.rows() == 0 ? "" : Show.count(task.rows())),
                Shell.number(task.bytes() == 0 ? "" : Show.bytes(task.bytes())),
                el("td", text(task.message().map(RunPages::firstLine).orElse(""))));
    }

    static String took(Task task) {
        return task.startedAt()
                .flatMap(from ->
                        task.finishedAt()
                                .map(to -> Show.duration(java.time.Duration.between(from, to))))
                .orElse("");
    }

    private static String firstLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() > 240 ? line.substring(0, 240) + "…" : line;
    }

    private record Line(Instant at, Mark mark, String says) {}

    /** What the run wrote down, as it went. */
    private static Html log(List<Task> tasks, Optional<ProjectMap> map) {
        List<Line> lines = new ArrayList<>();
        for (Task task : tasks) {
            String name =
                    map.map(m -> m.title(task.node()))
                            .orElseGet(() -> ProjectMap.shortName(task.node()));
            if (task.status() != TaskStatus.UNCHANGED) {
                task.startedAt()
                        .ifPresent(at -> lines.add(new Line(at, Mark.RUNNING, name + " begins")));
            }
            task.finishedAt()
                    .ifPresent(at ->
                            lines.add(new Line(at, Mark.of(task.status()), name + ending(task))));
        }
        lines.sort(Comparator.comparing(Line::at));
        if (lines.isEmpty()) {
            return Html.NOTHING;
        }
        int cut = Math.max(0, lines.size() - LOG_LINES);
        return div(
                "card flush",
                el("h2", "Log"),
                when(
                        cut > 0,
                        div(
                                "pager",
                                text(
                                        "The last %d of %s lines."
                                                .formatted(LOG_LINES, Show.count(lines.size()))))),
                el(
                        "ol",
                        cls("log"),
                        attr("tabindex", "0"),
                        attr("aria-label", "Log"),
                        each(
                                lines.subList(cut, lines.size()),
                                line ->
                                        el(
                                                "li",
                                                span("soft", Show.clock(line.at())),
                                                line.mark().badge(),
                                                el("span", text(line.says()))))));
    }

    private static String ending(Task task) {
        StringBuilder end = new StringBuilder();
        if (task.rows() > 0) {
            end.append(": ").append(Show.count(task.rows(), "row", "rows"));
        }
        if (task.bytes() > 0) {
            end.append(", ").append(Show.bytes(task.bytes()));
        }
        String took = took(task);
        if (!took.isEmpty()) {
            end.append(String.format(Locale.ROOT, ", in %s", took));
        }
        task.message().ifPresent(m -> end.append(" · ").append(firstLine(m)));
        return end.toString();
    }
}
