package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;
import static dev.tarn.pages.Html.when;

import dev.tarn.app.At;
import dev.tarn.app.TableReport;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.Task;
import dev.tarn.model.table.TableState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One table or view from every side. */
final class AssetPages {
    private static final int RUNS = 50;
    private static final int FEW = 5;

    private final Ground ground;
    private final AssetColumns columns;
    private final AssetHistory history;

    AssetPages(Ground ground) {
        this.ground = ground;
        columns = new AssetColumns(ground);
        history = new AssetHistory(ground);
    }

    /**
     * What is known of an asset.
     *
     * @param report empty while nothing has been built
     */
    record Asset(
            TableName name,
            At at,
            Optional<TableReport> report,
            Optional<Node> node,
            Optional<ProjectMap> map) {
        Link link(Ask ask) {
            return Ground.keeping(ask, Ground.asset(name));
        }
    }

    Optional<Shell.Content> content(Ask ask) {
        if (ask.path().size() < 2 || ask.path().size() > 3) {
            return Optional.empty();
        }
        Asset asset = asset(ask);
        String tab = ask.path().size() == 3 ? ask.path().get(2) : "";
        Optional<Html> body =
                switch (tab) {
                    case "" -> Optional.of(overview(asset));
                    case "columns" -> Optional.of(columns.show(asset));
                    case "lineage" -> Optional.of(lineage(asset));
                    case "checks" -> Optional.of(checks(asset));
                    case "runs" -> Optional.of(runs(asset));
                    case "code" -> Optional.of(new AssetCode(ground.root()).show(asset));
                    case "history" -> Optional.of(history.show(ask, asset));
                    default -> Optional.empty();
                };
        return body.map(b ->
                Shell.Content.of(
                        asset.name() + (tab.isEmpty() ? "" : " " + tab),
                        Shell.CATALOG,
                        head(ask, asset),
                        tabs(ask, asset, tab),
                        b));
    }

    /** Restores a table as a form says. */
    Optional<Link> post(Ask ask) {
        return ask.path().size() == 3 && ask.path().get(2).equals("history")
                ? Optional.of(history.restore(ask))
                : Optional.empty();
    }

    private Asset asset(Ask ask) {
        At at = Ground.at(ask);
        String text = ask.path().get(1);
        Optional<ProjectMap> map = ground.project().map();
        Optional<TableName> declared =
                text.contains(".")
                        ? Optional.of(TableName.parse(text))
                                .filter(n -> map.flatMap(m -> m.node(n)).isPresent())
                        : Optional.empty();
        TableName name;
        Optional<TableReport> report;
        try {
            name = ground.tarn().named(text, at);
            report = Optional.of(ground.tarn().table(name, at));
        } catch (TarnException e) {
            // A node of the project may have no table yet.
            if (e.code() != ErrorCode.TABLE_NOT_FOUND || declared.isEmpty()) {
                throw e;
            }
            name = declared.get();
            report = Optional.empty();
        }
        TableName found = name;
        return new Asset(name, at, report, map.flatMap(m -> m.node(found)), map);
    }

    private Html head(Ask ask, Asset asset) {
        String sql = "select * from " + asset.name() + " limit 100";
        return div(
                "head",
                Shell.crumbs(
                        a(Ground.keeping(ask, Link.to("catalog")), "Catalog"),
                        text(" / "),
                        a(
                                Ground.keeping(
                                        ask,
                                        Link.to("catalog").with("schema", asset.name().schema())),
                                asset.name().schema()),
                        text(" /")),
                div(
                        "grow",
                        el("h1", asset.name().toString()),
                        el(
                                "p",
                                cls("sub"),
                                text(
                                        asset.node()
                                                        .map(ProjectMap::kind)
                                                        .or(() ->
                                                                asset.report()
                                                                        .map(r ->
                                                                                r.listing().kind()))
                                                        .orElse("table")
                                                + " on "
                                                + asset.at()),
                                asset.node()
                                        .map(n ->
                                                Html.all(
                                                        text(" · "),
                                                        Problems.place(n.common().place())))
                                        .orElse(text(" · not of this project")))),
                div(
                        "row no-print",
                        asset.map().isPresent() && asset.node().isPresent()
                                ? status(asset)
                                : Html.NOTHING,
                        a(
                                Ground.keeping(ask, Link.to("sql").with("q", sql)),
                                cls("button"),
                                text("Query"))));
    }

    private Html status(Asset asset) {
        return new NodeMarks(ground, asset.map().orElseThrow())
                .of(asset.node().orElseThrow())
                .badge();
    }

    private static Html tabs(Ask ask, Asset asset, String tab) {
        int checks =
                asset.map()
                        .flatMap(m -> asset.node().map(n -> m.checksOf(n.id()).size()))
                        .orElse(0);
        List<Shell.Section> tabs = new ArrayList<>();
        tabs.add(new Shell.Section("Overview", asset.link(ask), ""));
        int count = asset.report().map(r -> r.schema().fields().size()).orElse(0);
        for (String name : List.of("columns", "lineage", "checks", "runs", "code", "history")) {
            String title = Character.toUpperCase(name.charAt(0)) + name.substring(1);
            String number =
                    name.equals("columns") && count > 0
                            ? " " + count
                            : name.equals("checks") ? " " + checks : "";
            Link link = Ground.keeping(ask, Link.to("assets", asset.name().toString(), name));
            tabs.add(new Shell.Section(title + number, link, name));
        }
        return Shell.tabs(tabs, tab);
    }

    private Html overview(Asset asset) {
        String description =
                asset.node()
                        .map(n -> n.common().description())
                        .filter(d -> !d.isBlank())
                        .or(() -> asset.report().flatMap(r -> r.listing().description()))
                        .orElse("");
        return Html.all(
                when(asset.report().isEmpty(), notBuilt(asset)),
                div(
                        "cols wide-left",
                        el(
                                "div",
                                div(
                                        "card",
                                        description.isEmpty()
                                                ? el(
                                                        "p",
                                                        cls("soft"),
                                                        text(
                                                                "Nobody has described it yet. A `description:` in its YAML file appears here."))
                                                : Html.p(description),
                                        facts(asset)),
                                nearest(asset)),
                        el("div", checkList(asset, FEW * 2), runTable(asset, FEW))));
    }

    private static Html notBuilt(Asset asset) {
        return div(
                "banner",
                Mark.NONE.shape(),
                el("strong", "It has no table on " + asset.at() + " yet."),
                Show.command("tarn build --select " + asset.node().map(Node::name).orElse("")));
    }

    private Html facts(Asset asset) {
        List<Html> facts = new ArrayList<>();
        facts.add(cls("facts"));
        Optional<TableReport> report = asset.report();
        report.flatMap(TableReport::state).ifPresent(s -> stateFacts(facts, s));
        report.flatMap(r -> r.listing().changed())
                .ifPresent(at ->
                        fact(
                                facts,
                                "Rows changed",
                                Html.all(
                                        Show.time(at),
                                        span("soft", " · " + Show.ago(at, ground.now())))));
        report.ifPresent(r -> fact(facts, "Publication", text("no. " + r.publication())));
        report.map(r -> r.attributes().get(Entry.WATERMARK))
                .ifPresent(time -> fact(facts, "Watermark", text(time)));
        report.map(r -> r.attributes().get("run"))
                .ifPresent(run -> fact(facts, "Made by", a(Link.to("runs", run), "run " + run)));
        asset.node()
                .flatMap(n -> n.common().owner())
                .or(() -> report.flatMap(r -> r.listing().owner()))
                .ifPresent(o -> fact(facts, "Owner", text(o)));
        asset.node()
                .map(n -> n.common().tags())
                .filter(t -> !t.isEmpty())
                .ifPresent(tags ->
                        fact(facts, "Tags", each(tags, t -> Html.all(Show.chip(t), text(" ")))));
        asset.node().ifPresent(n -> fact(facts, "Node", el("code", n.id().value())));
        report.flatMap(TableReport::state)
                .ifPresent(s -> fact(facts, "Location", el("code", s.location())));
        return facts.size() == 1 ? Html.NOTHING : el("dl", facts.toArray(Html[]::new));
    }

    private static void stateFacts(List<Html> facts, TableState state) {
        state.current()
                .ifPresent(s -> {
                    fact(facts, "Rows", text(Show.count(s.totalRows())));
                    fact(
                            facts,
                            "Size",
                            text(
                                    "%s in %s"
                                            .formatted(
                                                    Show.bytes(s.totalBytes()),
                                                    Show.count(s.totalFiles(), "file", "files"))));
                });
        if (!state.definition().partitioning().isEmpty()) {
            fact(
                    facts,
                    "Partitions",
                    text(
                            state.definition().partitioning().stream()
                                    .map(p -> p.name())
                                    .collect(java.util.stream.Collectors.joining(", "))));
        }
        fact(facts, "Format", text("Iceberg v" + state.formatVersion()));
    }

    private static void fact(List<Html> facts, String name, Html value) {
        facts.add(el("dt", name));
        facts.add(el("dd", value));
    }

    /** One up, one down, as words. */
    private static Html nearest(Asset asset) {
        if (asset.node().isEmpty() || asset.map().isEmpty()) {
            return Html.NOTHING;
        }
        NodeId id = asset.node().get().id();
        ProjectMap map = asset.map().get();
        return div(
                "card",
                el("h2", "Reads and is read by"),
                el(
                        "dl",
                        cls("facts"),
                        el("dt", "Reads"),
                        el("dd", nodes(map, map.inputsOf(id), "nothing: it comes from outside")),
                        el("dt", "Read by"),
                        el("dd", nodes(map, map.readersOf(id), "nothing in this project"))));
    }

    private static Html nodes(ProjectMap map, List<NodeId> ids, String none) {
        return ids.isEmpty()
                ? span("soft", none)
                : each(
                        ids,
                        id ->
                                div(
                                        "",
                                        map.project()
                                                .find(id)
                                                .map(n -> a(Ground.page(n), ProjectMap.title(n)))
                                                .orElseGet(() -> text(id.value()))));
    }

    private Html lineage(Asset asset) {
        if (asset.node().isEmpty() || asset.map().isEmpty()) {
            return Shell.empty(
                    "The project does not know this table, so it does not know where it comes from.",
                    "");
        }
        ProjectMap map = asset.map().get();
        Node node = asset.node().get();
        Set<NodeId> near = new LinkedHashSet<>(map.inputsOf(node.id()));
        near.add(node.id());
        near.addAll(map.readersOf(node.id()));
        NodeMarks marks = new NodeMarks(ground, map);
        List<GraphDrawing.Box> boxes =
                near.stream()
                        .flatMap(id -> map.project().find(id).stream())
                        .map(n -> marks.box(n, n.id().equals(node.id())))
                        .toList();
        return Html.all(
                div(
                        "row",
                        span("soft", "One up, one down."),
                        a(
                                Link.to("lineage").with("select", "2+" + node.name() + "+2"),
                                cls("button"),
                                text("Two steps")),
                        a(
                                Link.to("lineage").with("select", "+" + node.name() + "+"),
                                cls("button"),
                                text("Everything before and after")),
                        a(
                                Link.to("lineage").with("columns", asset.name().toString()),
                                cls("button"),
                                text("Columns"))),
                el("p", ""),
                new GraphDrawing(boxes).draw(),
                el("p", ""),
                nearest(asset));
    }

    private Html checks(Asset asset) {
        return checkList(asset, Integer.MAX_VALUE);
    }

    private Html checkList(Asset asset, int most) {
        if (asset.node().isEmpty() || asset.map().isEmpty()) {
            return Html.NOTHING;
        }
        List<Node.Check> checks = asset.map().get().checksOf(asset.node().get().id());
        if (checks.isEmpty()) {
            return div(
                    "card",
                    el("h2", "Checks"),
                    el(
                            "p",
                            cls("soft"),
                            text(
                                    "Nothing is checked about it. Tests under `columns:` or `data_tests:` in its YAML file appear here.")));
        }
        NodeMarks marks = new NodeMarks(ground, asset.map().get());
        List<Node.Check> sorted =
                checks.stream()
                        .sorted(
                                java.util.Comparator.comparing((Node.Check c) ->
                                                marks.check(c.id()).colour().equals("ok"))
                                        .thenComparing(c -> marks.check(c.id()) != Mark.FAILED))
                        .toList();
        return div(
                "card flush",
                el("h2", "Checks"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads("Status", "Check", "At worst"),
                                el(
                                        "tbody",
                                        each(
                                                sorted.stream().limit(most).toList(),
                                                c ->
                                                        el(
                                                                "tr",
                                                                el(
                                                                        "td",
                                                                        marks.check(c.id())
                                                                                .badge()),
                                                                el(
                                                                        "td",
                                                                        cls("name"),
                                                                        a(
                                                                                Ground.page(c),
                                                                                Show.name(
                                                                                        c.kind()
                                                                                                        .equals(
                                                                                                                "singular")
                                                                                                ? c
                                                                                                        .name()
                                                                                                : c
                                                                                                        .kind())),
                                                                        c.column()
                                                                                .map(n ->
                                                                                        span(
                                                                                                "soft",
                                                                                                " of "
                                                                                                        + n))
                                                                                .orElse(
                                                                                        Html
                                                                                                .NOTHING)),
                                                                el(
                                                                        "td",
                                                                        c.rules()
                                                                                .severity()
                                                                                .name()
                                                                                .toLowerCase(
                                                                                        java.util
                                                                                                .Locale
                                                                                                .ROOT))))))),
                when(
                        sorted.size() > most,
                        div(
                                "pager",
                                text(
                                        "… and %d more under Checks."
                                                .formatted(sorted.size() - most)))));
    }

    private Html runs(Asset asset) {
        return runTable(asset, RUNS);
    }

    private Html runTable(Asset asset, int most) {
        Optional<String> id =
                asset.node()
                        .map(n -> n.id().value())
                        .or(() -> asset.report().map(r -> r.attributes().get("node")));
        List<Task> tasks =
                id.map(i -> ground.tarn().overview().taskHistory(new NodeId(i), most))
                        .orElse(List.of());
        if (tasks.isEmpty()) {
            return Html.NOTHING;
        }
        return div(
                "card flush",
                el("h2", "Runs"),
                div(
                        "scroll",
                        el(
                                "table",
                                most <= FEW
                                        ? Shell.heads("Run", "Status", ">Took", ">Rows")
                                        : Shell.heads(
                                                "Run",
                                                "Status",
                                                ">Took",
                                                ">Rows",
                                                ">Written",
                                                "Started"),
                                el("tbody", each(tasks, t -> run(t, most <= FEW))))));
    }

    private static Html run(Task task, boolean brief) {
        return el(
                "tr",
                el(
                        "td",
                        cls("mono nowrap"),
                        a(
                                Link.to("runs", task.run().value()).with("task", task.node()),
                                task.run().value())),
                el("td", Mark.of(task.status()).badge()),
                Shell.number(RunPages.took(task)),
                Shell.number(task.rows() == 0 ? "" : Show.count(task.rows())),
                when(!brief, Shell.number(task.bytes() == 0 ? "" : Show.bytes(task.bytes()))),
                when(!brief, el("td", task.startedAt().map(Show::time).orElse(Html.NOTHING))));
    }
}
