package dev.tarn.app;

import dev.tarn.model.graph.ColumnLineage;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.project.ColumnGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one column of a model before anything runs.
 *
 * @param type as SQL writes it
 * @param from the columns it comes from
 * @param untold why nobody can tell where it comes from
 */
public record ColumnFacts(String name, String type, List<Origin> from, Optional<String> untold) {
    public ColumnFacts {
        from = List.copyOf(from);
    }

    /**
     * @param node id of a node, or the name of a table that is none
     * @param asIs whether it is taken over as it is
     */
    public record Origin(String node, String column, boolean asIs) {}

    /** Those of every model whose columns are known. */
    static Map<NodeId, List<ColumnFacts>> of(ColumnGraph graph) {
        Map<NodeId, List<ColumnFacts>> all = new LinkedHashMap<>();
        for (Node node : graph.project().nodes().values()) {
            if (node instanceof Node.Model model) {
                graph.of(model.id())
                        .ifPresent(m -> all.put(model.id(), of(graph, model, m.columns())));
            }
        }
        return all;
    }

    private static List<ColumnFacts> of(
            ColumnGraph graph, Node.Model model, Map<String, ColumnLineage> columns) {
        List<ColumnFacts> facts = new ArrayList<>();
        Optional<Schema> schema = model.schema();
        columns.forEach((name, lineage) -> {
            String type =
                    schema.flatMap(s -> s.find(name)).map(Field::type).map(t -> t.sql()).orElse("");
            List<Origin> origins = new ArrayList<>();
            Optional<String> untold = Optional.empty();
            switch (lineage) {
                case ColumnLineage.Known known ->
                        known.origins()
                                .forEach((column, use) ->
                                        origins.add(
                                                new Origin(
                                                        graph.owner(column.table())
                                                                .map(n -> n.id().value())
                                                                .orElse(column.table().toString()),
                                                        column.column(),
                                                        use == ColumnLineage.Use.AS_IS)));
                case ColumnLineage.NotKnown unknown -> untold = Optional.of(unknown.reason());
            }
            facts.add(new ColumnFacts(name, type, origins, untold));
        });
        return facts;
    }
}
