package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.action;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;
import static dev.tarn.pages.Html.when;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.HttpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the warehouse. The statement is in the address, so that it can be sent to somebody; only
 * questions are answered, changes are for the command line.
 */
final class SqlPage {
    /** The name of what was typed, in places. */
    private static final String STATEMENT = "statement";

    private static final int ROWS = 200;
    private static final int ROWS_MAX = 5_000;
    private static final int LENGTH_MAX = 100_000;
    private static final int TABLES = 300;

    private final Ground ground;
    private final Map<String, Cancellation> working = new ConcurrentHashMap<>();

    SqlPage(Ground ground) {
        this.ground = ground;
    }

    /** Stops a statement that somebody started, by the ticket its page made. */
    HttpProtocol.Answer cancel(Ask ask) {
        Cancellation cancellation = working.get(ask.form().getOrDefault("ticket", ""));
        if (cancellation != null) {
            cancellation.cancel();
        }
        return Reply.text(
                cancellation == null ? 404 : 200,
                "text/plain; charset=utf-8",
                cancellation == null ? "Nothing of that ticket runs." : "Stopped.");
    }

    /** The ways to go on at a place, for the editor. */
    HttpProtocol.Answer ways(Ask ask) {
        String sql = ask.query().getOrDefault("q", "");
        At at;
        try {
            at = Ground.at(ask);
        } catch (TarnException e) {
            at = At.MAIN;
        }
        return Reply.text(
                200,
                "application/json; charset=utf-8",
                Json.write(
                        sql.length() > LENGTH_MAX
                                ? List.of()
                                : new SqlNames(ground.tarn())
                                        .at(
                                                sql,
                                                ask.number("place", sql.length(), 0, LENGTH_MAX),
                                                at)));
    }

    Shell.Content show(Ask ask) {
        String sql = ask.asked("q").orElse("");
        Html result = Html.NOTHING;
        List<Problem> problems = List.of();
        At at = At.MAIN;
        if (!sql.isEmpty()) {
            try {
                at = Ground.at(ask);
                result = result(ask, sql, at);
            } catch (TarnException e) {
                problems = e.problems();
            }
        }
        return Shell.Content.of(
                "SQL",
                Shell.SQL,
                Shell.heading(
                        "SQL",
                        "Reads any state of the warehouse; the address holds the statement."),
                div(
                        "sqlpage",
                        el(
                                "div",
                                editor(ask, sql, problems),
                                // On paper there is no editor.
                                when(!sql.isEmpty(), el("pre", cls("plain print-only"), text(sql))),
                                each(problems, p -> problem(sql, p)),
                                result),
                        tables(ask, at)));
    }

    private Html result(Ask ask, String sql, At at) {
        if (sql.length() > LENGTH_MAX) {
            return Shell.empty(
                    "A statement may have %s characters here.".formatted(Show.count(LENGTH_MAX)),
                    "");
        }
        if (!Tarn.isQuery(sql)) {
            return Shell.empty(
                    "This statement changes something. Pages only ask; run it with",
                    "tarn sql \"…\"");
        }
        String plan = ask.asked("plan").orElse("");
        if (!plan.isEmpty() && !plan.equals("chart")) {
            return div(
                    "card",
                    el(
                            "h2",
                            plan.equals("analyze")
                                    ? "The plan, and what each step took"
                                    : "The plan"),
                    el(
                            "pre",
                            cls("plain"),
                            text(ground.tarn().explain(sql, at, plan.equals("analyze")))));
        }
        Cancellation cancellation = new Cancellation();
        Optional<String> ticket = ask.asked("ticket").filter(t -> t.length() < 40);
        ticket.ifPresent(t -> working.put(t, cancellation));
        try {
            ResultChart chart = new ResultChart();
            Html grid =
                    div(
                            "card flush",
                            new ResultGrid(ground.tarn())
                                    .show(
                                            SqlText.ofFile(sql, STATEMENT),
                                            at,
                                            ask.number("rows", ROWS, 1, ROWS_MAX),
                                            cancellation,
                                            chart));
            return plan.equals("chart") ? Html.all(chart.draw(), grid) : grid;
        } finally {
            ticket.ifPresent(working::remove);
        }
    }

    private static Html editor(Ask ask, String sql, List<Problem> problems) {
        Optional<Integer> offset =
                problems.stream()
                        .flatMap(p -> p.place().stream())
                        .findFirst()
                        .map(p -> offset(sql, p));
        return el(
                "form",
                cls("card no-print"),
                action(Link.to("sql")),
                el(
                        "textarea",
                        attr("name", "q"),
                        attr("data-sql", ""),
                        attr("spellcheck", "false"),
                        attr("aria-label", "Statement"),
                        attr("role", "combobox"),
                        attr("aria-autocomplete", "list"),
                        attr("aria-controls", "ways"),
                        attr("aria-expanded", "false"),
                        attr(
                                "placeholder",
                                "select … from …        Ctrl Enter runs it, Ctrl Space completes"),
                        attr("rows", Math.clamp(sql.lines().count() + 2, 7, 24)),
                        offset.map(o -> attr("data-offset", o)).orElse(Html.NOTHING),
                        text(sql)),
                el(
                        "ul",
                        attr("id", "ways"),
                        cls("completions"),
                        attr("role", "listbox"),
                        attr("aria-label", "Ways to go on"),
                        attr("hidden", "hidden")),
                el("input", attr("type", "hidden"), attr("name", "ticket"), attr("value", "")),
                div(
                        "row",
                        el("button", cls("main"), attr("type", "submit"), text("Run")),
                        el(
                                "button",
                                attr("type", "submit"),
                                attr("name", "plan"),
                                attr("value", "explain"),
                                text("Plan")),
                        el(
                                "button",
                                attr("type", "submit"),
                                attr("name", "plan"),
                                attr("value", "analyze"),
                                text("Run and measure")),
                        el(
                                "button",
                                attr("type", "submit"),
                                attr("name", "plan"),
                                attr("value", "chart"),
                                text("Chart")),
                        el(
                                "button",
                                attr("type", "button"),
                                attr("id", "cancel"),
                                attr("disabled", "disabled"),
                                text("Cancel")),
                        el(
                                "label",
                                cls("field"),
                                text("On"),
                                el(
                                        "input",
                                        attr("name", "at"),
                                        attr("value", ask.asked("at").orElse("")),
                                        attr(
                                                "placeholder",
                                                "main, a branch, 12, 2026-11-21, run:ID"),
                                        attr("size", "30"))),
                        el(
                                "label",
                                cls("field"),
                                text("Rows"),
                                el(
                                        "input",
                                        attr("name", "rows"),
                                        attr("type", "number"),
                                        attr("min", "1"),
                                        attr("max", ROWS_MAX),
                                        attr("value", ask.number("rows", ROWS, 1, ROWS_MAX))))));
    }

    private static int offset(String sql, Place place) {
        int line = 1;
        int at = 0;
        while (line < place.line() && at < sql.length()) {
            if (sql.charAt(at++) == '\n') {
                line++;
            }
        }
        return Math.min(sql.length(), at + Math.max(0, place.column() - 1));
    }

    /** The line it is about, with a mark below the place. */
    private static Html problem(String sql, Problem problem) {
        Optional<Place> place =
                problem.place().filter(p -> p.file().equals(STATEMENT) && p.line() > 0);
        List<String> lines = sql.lines().toList();
        if (place.isEmpty() || place.get().line() > lines.size()) {
            return div("card trouble fail", Problems.show(problem));
        }
        Place at = place.get();
        String line = lines.get(at.line() - 1);
        String below = " ".repeat(Math.max(0, at.column() - 1)) + "^";
        return div(
                "card trouble fail",
                div(
                        "problem",
                        div(
                                "row",
                                span(
                                        "place",
                                        "line %d, column %d".formatted(at.line(), at.column())),
                                Show.chip(problem.code().name())),
                        el("pre", cls("squiggle"), text(line + "\n"), span("fail", below)),
                        el("p", cls("what"), text(problem.message()))));
    }

    private Html tables(Ask ask, At at) {
        List<TableName> names = new ArrayList<>();
        try {
            names.addAll(ground.tarn().tableNames(at));
        } catch (TarnException e) {
            return Html.NOTHING;
        }
        return el(
                "aside",
                cls("card no-print"),
                attr("aria-label", "Asked before, and tables"),
                div(
                        "",
                        attr("id", "asked"),
                        attr("hidden", "hidden"),
                        el("h2", "Asked before"),
                        el("ul", cls("plainlist")),
                        el("button", attr("type", "button"), text("Forget"))),
                el("h2", "Tables"),
                el(
                        "ul",
                        cls("plainlist"),
                        each(
                                names.stream().limit(TABLES).toList(),
                                n ->
                                        el(
                                                "li",
                                                a(
                                                        Ground.keeping(
                                                                ask,
                                                                Link.to("sql")
                                                                        .with(
                                                                                "q",
                                                                                "select *\nfrom %s\nlimit 100"
                                                                                        .formatted(
                                                                                                sql(
                                                                                                        n)))),
                                                        Show.name(n.toString()))))));
    }

    static String sql(TableName name) {
        return part(name.schema()) + "." + part(name.table());
    }

    static String part(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : Type.quoted(name);
    }
}
