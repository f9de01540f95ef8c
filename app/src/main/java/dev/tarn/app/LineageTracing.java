package dev.tarn.app;

import dev.tarn.app.LineageReport.Direction;
import dev.tarn.app.LineageReport.How;
import dev.tarn.app.LineageReport.Step;
import dev.tarn.app.LineageReport.Subject;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ColumnLineage;
import dev.tarn.model.graph.ColumnName;
import dev.tarn.model.graph.Node;
import dev.tarn.project.ColumnGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows columns through the models of a project, up to sources and down to what reads them. */
final class LineageTracing {
    private static final int ALL = Integer.MAX_VALUE;

    private final ColumnGraph graph;
    private final Set<Direction> directions;
    private final int wanted;

    /** A node and, if one was named, its column. */
    private record Target(Node node, Optional<String> column) {}

    /**
     * @param wanted how many steps to follow; 0 for all of a column, and one of a whole node
     */
    LineageTracing(ColumnGraph graph, Set<Direction> directions, int wanted) {
        this.graph = graph;
        this.directions = Set.copyOf(directions);
        this.wanted = wanted;
    }

    /**
     * @param text a model, seed or source by its name or table, alone or with a column behind
     */
    LineageReport trace(String text) {
        Target target = target(text);
        List<String> columns = graph.columns(target.node());
        if (target.column().isEmpty()) {
            int depth = wanted == 0 ? 1 : wanted;
            return new LineageReport(
                    columns.stream().map(c -> subject(target.node(), c, depth)).toList());
        }
        String named = target.column().get();
        return new LineageReport(
                List.of(
                        columns.stream()
                                .filter(c -> c.equalsIgnoreCase(named))
                                .findFirst()
                                .map(c -> subject(target.node(), c, wanted == 0 ? ALL : wanted))
                                .orElseThrow(() -> noColumn(target.node(), named, columns))));
    }

    private Target target(String text) {
        Optional<Node> whole = node(text);
        if (whole.isPresent()) {
            return new Target(whole.get(), Optional.empty());
        }
        int dot = text.lastIndexOf('.');
        Optional<Node> owner = dot < 0 ? Optional.empty() : node(text.substring(0, dot));
        return owner.map(n -> new Target(n, Optional.of(text.substring(dot + 1))))
                .orElseThrow(() -> noNode(text));
    }

    private Optional<Node> node(String text) {
        List<Node> nodes =
                graph.project().nodes().values().stream()
                        .filter(n -> !(n instanceof Node.Check))
                        .toList();
        return nodes.stream()
                .filter(n -> label(n).equalsIgnoreCase(text))
                .findFirst()
                .or(() -> nodes.stream().filter(n -> n.name().equalsIgnoreCase(text)).findFirst());
    }

    private Subject subject(Node node, String column, int depth) {
        List<Step> up =
                directions.contains(Direction.UPSTREAM)
                        ? upstream(node, column, depth, new HashSet<>())
                        : List.of();
        List<Step> down =
                directions.contains(Direction.DOWNSTREAM)
                        ? ColumnGraph.relation(node)
                                .map(r ->
                                        downstream(
                                                new ColumnName(r, column), depth, new HashSet<>()))
                                .orElse(List.of())
                        : List.of();
        return new Subject(label(node), column, unknown(node, column), up, down);
    }

    private List<Step> upstream(Node node, String column, int left, Set<ColumnName> told) {
        if (left == 0 || !(lineage(node, column) instanceof ColumnLineage.Known known)) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        for (Map.Entry<ColumnName, ColumnLineage.Use> origin : known.origins().entrySet()) {
            ColumnName from = origin.getKey();
            Optional<Node> owner = graph.owner(from.table());
            boolean fresh = told.add(from);
            List<Step> above =
                    fresh
                            ? owner.map(o -> upstream(o, from.column(), left - 1, told))
                                    .orElse(List.of())
                            : List.of();
            boolean more = owner.filter(Node.Model.class::isInstance).isPresent();
            steps.add(
                    new Step(
                            from.table().toString(),
                            from.column(),
                            how(origin.getValue()),
                            owner.flatMap(o -> unknown(o, from.column())),
                            !fresh && more,
                            above));
        }
        return steps;
    }

    private List<Step> downstream(ColumnName column, int left, Set<ColumnName> told) {
        if (left == 0) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        for (Node reader : readers(graph.owner(column.table()).orElseThrow())) {
            graph.of(reader.id())
                    .ifPresent(model -> {
                        model.columns()
                                .forEach((name, lineage) ->
                                        into(column, reader, name, lineage, left, told)
                                                .ifPresent(steps::add));
                        if (uses(model.rows(), column).isPresent()) {
                            steps.add(
                                    new Step(
                                            label(reader),
                                            "",
                                            How.DECIDES_ROWS,
                                            Optional.empty(),
                                            false,
                                            List.of()));
                        }
                    });
        }
        return steps;
    }

    private Optional<Step> into(
            ColumnName column,
            Node reader,
            String name,
            ColumnLineage lineage,
            int left,
            Set<ColumnName> told) {
        Optional<ColumnName> itself =
                ColumnGraph.relation(reader).map(r -> new ColumnName(r, name));
        return uses(lineage, column)
                .map(use -> {
                    boolean fresh = itself.map(told::add).orElse(false);
                    return new Step(
                            label(reader),
                            name,
                            how(use),
                            Optional.empty(),
                            !fresh && !readers(reader).isEmpty(),
                            fresh ? downstream(itself.orElseThrow(), left - 1, told) : List.of());
                });
    }

    /** The models that read a node, also those that do so through ephemeral models. */
    private Collection<Node> readers(Node node) {
        Set<Node> readers = new LinkedHashSet<>();
        for (Node reader : graph.project().readersOf(node.id())) {
            if (reader instanceof Node.Model model) {
                if (!model.materialization().isKept()) {
                    readers.addAll(readers(model));
                } else {
                    readers.add(model);
                }
            }
        }
        return readers;
    }

    private ColumnLineage lineage(Node node, String column) {
        return graph.of(node.id())
                .flatMap(m ->
                        m.columns().entrySet().stream()
                                .filter(e -> e.getKey().equalsIgnoreCase(column))
                                .map(Map.Entry::getValue)
                                .findFirst())
                .orElse(new ColumnLineage.Known(Collections.emptySortedMap()));
    }

    private Optional<String> unknown(Node node, String column) {
        return lineage(node, column) instanceof ColumnLineage.NotKnown unknown
                ? Optional.of(unknown.reason())
                : Optional.empty();
    }

    private static Optional<ColumnLineage.Use> uses(ColumnLineage lineage, ColumnName column) {
        return lineage instanceof ColumnLineage.Known known
                ? Optional.ofNullable(known.origins().get(column))
                : Optional.empty();
    }

    private static How how(ColumnLineage.Use use) {
        return switch (use) {
            case AS_IS -> How.AS_IT_IS;
            case COMPUTED -> How.COMPUTED;
        };
    }

    private static String label(Node node) {
        return ColumnGraph.relation(node).map(TableName::toString).orElse(node.name());
    }

    private TarnException noNode(String text) {
        List<String> names = new ArrayList<>();
        for (Node node : graph.project().nodes().values()) {
            if (!(node instanceof Node.Check)) {
                names.add(node.name());
                names.add(label(node));
            }
        }
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "No model, seed or source is called '%s'.%s `tarn ls` lists what there is."
                        .formatted(text, Suggestion.hint(text.toLowerCase(Locale.ROOT), names)));
    }

    private static TarnException noColumn(Node node, String column, List<String> columns) {
        return new TarnException(
                ErrorCode.COLUMN_NOT_FOUND,
                columns.isEmpty()
                        ? "The columns of %s are not known before it was built."
                                .formatted(label(node))
                        : "%s has no column '%s'.%s"
                                .formatted(label(node), column, Suggestion.hint(column, columns)));
    }
}
