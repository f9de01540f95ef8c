package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.action;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.TaskStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Nodes down, runs across: one look shows since when something is red, and what came with it. */
final class GridPage {
    private static final int RUNS = 40;
    private static final int RUNS_READ = 100;
    private static final int OUTCOMES_MAX = 60_000;
    private static final int PAGE = 250;

    private final Ground ground;

    GridPage(Ground ground) {
        this.ground = ground;
    }

    Shell.Content show(Ask ask) {
        List<Run> runs = new ArrayList<>();
        Map<String, Map<RunId, TaskStatus>> byNode = new HashMap<>();
        int read = 0;
        for (Run run : ground.tarn().runs(RUNS_READ)) {
            if (runs.size() == RUNS || read > OUTCOMES_MAX) {
                break;
            }
            Map<String, TaskStatus> outcomes = ground.tarn().overview().outcomes(run.id());
            if (outcomes.isEmpty()) {
                continue;
            }
            read += outcomes.size();
            runs.addFirst(run);
            outcomes.forEach((node, status) ->
                    byNode.computeIfAbsent(node, n -> new HashMap<>(4)).put(run.id(), status));
        }
        if (runs.isEmpty()) {
            return Shell.Content.of(
                    "Grid",
                    Shell.GRID,
                    "",
                    Shell.empty("No run yet. Build everything with", "tarn build"));
        }
        return drawn(ask, runs, byNode);
    }

    private Shell.Content drawn(
            Ask ask, List<Run> runs, Map<String, Map<RunId, TaskStatus>> byNode) {
        ProjectWatch.State state = ground.project();
        Optional<ProjectMap> map = state.map();
        String only = ask.asked("only").orElse("");
        Optional<Set<String>> selected = Optional.empty();
        Html told = Html.NOTHING;
        try {
            selected = ask.asked("select").flatMap(s -> selected(state, s));
        } catch (TarnException e) {
            told = div("card", Problems.all(e.problems(), 5));
        }
        Set<String> wanted = selected.orElse(Set.of());
        boolean all = selected.isEmpty();
        List<String> nodes =
                order(map, byNode.keySet()).stream()
                        .filter(n -> all || wanted.contains(n))
                        .filter(n -> kept(only, n, byNode.getOrDefault(n, Map.of())))
                        .toList();
        int page = ask.number("page", 1, 1, 100_000);
        List<String> shown = nodes.stream().skip((page - 1L) * PAGE).limit(PAGE).toList();
        return Shell.Content.of(
                "Grid",
                Shell.GRID,
                Shell.heading(
                        "Grid",
                        "%s down, the newest %d runs across, the latest on the right"
                                .formatted(Show.count(nodes.size(), "node", "nodes"), runs.size())),
                filters(ask, only),
                told,
                shown.isEmpty()
                        ? Shell.empty(
                                only.equals("trouble")
                                        ? "Nothing failed or warned in these runs."
                                        : "No node fits.",
                                "")
                        : div(
                                "card flush",
                                div("scroll", matrix(map, runs, byNode, shown)),
                                RunPages.pager(ask, page, nodes.size(), PAGE)),
                legend());
    }

    private static Optional<Set<String>> selected(ProjectWatch.State state, String selection) {
        return state.good()
                .map(c -> {
                    Set<String> ids = new HashSet<>();
                    c.tarn()
                            .select(selection, "", warning -> {})
                            .forEach(n -> ids.add(n.id().value()));
                    return ids;
                });
    }

    /** As the project has them, then what it no longer has. */
    private static List<String> order(Optional<ProjectMap> map, Set<String> nodes) {
        List<String> ordered = new ArrayList<>();
        map.ifPresent(m ->
                m.project().nodes().keySet().stream()
                        .map(id -> id.value())
                        .filter(nodes::contains)
                        .forEach(ordered::add));
        Set<String> there = new HashSet<>(ordered);
        nodes.stream().filter(n -> !there.contains(n)).sorted().forEach(ordered::add);
        return ordered;
    }

    private static boolean kept(String only, String node, Map<RunId, TaskStatus> tasks) {
        return switch (only) {
            case "trouble" ->
                    tasks.values().stream()
                            .anyMatch(t -> t == TaskStatus.FAILED || t == TaskStatus.WARNED);
            case "tables" -> !node.startsWith("test.") && !node.startsWith("unit_test.");
            case "checks" -> node.startsWith("test.") || node.startsWith("unit_test.");
            default -> true;
        };
    }

    private static Html filters(Ask ask, String only) {
        return el(
                "form",
                cls("row card no-print"),
                action(Link.to("grid")),
                el(
                        "label",
                        cls("field"),
                        text("Selection"),
                        el(
                                "input",
                                attr("name", "select"),
                                attr("value", ask.asked("select").orElse("")),
                                attr("placeholder", "+fct_orders+  tag:gold"),
                                attr("size", "30"))),
                el(
                        "label",
                        cls("field"),
                        text("Show"),
                        el(
                                "select",
                                attr("name", "only"),
                                CatalogPage.option("", "everything", only),
                                CatalogPage.option("trouble", "what failed or warned", only),
                                CatalogPage.option("tables", "tables and views", only),
                                CatalogPage.option("checks", "checks", only))),
                el("button", attr("type", "submit"), text("Show")));
    }

    private static Html matrix(
            Optional<ProjectMap> map,
            List<Run> runs,
            Map<String, Map<RunId, TaskStatus>> byNode,
            List<String> shown) {
        return el(
                "table",
                cls("matrix"),
                el(
                        "thead",
                        el(
                                "tr",
                                el("th", cls("who"), attr("scope", "col"), text("Node")),
                                each(runs, GridPage::run))),
                el("tbody", each(shown, n -> row(map, runs, n, byNode.getOrDefault(n, Map.of())))));
    }

    private static Html run(Run run) {
        String when = Show.second(run.startedAt()).substring(5, 16);
        return el(
                "th",
                cls("run-at"),
                attr("scope", "col"),
                a(
                        Link.to("runs", run.id().value()),
                        attr(
                                "aria-label",
                                "Run %s, %s".formatted(run.id(), Mark.of(run.status()).word())),
                        text(when)),
                Mark.of(run.status()).shape());
    }

    private static Html row(
            Optional<ProjectMap> map, List<Run> runs, String id, Map<RunId, TaskStatus> tasks) {
        Optional<Node> node = map.flatMap(m -> m.node(id));
        String title = node.map(ProjectMap::title).orElseGet(() -> ProjectMap.shortName(id));
        return el(
                "tr",
                el(
                        "th",
                        cls("who"),
                        attr("scope", "row"),
                        node.map(n -> a(Ground.page(n), title)).orElseGet(() -> text(title))),
                each(runs, r -> cell(id, title, r, Optional.ofNullable(tasks.get(r.id())))));
    }

    private static Html cell(String id, String title, Run run, Optional<TaskStatus> status) {
        return status.map(
                        s -> {
                            Mark mark = Mark.of(s);
                            String says =
                                    "%s in run %s: %s".formatted(title, run.id(), mark.word());
                            return el(
                                    "td",
                                    a(
                                            Link.to("runs", run.id().value()).with("task", id),
                                            attr("aria-label", says),
                                            attr("title", says),
                                            mark.shape()));
                        })
                .orElseGet(() -> el("td"));
    }

    private static Html legend() {
        return div(
                "legend",
                each(
                        List.of(
                                Mark.OK,
                                Mark.UNCHANGED,
                                Mark.WARNED,
                                Mark.FAILED,
                                Mark.SKIPPED,
                                Mark.CANCELLED,
                                Mark.RUNNING),
                        Mark::badge),
                text("An empty field: the run did not have it."));
    }
}
