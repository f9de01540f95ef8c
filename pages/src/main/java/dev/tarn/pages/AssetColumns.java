package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;

import dev.tarn.app.TableReport;
import dev.tarn.model.graph.Node;
import dev.tarn.model.table.Field;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The columns of a table: what is said about them, what is checked, what their values are like. */
final class AssetColumns {
    private static final int BAR = 70;

    private final Ground ground;
    private final Profile profile;

    AssetColumns(Ground ground) {
        this.ground = ground;
        profile = new Profile(ground.tarn());
    }

    Html show(AssetPages.Asset asset) {
        if (asset.report().isEmpty()) {
            return declared(asset);
        }
        TableReport report = asset.report().get();
        Optional<NodeMarks> marks = asset.map().map(m -> new NodeMarks(ground, m));
        Profile.Look look =
                profile.of(asset.name(), report.publication(), report.schema(), asset.at());
        return Html.all(
                look.problem()
                        .map(p -> div("banner warn", Mark.WARNED.shape(), text(p)))
                        .orElse(Html.NOTHING),
                div(
                        "card flush",
                        div(
                                "scroll",
                                el(
                                        "table",
                                        Shell.heads(
                                                "Column",
                                                "Type",
                                                "Description",
                                                "Checks",
                                                "Filled",
                                                ">Nulls",
                                                ">Distinct, about",
                                                "Least",
                                                "Greatest"),
                                        el(
                                                "tbody",
                                                each(
                                                        report.schema().fields(),
                                                        f -> row(asset, f, look, marks))))),
                        div(
                                "pager",
                                text(
                                        look.rows() >= Profile.ROWS_MAX
                                                ? "The profile looked at the first %s rows."
                                                        .formatted(Show.count(look.rows()))
                                                : "The profile looked at all %s."
                                                        .formatted(
                                                                Show.count(
                                                                        look.rows(),
                                                                        "row",
                                                                        "rows"))))));
    }

    private static Html declared(AssetPages.Asset asset) {
        Map<String, Node.ColumnDoc> docs = docs(asset);
        return docs.isEmpty()
                ? Shell.empty("Its columns are known once it is built.", "tarn build")
                : div(
                        "card flush",
                        el(
                                "table",
                                Shell.heads("Column", "Declared type", "Description"),
                                el(
                                        "tbody",
                                        each(
                                                docs.values(),
                                                d ->
                                                        el(
                                                                "tr",
                                                                el(
                                                                        "td",
                                                                        cls("name"),
                                                                        text(d.name())),
                                                                el("td", d.dataType().orElse("")),
                                                                el("td", d.description()))))));
    }

    private static Map<String, Node.ColumnDoc> docs(AssetPages.Asset asset) {
        return asset.node()
                .map(n ->
                        switch (n) {
                            case Node.Model m -> m.columns();
                            case Node.Source s -> s.columns();
                            case Node.Seed s -> s.columns();
                            case Node.Check c -> Map.<String, Node.ColumnDoc>of();
                        })
                .orElse(Map.of());
    }

    private static Html row(
            AssetPages.Asset asset, Field field, Profile.Look look, Optional<NodeMarks> known) {
        Optional<Node.ColumnDoc> doc =
                docs(asset).values().stream()
                        .filter(d -> d.name().equalsIgnoreCase(field.name()))
                        .findFirst();
        Optional<Profile.Column> seen = Optional.ofNullable(look.columns().get(field.name()));
        return el(
                "tr",
                el(
                        "td",
                        cls("name"),
                        asset.node().isPresent()
                                ? a(
                                        Link.to("lineage")
                                                .with("columns", asset.name() + "." + field.name()),
                                        field.name())
                                : text(field.name())),
                el(
                        "td",
                        cls("mono nowrap"),
                        text(shortened(field.type().sql())),
                        field.required() ? span("soft", " not null") : Html.NOTHING),
                el(
                        "td",
                        cls("text"),
                        text(doc.map(Node.ColumnDoc::description).orElse(field.doc().orElse("")))),
                el("td", checks(asset, field, known)),
                el("td", seen.map(c -> filled(c.values(), look.rows())).orElse(Html.NOTHING)),
                Shell.number(seen.map(c -> Show.count(look.rows() - c.values())).orElse("")),
                Shell.number(
                        seen.filter(c -> c.distinct() >= 0)
                                .map(c -> Show.count(c.distinct()))
                                .orElse("")),
                el("td", cls("mono edgeval"), text(seen.flatMap(Profile.Column::least).orElse(""))),
                el(
                        "td",
                        cls("mono edgeval"),
                        text(seen.flatMap(Profile.Column::greatest).orElse(""))));
    }

    private static String shortened(String type) {
        return type.length() > 40 ? type.substring(0, 39) + "…" : type;
    }

    private static Html checks(AssetPages.Asset asset, Field field, Optional<NodeMarks> known) {
        if (asset.map().isEmpty() || asset.node().isEmpty() || known.isEmpty()) {
            return Html.NOTHING;
        }
        List<Node.Check> checks =
                asset.map().get().checksOf(asset.node().get().id()).stream()
                        .filter(c ->
                                c.column()
                                        .filter(n -> n.equalsIgnoreCase(field.name()))
                                        .isPresent())
                        .toList();
        if (checks.isEmpty()) {
            return Html.NOTHING;
        }
        NodeMarks marks = known.get();
        return each(
                checks,
                c ->
                        el(
                                "div",
                                cls("nowrap"),
                                a(
                                        Ground.page(c),
                                        span(
                                                "st " + marks.check(c.id()).colour(),
                                                marks.check(c.id()).shape(),
                                                text(c.kind()))),
                                marks.check(c.id()) == Mark.PASSED
                                        ? Html.NOTHING
                                        : span("soft", " " + marks.check(c.id()).word())));
    }

    /** How much of a column is there, as a bar and as a number. */
    private static Html filled(long values, long rows) {
        double share = rows == 0 ? 0 : (double) values / rows;
        String percent =
                rows == 0
                        ? ""
                        : values == rows
                                ? "100 %"
                                : String.format(
                                        Locale.ROOT, "%.1f %%", Math.floor(share * 1000) / 10);
        return el(
                "span",
                cls("nowrap"),
                el(
                        "svg",
                        cls("bar"),
                        attr("width", BAR),
                        attr("height", "10"),
                        attr("aria-hidden", "true"),
                        el(
                                "rect",
                                cls("track"),
                                attr("width", BAR),
                                attr("height", "10"),
                                attr("rx", "2")),
                        el(
                                "rect",
                                cls("fill"),
                                attr("width", Math.round(BAR * share)),
                                attr("height", "10"),
                                attr("rx", "2"))),
                text(" " + percent));
    }
}
