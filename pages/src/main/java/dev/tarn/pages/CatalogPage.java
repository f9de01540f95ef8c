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
import dev.tarn.app.TableListing;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tables and views of a state of the warehouse, searched by everything people say about them. */
final class CatalogPage {
    private static final int PAGE = 100;

    /** Longer names are broken where their parts end. */
    private static final int NAME_LENGTH = 34;

    private final Ground ground;

    CatalogPage(Ground ground) {
        this.ground = ground;
    }

    /**
     * A table or view, or a node of the project that has none yet.
     *
     * @param built whether it is there on this ref
     */
    private record Found(
            TableName name,
            Optional<Node> node,
            boolean built,
            String kind,
            String owner,
            String description,
            Set<String> tags,
            int score,
            String why) {}

    Shell.Content show(Ask ask) {
        At at = Ground.at(ask);
        Optional<ProjectMap> map = ground.projectSoon().map();
        String query = ask.asked("q").orElse("");
        String schema = ask.asked("schema").orElse("");
        List<Found> all = everything(at, map);
        List<Found> found =
                all.stream()
                        .filter(f -> schema.isEmpty() || f.name().schema().equals(schema))
                        .flatMap(f -> match(f, query).stream())
                        .sorted(
                                Comparator.comparingInt((Found f) -> -f.score())
                                        .thenComparing(Found::name))
                        .toList();
        int page = ask.number("page", 1, 1, 100_000);
        List<Found> shown = found.stream().skip((page - 1L) * PAGE).limit(PAGE).toList();
        return Shell.Content.of(
                query.isEmpty() ? "Catalog" : query,
                Shell.CATALOG,
                Shell.heading(
                        "Catalog",
                        "%s on %s%s"
                                .formatted(
                                        Show.count(
                                                found.size(), "table or view", "tables and views"),
                                        at,
                                        query.isEmpty() ? "" : " that fit “" + query + "”")),
                filters(ask, all, query, schema),
                shown.isEmpty()
                        ? nothing(query, all.isEmpty())
                        : div(
                                "card flush",
                                div("scroll", table(ask, at, shown)),
                                RunPages.pager(ask, page, found.size(), PAGE)));
    }

    private static Html nothing(String query, boolean nothingAtAll) {
        return nothingAtAll
                ? Shell.empty("There is no table yet. Build the project with", "tarn build")
                : Shell.empty(
                        "Nothing fits%s. Words are looked for in names, columns, descriptions, owners and tags; all of them must fit."
                                .formatted(query.isEmpty() ? "" : " “" + query + "”"),
                        "");
    }

    private List<Found> everything(At at, Optional<ProjectMap> map) {
        Map<TableName, Found> found = new TreeMap<>();
        for (Versioned relation : ground.tarn().overview().relations(at)) {
            TableName name = TableName.parse(relation.key().name());
            Optional<Node> node = map.flatMap(m -> m.node(name));
            Map<String, String> attributes = relation.entry().attributes();
            found.put(
                    name,
                    new Found(
                            name,
                            node,
                            true,
                            node.map(ProjectMap::kind)
                                    .orElse(
                                            relation.entry() instanceof Entry.View
                                                    ? "view"
                                                    : "table"),
                            node.flatMap(n -> n.common().owner())
                                    .orElse(attributes.getOrDefault("owner", "")),
                            node.map(n -> n.common().description())
                                    .filter(d -> !d.isBlank())
                                    .orElse(attributes.getOrDefault("description", "")),
                            node.<Set<String>>map(n -> new TreeSet<>(n.common().tags()))
                                    .orElse(Set.of()),
                            0,
                            ""));
        }
        map.ifPresent(m ->
                m.project()
                        .nodes()
                        .values()
                        .forEach(node ->
                                ProjectMap.relation(node)
                                        .filter(name -> !found.containsKey(name))
                                        .ifPresent(name ->
                                                found.put(
                                                        name,
                                                        new Found(
                                                                name,
                                                                Optional.of(node),
                                                                false,
                                                                ProjectMap.kind(node),
                                                                node.common().owner().orElse(""),
                                                                node.common().description(),
                                                                new TreeSet<>(node.common().tags()),
                                                                0,
                                                                "")))));
        return new ArrayList<>(found.values());
    }

    /** Every word must be somewhere; names count most. */
    private static Optional<Found> match(Found found, String query) {
        if (query.isEmpty()) {
            return Optional.of(found);
        }
        int score = 0;
        Set<String> why = new TreeSet<>();
        for (String word : query.toLowerCase(Locale.ROOT).split("\\s+")) {
            int best = 0;
            String name = found.name().toString();
            if (found.name().table().equals(word) || name.equals(word)) {
                best = 100;
            } else if (found.name().table().startsWith(word)) {
                best = 60;
            } else if (name.contains(word)) {
                best = 40;
            }
            Optional<String> column = column(found, word);
            if (best == 0 && column.isPresent()) {
                best = 20;
                why.add("column " + column.get());
            }
            if (best == 0
                    && found.tags().stream()
                            .anyMatch(t -> t.toLowerCase(Locale.ROOT).contains(word))) {
                best = 15;
                why.add("tag");
            }
            if (best == 0 && found.owner().toLowerCase(Locale.ROOT).contains(word)) {
                best = 12;
                why.add("owner");
            }
            if (best == 0 && found.description().toLowerCase(Locale.ROOT).contains(word)) {
                best = 10;
                why.add("description");
            }
            if (best == 0 && found.kind().equals(word)) {
                best = 5;
            }
            if (best == 0) {
                return Optional.empty();
            }
            score += best;
        }
        return Optional.of(
                new Found(
                        found.name(),
                        found.node(),
                        found.built(),
                        found.kind(),
                        found.owner(),
                        found.description(),
                        found.tags(),
                        score,
                        String.join(", ", why)));
    }

    private static Optional<String> column(Found found, String word) {
        return found.node().stream()
                .flatMap(n -> columns(n).stream())
                .filter(c -> c.toLowerCase(Locale.ROOT).contains(word))
                .findFirst();
    }

    /** Columns that are declared or known without looking at the table. */
    private static List<String> columns(Node node) {
        return switch (node) {
            case Node.Model m ->
                    m.schema()
                            .map(s -> s.names())
                            .orElseGet(() -> List.copyOf(m.columns().keySet()));
            case Node.Source s -> List.copyOf(s.columns().keySet());
            case Node.Seed s -> List.copyOf(s.columns().keySet());
            case Node.Check c -> List.of();
        };
    }

    private Html filters(Ask ask, List<Found> all, String query, String schema) {
        Set<String> schemas = new TreeSet<>();
        all.forEach(f -> schemas.add(f.name().schema()));
        return el(
                "form",
                cls("row card no-print"),
                action(Link.to("catalog")),
                el(
                        "label",
                        cls("field"),
                        text("Search"),
                        el(
                                "input",
                                attr("type", "search"),
                                attr("name", "q"),
                                attr("value", query),
                                attr("size", "30"))),
                el(
                        "label",
                        cls("field"),
                        text("Schema"),
                        el(
                                "select",
                                attr("name", "schema"),
                                option("", "all", schema),
                                each(List.copyOf(schemas), s -> option(s, s, schema)))),
                refs(ask),
                el("button", attr("type", "submit"), text("Show")));
    }

    /** Which state is looked at. */
    private Html refs(Ask ask) {
        String at = ask.asked("at").orElse("");
        List<Ref> refs =
                ground.tarn().refs().stream()
                        .sorted(Comparator.comparing((Ref r) -> r.name().isRun()))
                        .toList();
        return el(
                "label",
                cls("field"),
                text("On"),
                el(
                        "input",
                        attr("name", "at"),
                        attr("value", at),
                        attr("placeholder", "main"),
                        attr("list", "refs"),
                        attr("size", "22")),
                el(
                        "datalist",
                        attr("id", "refs"),
                        each(refs, r -> el("option", attr("value", r.name().value())))));
    }

    static Html option(String value, String words, String current) {
        return el(
                "option",
                attr("value", value),
                value.equals(current) ? attr("selected", "selected") : Html.NOTHING,
                text(words));
    }

    /** Of tables, what checks said of them; on main what they said last, published or not. */
    private Map<String, Verdict.Outcome> worst(At at) {
        Set<String> failing =
                at.equals(At.MAIN)
                        ? ground.tarn().overview().troubles().stream()
                                .filter(t -> t.latest().status() == TaskStatus.FAILED)
                                .map(t -> t.latest().node())
                                .collect(Collectors.toSet())
                        : Set.of();
        Map<String, Verdict.Outcome> worst = new HashMap<>();
        for (Verdict verdict : ground.tarn().overview().verdicts(at)) {
            worst.merge(
                    verdict.subject(),
                    failing.contains(verdict.check()) ? Verdict.Outcome.FAILED : verdict.outcome(),
                    (x, y) -> x.compareTo(y) >= 0 ? x : y);
        }
        return worst;
    }

    private Html table(Ask ask, At at, List<Found> shown) {
        Map<TableName, TableListing> listings = new HashMap<>();
        ground.tarn()
                .overview()
                .tables(at, shown.stream().filter(Found::built).map(Found::name).toList())
                .forEach(l -> listings.put(l.name(), l));
        Map<String, Verdict.Outcome> worst = worst(at);
        return el(
                "table",
                Shell.heads(
                        "Table",
                        "Kind",
                        "Checks",
                        ">Rows",
                        ">Size",
                        "Changed",
                        "Owner",
                        "Description"),
                el(
                        "tbody",
                        each(
                                shown,
                                f ->
                                        row(
                                                ask,
                                                f,
                                                Optional.ofNullable(listings.get(f.name())),
                                                Optional.ofNullable(
                                                        worst.get(f.name().toString()))))));
    }

    private Html row(
            Ask ask, Found found, Optional<TableListing> listing, Optional<Verdict.Outcome> worst) {
        boolean counted = listing.isPresent() && !listing.get().kind().equals("view");
        return el(
                "tr",
                el(
                        "td",
                        cls(
                                found.name().toString().length() <= NAME_LENGTH
                                        ? "name nowrap"
                                        : "name"),
                        a(
                                Ground.keeping(ask, Ground.asset(found.name())),
                                Show.name(found.name().toString())),
                        when(
                                !found.why().isEmpty(),
                                el("div", cls("soft small"), text("by " + found.why())))),
                el("td", text(found.kind())),
                el(
                        "td",
                        !found.built()
                                ? span("st idle", Mark.NONE.shape(), text("not built"))
                                : worst.map(o -> Mark.of(o).badge())
                                        .orElseGet(() -> span("soft", "none"))),
                Shell.number(counted ? Show.count(listing.get().rows()) : ""),
                Shell.number(counted ? Show.bytes(listing.get().bytes()) : ""),
                el(
                        "td",
                        listing.flatMap(TableListing::changed)
                                .map(Show::time)
                                .orElse(Html.NOTHING)),
                el(
                        "td",
                        cls(found.owner().length() <= NAME_LENGTH / 2 ? "nowrap" : ""),
                        text(found.owner())),
                el("td", text(firstSentence(found.description()))));
    }

    static String firstSentence(String text) {
        String one = text.strip().replaceAll("\\s+", " ");
        int end = one.indexOf(". ");
        String first = end < 0 ? one : one.substring(0, end + 1);
        return first.length() > 140 ? first.substring(0, 139) + "…" : first;
    }
}
