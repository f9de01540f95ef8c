package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.action;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.app.LineageReport;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What comes from what: tables by a selection as commands take it, or columns of a table. */
final class LineagePage {
    private static final int LISTED = 500;
    private static final int DEPTH_MAX = 50;

    private final Ground ground;

    LineagePage(Ground ground) {
        this.ground = ground;
    }

    Shell.Content show(Ask ask) {
        Optional<ProjectWatch.State.Compiled> project = ground.project().good();
        if (project.isEmpty()) {
            return Shell.Content.of(
                    "Lineage",
                    Shell.LINEAGE,
                    "",
                    Shell.empty(
                            "There is no compiled project here, so nothing is known of where tables come from.",
                            "tarn compile"));
        }
        Optional<String> columns = ask.asked("columns");
        Html body =
                columns.isPresent()
                        ? columns(
                                project.get(), columns.get(), ask.number("depth", 3, 1, DEPTH_MAX))
                        : nodes(ask, project.get());
        return Shell.Content.of(
                "Lineage",
                Shell.LINEAGE,
                Shell.heading(
                        "Lineage",
                        columns.isPresent()
                                ? "Columns that "
                                        + columns.get()
                                        + " is made of, and what is made of it"
                                : "A box that is pointed at or has the focus shows its way; it opens the asset."),
                form(ask),
                body);
    }

    private static Html form(Ask ask) {
        return el(
                "form",
                cls("row card no-print"),
                action(Link.to("lineage")),
                field("Selection", "select", ask, "+fct_orders+1  tag:gold  path:models/gold", 34),
                field("without", "exclude", ask, "", 14),
                field("Way of", "focus", ask, "a node", 16),
                field("Columns of", "columns", ask, "gold.orders.amount", 20),
                el(
                        "label",
                        cls("field"),
                        text("Steps"),
                        el(
                                "input",
                                attr("name", "depth"),
                                attr("type", "number"),
                                attr("min", "1"),
                                attr("max", DEPTH_MAX),
                                attr("size", "4"),
                                attr("value", ask.asked("depth").orElse("")))),
                el("button", attr("type", "submit"), text("Show")));
    }

    private static Html field(String label, String name, Ask ask, String hint, int size) {
        return el(
                "label",
                cls("field"),
                text(label),
                el(
                        "input",
                        attr("name", name),
                        attr("value", ask.asked(name).orElse("")),
                        attr("placeholder", hint),
                        attr("size", size)));
    }

    private Html nodes(Ask ask, ProjectWatch.State.Compiled project) {
        List<Problem> warnings = new ArrayList<>();
        List<Node> selected;
        try {
            selected =
                    project
                            .tarn()
                            .select(
                                    ask.asked("select").orElse(""),
                                    ask.asked("exclude").orElse(""),
                                    warnings::add)
                            .stream()
                            .filter(n -> !(n instanceof Node.Check))
                            .toList();
        } catch (TarnException e) {
            return div("card", Problems.all(e.problems(), 10));
        }
        ProjectMap map = project.project();
        Optional<NodeId> focus = ask.asked("focus").flatMap(f -> focus(map, f)).map(Node::id);
        if (focus.isPresent() && ask.asked("depth").isPresent()) {
            Set<NodeId> near = within(map, focus.get(), ask.number("depth", 1, 1, DEPTH_MAX));
            selected = selected.stream().filter(n -> near.contains(n.id())).toList();
        }
        Html told = Problems.all(warnings, 5);
        if (selected.isEmpty()) {
            return Html.all(told, Shell.empty("No table is selected.", ""));
        }
        NodeMarks marks = new NodeMarks(ground, map);
        Set<NodeId> way = focus.map(f -> way(map, f)).orElse(Set.of());
        Set<NodeId> drawn = new LinkedHashSet<>();
        selected.forEach(n -> drawn.add(n.id()));
        List<GraphDrawing.Box> boxes =
                selected.stream()
                        .map(n ->
                                marks.box(
                                                n,
                                                focus.filter(n.id()::equals).isPresent(),
                                                read(n, drawn))
                                        .lit(way.contains(n.id())))
                        .toList();
        return Html.all(told, new GraphDrawing(boxes).draw(), legend(), list(ask, map, selected));
    }

    private static List<String> read(Node node, Set<NodeId> drawn) {
        return node.dependsOn().stream().filter(drawn::contains).map(NodeId::value).toList();
    }

    private static Optional<Node> focus(ProjectMap map, String text) {
        return map.project().nodes().values().stream()
                .filter(n -> !(n instanceof Node.Check))
                .filter(n ->
                        n.name().equals(text)
                                || ProjectMap.title(n).equals(text)
                                || n.id().value().equals(text))
                .findFirst();
    }

    private static Set<NodeId> within(ProjectMap map, NodeId focus, int steps) {
        Set<NodeId> near = new LinkedHashSet<>();
        near.add(focus);
        for (boolean up : new boolean[] {true, false}) {
            Set<NodeId> edge = Set.of(focus);
            for (int i = 0; i < steps; i++) {
                Set<NodeId> next = new LinkedHashSet<>();
                for (NodeId id : edge) {
                    next.addAll(up ? map.inputsOf(id) : map.readersOf(id));
                }
                near.addAll(next);
                edge = next;
            }
        }
        return near;
    }

    /** All that comes before and after. */
    private static Set<NodeId> way(ProjectMap map, NodeId focus) {
        Set<NodeId> way = new LinkedHashSet<>();
        for (boolean up : new boolean[] {true, false}) {
            Set<NodeId> seen = new LinkedHashSet<>();
            List<NodeId> next = new ArrayList<>(List.of(focus));
            while (!next.isEmpty()) {
                NodeId id = next.removeLast();
                if (seen.add(id)) {
                    next.addAll(up ? map.inputsOf(id) : map.readersOf(id));
                }
            }
            way.addAll(seen);
        }
        return way;
    }

    private static Html legend() {
        return div(
                "legend",
                Mark.OK.badge(),
                Mark.WARNED.badge(),
                Mark.FAILED.badge(),
                Mark.NONE.badge());
    }

    private static Html list(Ask ask, ProjectMap map, List<Node> selected) {
        return el(
                "details",
                cls("card"),
                el(
                        "summary",
                        "The same as a list: " + Show.count(selected.size(), "node", "nodes")),
                el(
                        "table",
                        Shell.heads("Node", "Kind", "Reads", "Way"),
                        el(
                                "tbody",
                                each(
                                        selected.stream().limit(LISTED).toList(),
                                        n ->
                                                el(
                                                        "tr",
                                                        el(
                                                                "td",
                                                                cls("name"),
                                                                a(
                                                                        Ground.page(n),
                                                                        Show.name(
                                                                                ProjectMap.title(
                                                                                        n)))),
                                                        el("td", ProjectMap.kind(n)),
                                                        el(
                                                                "td",
                                                                text(
                                                                        String.join(
                                                                                ", ",
                                                                                n
                                                                                        .dependsOn()
                                                                                        .stream()
                                                                                        .map(id ->
                                                                                                map
                                                                                                        .title(
                                                                                                                id
                                                                                                                        .value()))
                                                                                        .toList()))),
                                                        el(
                                                                "td",
                                                                a(
                                                                        ask.here()
                                                                                .with(
                                                                                        "focus",
                                                                                        n.name()),
                                                                        "follow")))))),
                selected.size() > LISTED
                        ? Html.p("The first %d of them.".formatted(LISTED))
                        : Html.NOTHING);
    }

    private static Html columns(ProjectWatch.State.Compiled project, String what, int depth) {
        LineageReport report;
        try {
            report =
                    project.tarn()
                            .lineage(what, EnumSet.allOf(LineageReport.Direction.class), depth);
        } catch (TarnException e) {
            return div("card", Problems.all(e.problems(), 10));
        }
        Columns columns = new Columns();
        for (LineageReport.Subject subject : report.subjects()) {
            String id = subject.table() + "." + subject.column();
            columns.add(subject.table(), subject.column(), true);
            subject.upstream().forEach(s -> columns.follow(s, id, true));
            subject.downstream().forEach(s -> columns.follow(s, id, false));
        }
        return Html.all(
                new GraphDrawing(columns.boxes()).draw(),
                div(
                        "legend",
                        text(
                                "A box is a column. The words below its name say where it is and what was done to get it.")),
                each(
                        report.subjects().stream().filter(s -> s.unknown().isPresent()).toList(),
                        s -> Html.p(s.column() + ": " + s.unknown().orElse(""))));
    }

    /** The columns met on the way. */
    private static final class Columns {
        private final Map<String, Set<String>> inputs = new LinkedHashMap<>();
        private final Map<String, String[]> names = new HashMap<>();
        private final Map<String, String> how = new HashMap<>();
        private final Set<String> subjects = new LinkedHashSet<>();

        String add(String table, String column, boolean subject) {
            String id = table + "." + column;
            names.put(id, new String[] {table, column.isEmpty() ? "(which rows)" : column});
            inputs.computeIfAbsent(id, i -> new LinkedHashSet<>());
            if (subject) {
                subjects.add(id);
            }
            return id;
        }

        void follow(LineageReport.Step step, String from, boolean up) {
            String id = add(step.table(), step.column(), false);
            String to = up ? from : id;
            inputs.computeIfAbsent(to, i -> new LinkedHashSet<>()).add(up ? id : from);
            how.merge(to, step.how().words(), (x, y) -> x.equals(y) ? x : "computed");
            step.steps().forEach(s -> follow(s, id, up));
        }

        List<GraphDrawing.Box> boxes() {
            List<GraphDrawing.Box> boxes = new ArrayList<>();
            inputs.forEach((id, from) -> {
                String[] name = names.getOrDefault(id, new String[] {"", id});
                boxes.add(
                        new GraphDrawing.Box(
                                id,
                                name[1],
                                name[0] + (how.containsKey(id) ? " · " + how.get(id) : ""),
                                Optional.empty(),
                                Link.to("lineage").with("columns", id),
                                List.copyOf(from),
                                subjects.contains(id),
                                false));
            });
            return boxes;
        }
    }
}
