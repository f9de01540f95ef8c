package dev.tarn.project;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The relations of a project whose columns only a run can tell, with what queries ask of them. */
final class OpenRelations {
    private final Map<TableName, OpenColumns.Known> relations = new HashMap<>();

    /** Nobody knows anything of a relation. */
    void begin(TableName relation) {
        relations.putIfAbsent(relation, OpenColumns.Known.nothing());
    }

    /**
     * Whether nothing but such relations keeps a model from being bound.
     *
     * @param known relations with columns
     */
    boolean reads(Node.Model model, Set<TableName> inputs, Set<TableName> known) {
        return !relations.containsKey(model.relation())
                && inputs.stream().anyMatch(relations::containsKey)
                && inputs.stream().allMatch(i -> relations.containsKey(i) || known.contains(i));
    }

    /** Binds a model; what is known of its own columns is for those that read it. */
    OpenColumns.Outcome bind(
            EngineSession session, Node.Model model, SqlText sql, Set<TableName> inputs) {
        Map<TableName, OpenColumns.Known> read = new LinkedHashMap<>();
        for (TableName input : new TreeSet<>(inputs)) {
            OpenColumns.Known known = relations.get(input);
            if (known != null) {
                read.put(input, known);
            }
        }
        OpenColumns.Outcome outcome = new OpenColumns(session, sql, read).bind();
        if (model.materialization().isKept()) {
            outcome.columns()
                    .filter(c -> c.schema().isEmpty())
                    .ifPresent(c -> relations.put(model.relation(), c));
        }
        return outcome;
    }

    /** The columns that queries ask for, as far as that is known. */
    Map<TableName, Schema> shapes() {
        Map<TableName, Schema> shapes = new HashMap<>();
        relations.forEach((name, known) -> {
            if (!known.columns().isEmpty()) {
                shapes.put(name, known.shape());
            }
        });
        return shapes;
    }
}
