package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which relations the nodes of a project are, and which they may read. */
final class QueryInputs {
    private final Project project;
    private final Map<TableName, Node> owners = new HashMap<>();

    QueryInputs(Project project) {
        this.project = project;
        for (Node node : project.nodes().values()) {
            relation(node).ifPresent(r -> owners.put(r, node));
        }
    }

    /** Whether there is no query: nothing can be known of what reads it. */
    static boolean isEmpty(Node node) {
        return node instanceof Node.Model model && model.sql().sql().isBlank();
    }

    /** Whether it is a table function that is looked at only where it is called. */
    static boolean takesArguments(Node.Model model) {
        return model.materialization() instanceof Materialization.TableFunction f
                && !f.parameters().isEmpty();
    }

    /** What queries read of a node. */
    static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source source -> Optional.of(source.relation());
            case Node.Seed seed -> Optional.of(seed.relation());
            case Node.Model model ->
                    model.materialization().isKept()
                            ? Optional.of(model.relation())
                            : Optional.empty();
            case Node.Check check -> Optional.empty();
        };
    }

    /** The relations a node may read, those of the ephemeral models it contains too. */
    Set<TableName> inputs(Node node) {
        Set<TableName> inputs = new HashSet<>();
        declare(node, inputs, new HashSet<>());
        return inputs;
    }

    /** The inputs of a node, and those of the ephemeral models it contains. */
    private void declare(Node node, Set<TableName> declared, Set<NodeId> seen) {
        for (NodeId id : node.dependsOn()) {
            Node input = project.nodes().get(id);
            if (input == null || !seen.add(id)) {
                continue;
            }
            Optional<TableName> relation = relation(input);
            if (relation.isPresent()) {
                declared.add(relation.get());
            } else {
                declare(input, declared, seen);
            }
        }
    }

    /** Whether a model reads the table that it replaces, which then has to be there. */
    static boolean mayReadItself(Node.Model model) {
        return isTable(model) && TableMention.isIn(model.sql().sql(), model.relation());
    }

    private static boolean isTable(Node.Model model) {
        return switch (model.materialization()) {
            case Materialization.Table t -> true;
            case Materialization.Incremental i -> true;
            case Materialization.View v -> false;
            case Materialization.Ephemeral e -> false;
            case Materialization.Function f -> false;
            case Materialization.TableFunction f -> false;
            case Materialization.MaterializedView m -> false;
            case Materialization.Stream s -> false;
            case Materialization.Snapshot s -> false;
            case Materialization.Custom c -> false;
        };
    }

    /** What is said where a table function stands without arguments, as if it were a table. */
    private Optional<Problem> uncalled(Place place, Node node, TableName name) {
        for (Node other : project.nodes().values()) {
            if (other instanceof Node.Model m
                    && m.materialization() instanceof Materialization.TableFunction f
                    && m.relation().equals(name)) {
                return Optional.of(BindErrors.notCalled(place, node.name(), m, f.parameters()));
            }
        }
        return Optional.empty();
    }

    /** What is said about a table that a query names without saying that it reads it. */
    Problem undeclared(Node node, SqlText sql, TableName name) {
        Place place =
                TableMention.find(sql.sql(), name)
                        .flatMap(sql::locate)
                        .orElse(node.common().place());
        Node owner = owners.get(name);
        if (node.equals(owner)) {
            return node instanceof Node.Model model && isTable(model)
                    ? BindErrors.readsItselfFirst(place, node.name(), name)
                    : BindErrors.readsItself(place, node.name(), name);
        }
        Optional<Problem> uncalled = uncalled(place, node, name);
        if (uncalled.isPresent()) {
            return uncalled.get();
        }
        return owner == null
                ? BindErrors.tableNotFound(place, node.name(), name, owners.keySet())
                : BindErrors.tableNotDeclared(place, node.name(), name, owner);
    }
}
