package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The tables that a node's code reads without saying so by {@code ref} or {@code source}. They are
 * refused where a project is bound before it runs, but not where mistakes fail when they run, as in
 * dbt: there a node is built anew when such a table is another one.
 */
final class OtherReads {
    private final TaskContext context;

    OtherReads(TaskContext context) {
        this.context = context;
    }

    Set<TableName> of(Node node) {
        Set<TableName> others = new TreeSet<>();
        try {
            for (SqlText sql : unbound(node)) {
                others.addAll(context.session().reads(sql));
            }
        } catch (TarnException e) {
            // It fails when it runs.
            return Set.of();
        }
        if (!others.isEmpty()) {
            Set<TableName> said = new HashSet<>(context.substitutes().instead().values());
            Identities.relation(node).ifPresent(said::add);
            declared(node, said, new HashSet<>());
            others.removeAll(said);
        }
        return others;
    }

    /** Code of which nobody knows that it says all that it reads: what was bound does. */
    private static List<SqlText> unbound(Node node) {
        return switch (node) {
            case Node.Model model when model.schema().isEmpty() && !model.isPython() ->
                    Stream.concat(Stream.of(model.sql()), model.incrementalSql().stream()).toList();
            case Node.Check check when !check.isUnit() -> List.of(check.sql());
            default -> List.of();
        };
    }

    /** What is part of the code is read through it. */
    private void declared(Node node, Set<TableName> said, Set<NodeId> seen) {
        for (NodeId id : node.dependsOn()) {
            if (seen.add(id)) {
                context.project()
                        .find(id)
                        .ifPresent(input -> {
                            Optional<TableName> relation = Identities.relation(input);
                            relation.ifPresent(said::add);
                            if (relation.isEmpty()) {
                                declared(input, said, seen);
                            }
                        });
            }
        }
    }
}
