package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.action;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.href;
import static dev.tarn.pages.Html.src;
import static dev.tarn.pages.Html.text;

import dev.tarn.spi.HttpProtocol;
import java.util.List;
import java.util.Optional;

/** What all pages have around them. */
final class Shell {
    /**
     * A place in the navigation.
     *
     * @param key pressed after {@code g}
     */
    record Section(String title, Link link, String key) {}

    static final Section HOME = new Section("Home", Link.to(), "h");
    static final Section RUNS = new Section("Runs", Link.to("runs"), "r");
    static final Section JOBS = new Section("Jobs", Link.to("jobs"), "j");
    static final Section GRID = new Section("Grid", Link.to("grid"), "g");
    static final Section CATALOG = new Section("Catalog", Link.to("catalog"), "c");
    static final Section LINEAGE = new Section("Lineage", Link.to("lineage"), "l");
    static final Section CHECKS = new Section("Checks", Link.to("checks"), "k");
    static final Section SQL = new Section("SQL", Link.to("sql"), "s");
    static final Section INGEST = new Section("Ingest", Link.to("sources"), "i");
    static final Section ALERTS = new Section("Alerts", Link.to("alerts"), "a");
    static final Section SYSTEM = new Section("System", Link.to("system"), "y");

    private static final List<Section> SECTIONS =
            List.of(HOME, RUNS, JOBS, GRID, CATALOG, LINEAGE, CHECKS, SQL, INGEST, ALERTS, SYSTEM);

    private final String project;

    /** The part of the navigation that pages below a first part of an address belong to. */
    static Section section(String first) {
        return switch (first) {
            case "assets", "files" -> CATALOG;
            case "job-runs" -> JOBS;
            default ->
                    SECTIONS.stream()
                            .filter(s -> s.link().equals(Link.to(first)))
                            .findFirst()
                            .orElse(HOME);
        };
    }

    /**
     * @param project what this warehouse is called in the corner
     */
    Shell(String project) {
        this.project = project;
    }

    /**
     * What a page consists of.
     *
     * @param refreshSeconds how often it is fetched again by itself
     */
    record Content(
            String title, Section section, Html head, Html body, Optional<Integer> refreshSeconds) {
        static Content of(String title, Section section, Html head, Html... body) {
            return new Content(title, section, head, Html.all(body), Optional.empty());
        }

        /** With a plain heading. */
        static Content of(String title, Section section, String sub, Html... body) {
            return of(title, section, heading(title, sub), body);
        }

        Content refreshing(int seconds) {
            return new Content(title, section, head, body, Optional.of(seconds));
        }
    }

    static Html heading(String title, String sub, Html... beside) {
        return div(
                "head",
                div(
                        "grow",
                        el("h1", title),
                        sub.isEmpty() ? Html.NOTHING : el("p", cls("sub"), text(sub))),
                Html.all(beside));
    }

    HttpProtocol.Answer page(int status, Content content) {
        return Reply.page(
                status,
                el(
                        "html",
                        attr("lang", "en"),
                        el(
                                "head",
                                el("meta", attr("charset", "utf-8")),
                                el(
                                        "meta",
                                        attr("name", "viewport"),
                                        attr("content", "width=device-width, initial-scale=1")),
                                el("title", content.title() + " · " + project + " · Tarn"),
                                el("link", attr("rel", "icon"), href(StaticFiles.link("icon.svg"))),
                                el(
                                        "link",
                                        attr("rel", "stylesheet"),
                                        href(StaticFiles.link("tarn.css"))),
                                el("script", src(StaticFiles.link("theme.js"))),
                                el(
                                        "script",
                                        src(StaticFiles.link("tarn.js")),
                                        attr("defer", "defer"))),
                        el("body", body(content))));
    }

    private Html body(Content content) {
        Html refresh =
                content.refreshSeconds().map(s -> attr("data-refresh", s)).orElse(Html.NOTHING);
        return Html.all(
                el("a", cls("skip"), new Html.Attribute("href", "#main"), text("To the content")),
                top(),
                navigation(content.section()),
                el("main", attr("id", "main"), refresh, content.head(), content.body()),
                keys());
    }

    private Html top() {
        return el(
                "header",
                cls("top"),
                a(
                        Link.to(),
                        cls("brand"),
                        logo(),
                        text("Tarn"),
                        el("small", attr("title", project), text(project))),
                el(
                        "form",
                        action(Link.to("catalog")),
                        attr("role", "search"),
                        el(
                                "input",
                                attr("type", "search"),
                                attr("id", "search"),
                                attr("name", "q"),
                                attr("aria-label", "Search tables, columns, owners, descriptions"),
                                attr("placeholder", "Search tables and columns   ( / )"))),
                div(
                        "right",
                        text("Times in UTC"),
                        el(
                                "button",
                                attr("type", "button"),
                                attr("id", "theme"),
                                text("Light / dark")),
                        el(
                                "button",
                                attr("type", "button"),
                                attr("id", "keys-open"),
                                text("Keys"))));
    }

    private static Html logo() {
        return el(
                "svg",
                attr("viewBox", "0 0 32 32"),
                attr("aria-hidden", "true"),
                el("path", attr("d", "M2 25 L12 8 L18 17 L21 13 L30 25 Z")));
    }

    private static Html navigation(Section current) {
        return el(
                "nav",
                cls("side"),
                attr("aria-label", "Pages"),
                el(
                        "ul",
                        each(
                                SECTIONS,
                                section ->
                                        el(
                                                "li",
                                                a(
                                                        section.link(),
                                                        section.equals(current)
                                                                ? attr("aria-current", "page")
                                                                : Html.NOTHING,
                                                        text(section.title()))))));
    }

    private static Html keys() {
        return el(
                "dialog",
                attr("id", "keys"),
                attr("aria-label", "Keys"),
                el("h2", "Keys"),
                el(
                        "dl",
                        cls("facts"),
                        key("/", "search"),
                        key("?", "this list"),
                        each(SECTIONS, s -> key("g " + s.key(), s.title())),
                        key("Ctrl Enter", "run the statement of the SQL page"),
                        key("Esc", "leave a field")),
                el("form", attr("method", "dialog"), el("button", "Close")));
    }

    private static Html key(String key, String does) {
        return Html.all(el("dt", el("kbd", key)), el("dd", does));
    }

    /** Pages of one thing, side by side. */
    static Html tabs(List<Section> tabs, String current) {
        return el(
                "nav",
                cls("tabs"),
                attr("aria-label", "Parts"),
                each(
                        tabs,
                        tab ->
                                a(
                                        tab.link(),
                                        tab.key().equals(current)
                                                ? attr("aria-current", "page")
                                                : Html.NOTHING,
                                        text(tab.title()))));
    }

    /** What to do where nothing is. */
    static Html empty(String says, String command) {
        return div(
                "card",
                div(
                        "empty",
                        Html.p(says),
                        command.isEmpty() ? Html.NOTHING : Show.command(command)));
    }

    static Html crumbs(Html... pieces) {
        return el("div", cls("crumbs"), Html.all(pieces));
    }

    static Html number(String text) {
        return el("td", cls("num"), text(text));
    }

    /**
     * Names of columns: with {@code >} of numbers, with {@code !} of what nobody can do on paper.
     */
    static Html heads(String... names) {
        return el(
                "thead",
                el(
                        "tr",
                        each(
                                List.of(names),
                                name ->
                                        switch (name.isEmpty() ? ' ' : name.charAt(0)) {
                                            case '>' -> head("num", name.substring(1));
                                            case '!' -> head("no-print", name.substring(1));
                                            default -> el("th", attr("scope", "col"), text(name));
                                        })));
    }

    private static Html head(String cls, String name) {
        return el("th", cls(cls), attr("scope", "col"), text(name));
    }
}
