package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.action;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.app.At;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All checks with what they found run after run, and one check with the rows that fail it. */
final class ChecksPages {
    private static final int PAGE = 100;
    private static final int TREND = 24;
    private static final int RUNS = 50;
    private static final int ROWS = 50;

    private final Ground ground;

    ChecksPages(Ground ground) {
        this.ground = ground;
    }

    Optional<Shell.Content> content(Ask ask) {
        return switch (ask.path().size()) {
            case 1 -> Optional.of(list(ask));
            case 2 -> Optional.of(check(ask.path().get(1)));
            default -> Optional.empty();
        };
    }

    private Shell.Content list(Ask ask) {
        Optional<ProjectMap> map = ground.project().map();
        if (map.isEmpty()) {
            return Shell.Content.of(
                    "Checks",
                    Shell.CHECKS,
                    "",
                    Shell.empty(
                            "There is no compiled project here, so there are no checks.",
                            "tarn compile"));
        }
        NodeMarks marks = new NodeMarks(ground, map.get());
        String query = ask.asked("q").orElse("").toLowerCase(Locale.ROOT);
        List<Node.Check> checks =
                map.get().project().nodes().values().stream()
                        .filter(Node.Check.class::isInstance)
                        .map(Node.Check.class::cast)
                        .filter(c ->
                                (c.name()
                                                + " "
                                                + c.kind()
                                                + " "
                                                + subject(map.get(), c)
                                                + " "
                                                + marks.check(c.id()).word())
                                        .toLowerCase(Locale.ROOT)
                                        .contains(query))
                        .sorted(
                                Comparator.comparingInt(
                                                (Node.Check c) -> order(marks.check(c.id())))
                                        .thenComparing(c -> subject(map.get(), c))
                                        .thenComparing(Node.Check::name))
                        .toList();
        int page = ask.number("page", 1, 1, 100_000);
        List<Node.Check> shown = checks.stream().skip((page - 1L) * PAGE).limit(PAGE).toList();
        Html body =
                checks.isEmpty()
                        ? Shell.empty(
                                query.isEmpty()
                                        ? "Nothing is checked yet. Tests in the YAML files of models appear here."
                                        : "No check fits.",
                                "")
                        : div(
                                "card flush",
                                div(
                                        "scroll",
                                        el(
                                                "table",
                                                Shell.heads(
                                                        "Status",
                                                        "Check",
                                                        "About",
                                                        "Column",
                                                        "At worst",
                                                        ">Failing rows",
                                                        "Newest runs, latest right"),
                                                el(
                                                        "tbody",
                                                        each(
                                                                shown,
                                                                c -> row(map.get(), marks, c))))),
                                RunPages.pager(ask, page, checks.size(), PAGE));
        return Shell.Content.of(
                "Checks",
                Shell.CHECKS,
                Shell.heading(
                        "Checks",
                        Show.count(checks.size(), "check", "checks") + ", what is wrong first"),
                search(query),
                body);
    }

    private static int order(Mark mark) {
        return switch (mark) {
            case FAILED -> 0;
            case WARNED -> 1;
            case NONE -> 2;
            default -> 3;
        };
    }

    private static Html search(String query) {
        return el(
                "form",
                cls("row card no-print"),
                action(Link.to("checks")),
                el(
                        "label",
                        cls("field"),
                        text("Name, table or status"),
                        el(
                                "input",
                                attr("type", "search"),
                                attr("name", "q"),
                                attr("value", query),
                                attr("size", "30"))),
                el("button", attr("type", "submit"), text("Show")));
    }

    private static String subject(ProjectMap map, Node.Check check) {
        return check.attachedTo()
                .or(() -> check.dependsOn().stream().findFirst())
                .map(id -> map.title(id.value()))
                .orElse("");
    }

    private Html row(ProjectMap map, NodeMarks marks, Node.Check check) {
        List<Task> history = ground.tarn().overview().taskHistory(check.id(), TREND);
        Optional<Node> about =
                check.attachedTo()
                        .or(() -> check.dependsOn().stream().findFirst())
                        .flatMap(id -> map.project().find(id));
        Mark mark = marks.check(check.id());
        long failing =
                mark.colour().equals("ok")
                        ? 0
                        : history.stream()
                                .filter(t ->
                                        t.status() == TaskStatus.FAILED
                                                || t.status() == TaskStatus.WARNED)
                                .findFirst()
                                .map(Task::rows)
                                .orElse(0L);
        return el(
                "tr",
                el("td", mark.badge()),
                el(
                        "td",
                        cls("name"),
                        a(
                                Ground.page(check),
                                Show.name(
                                        check.kind().equals("singular") || check.isUnit()
                                                ? check.name()
                                                : check.kind()))),
                el(
                        "td",
                        about.map(n -> a(Ground.page(n), Show.name(ProjectMap.title(n))))
                                .orElse(Html.NOTHING)),
                el("td", check.column().orElse("")),
                el("td", check.rules().severity().name().toLowerCase(Locale.ROOT)),
                Shell.number(failing == 0 ? "" : Show.count(failing)),
                el("td", new Trend(history.reversed()).small()));
    }

    private Shell.Content check(String id) {
        Optional<ProjectMap> map = ground.project().map();
        Node.Check check =
                map.flatMap(m -> m.node(id))
                        .filter(Node.Check.class::isInstance)
                        .map(Node.Check.class::cast)
                        .orElseThrow(() ->
                                new TarnException(
                                        ErrorCode.NODE_NOT_FOUND,
                                        "This project has no check '%s' any more.".formatted(id)));
        NodeMarks marks = new NodeMarks(ground, map.orElseThrow());
        List<Task> history = ground.tarn().overview().taskHistory(check.id(), RUNS);
        Mark mark = marks.check(check.id());
        return Shell.Content.of(
                check.name(),
                Shell.CHECKS,
                div(
                        "head",
                        Shell.crumbs(a(Link.to("checks"), "Checks"), text(" /")),
                        div(
                                "grow",
                                el("h1", Show.name(check.name())),
                                el(
                                        "p",
                                        cls("sub"),
                                        text(check.kind() + " · "),
                                        Problems.place(check.common().place()))),
                        mark.badge()),
                div(
                        "cols wide-left",
                        el("div", rows(check, mark, history), code(check)),
                        el("div", facts(map.get(), check), trend(history))));
    }

    private static Html facts(ProjectMap map, Node.Check check) {
        Optional<Node> about =
                check.attachedTo()
                        .or(() -> check.dependsOn().stream().findFirst())
                        .flatMap(id -> map.project().find(id));
        return div(
                "card",
                check.common().description().isBlank()
                        ? Html.NOTHING
                        : Html.p(check.common().description()),
                el(
                        "dl",
                        cls("facts"),
                        el("dt", "About"),
                        el(
                                "dd",
                                about.map(n -> a(Ground.page(n), ProjectMap.title(n)))
                                        .orElse(text(""))),
                        el("dt", "Column"),
                        el("dd", check.column().orElse("all")),
                        el("dt", "At worst"),
                        el("dd", check.rules().severity().name().toLowerCase(Locale.ROOT)),
                        el("dt", "Fails if"),
                        el(
                                "dd",
                                el(
                                        "code",
                                        check.rules().failCalc() + " " + check.rules().errorIf())),
                        el("dt", "Warns if"),
                        el(
                                "dd",
                                el(
                                        "code",
                                        check.rules().failCalc() + " " + check.rules().warnIf()))));
    }

    private static Html trend(List<Task> history) {
        if (history.isEmpty()) {
            return Shell.empty("It has not run yet.", "tarn test");
        }
        return div(
                "card flush",
                el("h2", "Trend"),
                div("pager", new Trend(history.reversed()).large()),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads("Run", "Status", ">Failing rows"),
                                el(
                                        "tbody",
                                        each(
                                                history,
                                                t ->
                                                        el(
                                                                "tr",
                                                                el(
                                                                        "td",
                                                                        cls("mono nowrap"),
                                                                        a(
                                                                                Link.to(
                                                                                        "runs",
                                                                                        t.run()
                                                                                                .value()),
                                                                                t.run().value())),
                                                                el(
                                                                        "td",
                                                                        Mark.of(t.status())
                                                                                .badge()),
                                                                Shell.number(
                                                                        t.rows() == 0
                                                                                ? ""
                                                                                : Show.count(
                                                                                        t
                                                                                                .rows()))))))));
    }

    /** The rows as the check sees them now, where its last run left its work, else on main. */
    private Html rows(Node.Check check, Mark mark, List<Task> history) {
        if (mark.colour().equals("ok") || check.isUnit() || history.isEmpty()) {
            return div(
                    "card",
                    el("h2", "Failing rows"),
                    el(
                            "p",
                            cls("soft"),
                            text(
                                    mark.colour().equals("ok")
                                            ? "None: it passed."
                                            : "None are known.")));
        }
        RefName ref = RefName.of(history.getFirst().run());
        boolean kept = ground.tarn().refs().stream().anyMatch(r -> r.name().equals(ref));
        At at = kept ? new At(ref, dev.tarn.model.AsOf.head()) : At.MAIN;
        return div(
                "card flush",
                el("h2", "Failing rows"),
                div(
                        "pager",
                        text(
                                kept
                                        ? "As the run %s left them; nothing of it was published."
                                                .formatted(history.getFirst().run())
                                        : "As they are on main."),
                        a(
                                Link.to("sql")
                                        .with("q", check.sql().sql().strip())
                                        .with("at", kept ? ref.value() : ""),
                                cls("button no-print"),
                                text("Open in SQL"))),
                new ResultGrid(ground.tarn()).show(check.sql(), at, ROWS));
    }

    private static Html code(Node.Check check) {
        return el(
                "div",
                el("h2", "Compiled"),
                Source.show(check.sql().sql().strip(), "check.sql", 0));
    }
}
