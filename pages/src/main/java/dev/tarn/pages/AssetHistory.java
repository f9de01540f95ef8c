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
import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Publication;
import dev.tarn.refs.Difference;
import dev.tarn.refs.RowDifferences;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.Catalog.EntryVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The states a table has had: what changed between two of them, and the way back to one. */
final class AssetHistory {
    private static final int VERSIONS = 100;
    private static final int ROWS = 50;
    private static final long SECONDS_MAX = 20;

    private final Ground ground;

    AssetHistory(Ground ground) {
        this.ground = ground;
    }

    Html show(Ask ask, AssetPages.Asset asset) {
        List<EntryVersion> versions =
                ground.tarn().history(asset.name(), asset.at().ref(), VERSIONS);
        Optional<String> from = ask.asked("from");
        Optional<String> to = ask.asked("to");
        Optional<String> restore = ask.asked("restore");
        Html top =
                restore.isPresent()
                        ? question(asset, restore.get())
                        : from.isPresent() && to.isPresent()
                                ? difference(asset, from.get(), to.get())
                                : ask.asked("done")
                                        .map(n ->
                                                div(
                                                        "banner ok",
                                                        attr("role", "status"),
                                                        Mark.OK.shape(),
                                                        text(
                                                                "Restored, as publication no. "
                                                                        + n
                                                                        + ".")))
                                        .orElse(Html.NOTHING);
        return Html.all(top, table(ask, asset, versions));
    }

    private static Html table(Ask ask, AssetPages.Asset asset, List<EntryVersion> versions) {
        List<Html> rows = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            Optional<EntryVersion> older =
                    i + 1 < versions.size() ? Optional.of(versions.get(i + 1)) : Optional.empty();
            rows.add(row(ask, asset, versions.get(i), older, i == 0));
        }
        return div(
                "card flush",
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads(
                                        ">Publication",
                                        "When",
                                        "What",
                                        "Run",
                                        "Compare",
                                        "Restore"),
                                el("tbody", Html.all(rows)))));
    }

    private static Html row(
            Ask ask,
            AssetPages.Asset asset,
            EntryVersion version,
            Optional<EntryVersion> older,
            boolean newest) {
        Publication publication = version.publication();
        Link here = Ground.keeping(ask, Link.to("assets", asset.name().toString(), "history"));
        boolean there = version.value().isPresent();
        return el(
                "tr",
                Shell.number(publication.id().toString()),
                el("td", Show.time(publication.at())),
                el(
                        "td",
                        text(there ? publication.message() : "dropped: " + publication.message()),
                        when(newest, span("soft", " · what is there now"))),
                el(
                        "td",
                        cls("mono nowrap"),
                        publication
                                .run()
                                .map(r -> a(Link.to("runs", r.value()), r.value()))
                                .orElse(Html.NOTHING)),
                el(
                        "td",
                        cls("nowrap"),
                        older.map(o ->
                                        a(
                                                here.with("from", o.publication().id().toString())
                                                        .with("to", publication.id().toString()),
                                                "with no. " + o.publication().id()))
                                .orElseGet(() -> span("soft", "the first"))),
                el(
                        "td",
                        cls("nowrap"),
                        newest || !there
                                ? Html.NOTHING
                                : a(
                                        here.with("restore", publication.id().toString()),
                                        "as of no. " + publication.id())));
    }

    /** Restoring changes what everybody sees, so it is asked once more. */
    private static Html question(AssetPages.Asset asset, String publication) {
        PublicationId id = publication(publication);
        return div(
                "card",
                el("h2", "Restore " + asset.name() + " as it was at no. " + id + "?"),
                Html.p(
                        "Everybody on %s sees it at once. It is a publication of its own, and what is there now stays in the history. The next build makes the table again if its code or inputs say so."
                                .formatted(asset.at().ref())),
                el(
                        "form",
                        attr("method", "post"),
                        action(Link.to("assets", asset.name().toString(), "history")),
                        el(
                                "input",
                                attr("type", "hidden"),
                                attr("name", "restore"),
                                attr("value", id.toString())),
                        el(
                                "input",
                                attr("type", "hidden"),
                                attr("name", "ref"),
                                attr("value", asset.at().ref().value())),
                        asset.report()
                                .map(r -> JobPages.hidden("seen", r.publication().toString()))
                                .orElse(Html.NOTHING),
                        el("button", cls("main"), attr("type", "submit"), text("Restore")),
                        text(" "),
                        a(
                                Link.to("assets", asset.name().toString(), "history"),
                                cls("button"),
                                text("Leave it"))));
    }

    /** Does what the form says; returns where to go then. */
    Link restore(Ask ask) {
        TableName name = TableName.parse(ask.path().get(1));
        At ref = At.parse(ask.form().getOrDefault("ref", "main"));
        At then =
                new At(
                        ref.ref(),
                        new AsOf.Publication(publication(ask.form().getOrDefault("restore", ""))));
        Optional<Publication> done =
                ground.tarn()
                        .states()
                        .restore(
                                ref.ref(),
                                name,
                                then,
                                ask.formText("seen").map(AssetHistory::publication));
        return Link.to("assets", name.toString(), "history")
                .with("at", ref.ref().value().equals("main") ? "" : ref.ref().value())
                .with("done", done.map(p -> p.id().toString()).orElse(""));
    }

    private static PublicationId publication(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw new TarnException(
                    ErrorCode.USAGE, "'%s' is not the number of a publication.".formatted(text));
        }
        return new PublicationId(Long.parseLong(text));
    }

    private Html difference(AssetPages.Asset asset, String from, String to) {
        At before = new At(asset.at().ref(), new AsOf.Publication(publication(from)));
        At after = new At(asset.at().ref(), new AsOf.Publication(publication(to)));
        Optional<Difference> found = ground.tarn().states().difference(asset.name(), before, after);
        String title = "From no. " + from + " to no. " + to;
        if (found.isEmpty()) {
            return div("card", el("h2", title), Html.p("Rows and columns are the same."));
        }
        Difference difference = found.get();
        return div(
                "card",
                el("h2", title),
                el(
                        "dl",
                        cls("facts"),
                        el("dt", "Rows before"),
                        el("dd", count(difference.before())),
                        el("dt", "Rows after"),
                        el("dd", count(difference.after())),
                        el("dt", "Columns"),
                        el(
                                "dd",
                                difference.columns().isEmpty()
                                        ? text("the same")
                                        : each(difference.columns(), AssetHistory::column))),
                hasRows(difference) ? rows(difference) : Html.NOTHING);
    }

    private static boolean hasRows(Difference difference) {
        return difference.before().orElse(null) instanceof Difference.Side.Table
                && difference.after().orElse(null) instanceof Difference.Side.Table;
    }

    private static String count(Optional<Difference.Side> side) {
        return side.map(s ->
                        s instanceof Difference.Side.Table t
                                ? Show.count(t.rows())
                                : "a view: its rows follow from others")
                .orElse("not there");
    }

    private static Html column(Difference.ColumnChange change) {
        String before = change.before().map(c -> c.name() + " " + c.type().sql()).orElse("");
        String after = change.after().map(c -> c.name() + " " + c.type().sql()).orElse("");
        String says =
                before.isEmpty()
                        ? "new: " + after
                        : after.isEmpty() ? "gone: " + before : before + " → " + after;
        return div(
                before.isEmpty() ? "added" : after.isEmpty() ? "removed" : "changed", text(says));
    }

    private Html rows(Difference difference) {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> clock =
                CompletableFuture.runAsync(
                        cancellation::cancel,
                        CompletableFuture.delayedExecutor(SECONDS_MAX, TimeUnit.SECONDS));
        try {
            return rows(
                    ground.tarn()
                            .states()
                            .rowDifferences(difference, List.of(), ROWS, cancellation));
        } catch (TarnException e) {
            return e.code() == ErrorCode.INTERRUPTED
                    ? Html.p(
                            "Comparing the rows took longer than %d seconds and was given up."
                                    .formatted(SECONDS_MAX))
                    : Problems.all(e.problems(), 1);
        } finally {
            clock.cancel(false);
        }
    }

    private static Html rows(RowDifferences rows) {
        return Html.all(
                Html.p(
                        "%s added, %s removed. %s read, %s shared and not read."
                                .formatted(
                                        Show.count(rows.added(), "row", "rows"),
                                        Show.count(rows.removed()),
                                        Show.count(rows.filesRead(), "file", "files"),
                                        Show.count(rows.filesShared()))),
                when(
                        !rows.sample().isEmpty(),
                        div(
                                "scroll",
                                el(
                                        "table",
                                        cls("grid"),
                                        Shell.heads("What", "Row"),
                                        el(
                                                "tbody",
                                                each(
                                                        rows.sample(),
                                                        s ->
                                                                el(
                                                                        "tr",
                                                                        cls(s.what()),
                                                                        el("td", s.what()),
                                                                        el("td", s.row()))))))));
    }
}
