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
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.Task;
import dev.tarn.model.table.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Sources: how far each was read, when, and what did not fit. */
final class IngestPages {
    private static final int PAGE = 200;
    private static final int ROWS = 100;

    private final Ground ground;

    IngestPages(Ground ground) {
        this.ground = ground;
    }

    /**
     * A source with what was read of it.
     *
     * @param node empty when the project no longer has it
     * @param last when something of it was last read
     */
    private record Source(
            String name,
            Optional<Node.Source> node,
            List<SourceReads.Part> parts,
            Optional<Instant> last) {
        long rows() {
            return parts.stream().mapToLong(SourceReads.Part::rows).sum();
        }

        long quarantined() {
            return parts.stream().mapToLong(SourceReads.Part::quarantined).sum();
        }

        long refused() {
            return parts.stream().filter(SourceReads.Part::refused).count();
        }

        Optional<ConnectorSpec> connector() {
            return node.flatMap(Node.Source::ingest).flatMap(IngestSpec::connector);
        }

        /**
         * The files, or what is read at the other end; never an address, which may say too much.
         */
        String from() {
            return connector()
                    .map(c ->
                            List.of("table", "topics", "topic", "stream", "path").stream()
                                    .flatMap(s -> Stream.ofNullable(c.settings().get(s)))
                                    .findFirst()
                                    .map(what -> c.connector() + " " + what)
                                    .orElse(c.connector()))
                    .or(() -> node.flatMap(Node.Source::ingest).map(IngestSpec::location))
                    .orElse("");
        }
    }

    Optional<Shell.Content> content(Ask ask) {
        return switch (ask.path().size()) {
            case 1 -> Optional.of(list());
            case 2 -> Optional.of(source(ask, ask.path().get(1)));
            default -> Optional.empty();
        };
    }

    /** Lands what is in quarantine again, as far as it fits now; tells where to go then. */
    Optional<Link> post(Ask ask) {
        if (ask.path().size() != 3 || !ask.path().get(2).equals("replay")) {
            return Optional.empty();
        }
        String name = ask.path().get(1);
        Node.Source source =
                Optional.ofNullable(sources().get(name))
                        .flatMap(Source::node)
                        .orElseThrow(() -> unknown(name));
        return Optional.of(Link.to("runs", new QuarantineLanding(ground).land(source).value()));
    }

    private Map<String, Source> sources() {
        Map<String, Source> sources = new TreeMap<>();
        Map<String, List<SourceReads.Part>> read = SourceReads.read(ground.tarn(), At.MAIN);
        Map<String, Instant> last = SourceReads.last(ground.tarn(), At.MAIN, read);
        read.forEach((name, parts) ->
                sources.put(
                        name,
                        new Source(
                                name,
                                Optional.empty(),
                                parts,
                                Optional.ofNullable(last.get(name)))));
        ground.project()
                .map()
                .ifPresent(map ->
                        map.project().nodes().values().stream()
                                .filter(Node.Source.class::isInstance)
                                .map(Node.Source.class::cast)
                                .filter(Node.Source::isLoaded)
                                .forEach(s ->
                                        sources.merge(
                                                s.relation().toString(),
                                                new Source(
                                                        s.relation().toString(),
                                                        Optional.of(s),
                                                        List.of(),
                                                        Optional.empty()),
                                                (known, declared) ->
                                                        new Source(
                                                                known.name(),
                                                                declared.node(),
                                                                known.parts(),
                                                                known.last()))));
        return sources;
    }

    private Shell.Content list() {
        List<Source> sources = List.copyOf(sources().values());
        boolean connected = sources.stream().anyMatch(s -> s.connector().isPresent());
        Map<TableName, SourceLag.Told> behind =
                connected ? new SourceLag(ground).known() : Map.of();
        Html body =
                sources.isEmpty()
                        ? Shell.empty(
                                "No source is loaded by Tarn. An `ingest:` block under a source brings files and streams in.",
                                "tarn build")
                        : div(
                                "card flush",
                                div(
                                        "scroll",
                                        el(
                                                "table",
                                                Shell.heads(
                                                        "Source",
                                                        "Last load",
                                                        "From",
                                                        "Format",
                                                        ">Parts",
                                                        ">Rows",
                                                        ">Quarantined",
                                                        ">Behind",
                                                        "Last read"),
                                                el("tbody", each(sources, s -> row(s, behind))))),
                                when(
                                        connected,
                                        div(
                                                "pager",
                                                text(
                                                        "Sources with a connector are asked once a minute, while somebody"
                                                                + " looks, how far their tables are behind."))));
        return Shell.Content.of(
                "Ingest",
                Shell.INGEST,
                "What comes in from outside, how far it was read, and what did not fit.",
                body);
    }

    private Html row(Source source, Map<TableName, SourceLag.Told> behind) {
        Optional<Task> last =
                source.node()
                        .flatMap(n ->
                                ground.tarn().overview().taskHistory(n.id(), 1).stream()
                                        .findFirst());
        return el(
                "tr",
                el(
                        "td",
                        cls("name"),
                        a(Link.to("sources", source.name()), Show.name(source.name()))),
                el(
                        "td",
                        last.map(t -> Mark.of(t.status()).badge())
                                .orElseGet(() ->
                                        source.node().isPresent()
                                                ? Mark.NONE.badge()
                                                : span("soft", "no longer declared"))),
                el("td", cls("mono posn"), text(source.from())),
                el("td", text(format(source))),
                Shell.number(Show.count(source.parts().size())),
                Shell.number(Show.count(source.rows())),
                el(
                        "td",
                        cls("num"),
                        source.quarantined() + source.refused() == 0
                                ? text("0")
                                : span(
                                        "st warn",
                                        Mark.WARNED.shape(),
                                        text(Show.count(source.quarantined())))),
                Shell.number(
                        Optional.ofNullable(behind.get(TableName.parse(source.name())))
                                .map(SourceLag.Told::amount)
                                .orElse(source.connector().isPresent() ? "not known yet" : "")),
                el(
                        "td",
                        source.last()
                                .map(at ->
                                        Html.all(
                                                Show.time(at),
                                                el(
                                                        "div",
                                                        cls("soft small"),
                                                        text(Show.ago(at, ground.now())))))
                                .orElse(Html.NOTHING)));
    }

    private static String format(Source source) {
        if (source.connector().isPresent()) {
            return source.connector()
                    .flatMap(ConnectorSpec::mode)
                    .map(IngestPages::word)
                    .orElse("");
        }
        return source.node()
                .flatMap(Node.Source::ingest)
                .map(i -> i.format().map(IngestPages::word).orElse("by name"))
                .orElse("");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private Shell.Content source(Ask ask, String name) {
        Source source = sources().get(name);
        if (source == null) {
            throw unknown(name);
        }
        return Shell.Content.of(
                name,
                Shell.INGEST,
                div(
                        "head",
                        Shell.crumbs(a(Link.to("sources"), "Ingest"), text(" /")),
                        div(
                                "grow",
                                el("h1", Show.name(name)),
                                el(
                                        "p",
                                        cls("sub"),
                                        text(source.from() + " "),
                                        source.node()
                                                .map(n -> Problems.place(n.common().place()))
                                                .orElse(Html.NOTHING))),
                        a(Ground.asset(TableName.parse(name)), cls("button"), text("The table"))),
                div(
                        "tiles",
                        tile(Show.count(source.parts().size()), "files or streams"),
                        tile(Show.count(source.rows()), "rows landed"),
                        tile(Show.count(source.quarantined()), "rows quarantined"),
                        tile(Show.count(source.refused()), "refused as a whole"),
                        lag(source),
                        tile(
                                source.last().map(at -> Show.ago(at, ground.now())).orElse("never"),
                                "last read")),
                quarantine(source),
                parts(ask, source));
    }

    /** How far the table is behind; asked of the source itself, for a moment at most. */
    private Html lag(Source source) {
        return source.node()
                .flatMap(n -> new SourceLag(ground).of(n))
                .map(told ->
                        tile(
                                told.amount(),
                                "behind the source"
                                        + (told.newest().isEmpty() ? "" : "; " + told.newest())))
                .orElse(Html.NOTHING);
    }

    private TarnException unknown(String name) {
        return new TarnException(
                ErrorCode.SOURCE_NOT_FOUND,
                "No source '%s' is loaded here.%s"
                        .formatted(name, dev.tarn.model.Suggestion.hint(name, sources().keySet())));
    }

    private static Html tile(String number, String what) {
        return div("tile", el("b", number), span("", what));
    }

    private Html quarantine(Source source) {
        TableName table = TableName.parse(source.name() + "__quarantine");
        if (!ground.tarn().tableNames(At.MAIN).contains(table)) {
            return Html.NOTHING;
        }
        String sql =
                "select * from %s.%s order by _ingested_at desc limit %d"
                        .formatted(Type.quoted(table.schema()), Type.quoted(table.table()), ROWS);
        return div(
                "card flush",
                el("h2", "Quarantine"),
                div(
                        "pager",
                        text(
                                "Rows that did not fit, newest first. When the types or the records are mended, they can land."),
                        when(
                                source.node().isPresent(),
                                JobPages.button(
                                        Link.to("sources", source.name(), "replay"),
                                        "Land what fits now",
                                        true,
                                        Map.of())),
                        a(
                                Link.to("sql").with("q", sql),
                                cls("button no-print"),
                                text("Open in SQL"))),
                new ResultGrid(ground.tarn()).show(SqlText.of(sql), At.MAIN, ROWS));
    }

    private static Html parts(Ask ask, Source source) {
        if (source.parts().isEmpty()) {
            return Shell.empty(
                    "Nothing of it was read yet.", "tarn build --select source:" + source.name());
        }
        List<SourceReads.Part> parts = new ArrayList<>(source.parts());
        parts.sort(
                Comparator.comparing(
                                (SourceReads.Part p) -> p.at().orElse(Instant.EPOCH),
                                Comparator.reverseOrder())
                        .thenComparing(SourceReads.Part::name, Comparator.reverseOrder()));
        int page = ask.number("page", 1, 1, 100_000);
        return div(
                "card flush",
                el("h2", "How far it was read"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads(
                                        "File or stream",
                                        "Status",
                                        ">Rows",
                                        ">Quarantined",
                                        ">Size",
                                        "Read"),
                                el(
                                        "tbody",
                                        each(
                                                parts.stream()
                                                        .skip((page - 1L) * PAGE)
                                                        .limit(PAGE)
                                                        .toList(),
                                                IngestPages::part)))),
                RunPages.pager(ask, page, parts.size(), PAGE));
    }

    private static Html part(SourceReads.Part part) {
        Mark mark = part.refused() ? Mark.FAILED : part.quarantined() > 0 ? Mark.WARNED : Mark.OK;
        String word =
                part.refused() ? "refused" : part.quarantined() > 0 ? "some rows apart" : "landed";
        return el(
                "tr",
                el(
                        "td",
                        cls("mono"),
                        text(part.name()),
                        when(part.at().isEmpty(), div("soft small posn", text(part.position())))),
                el("td", span("st " + mark.colour(), mark.shape(), text(word))),
                Shell.number(Show.count(part.rows())),
                Shell.number(part.quarantined() == 0 ? "" : Show.count(part.quarantined())),
                Shell.number(part.bytes() == 0 ? "" : Show.bytes(part.bytes())),
                el("td", part.at().map(Show::time).orElse(Html.NOTHING)));
    }
}
