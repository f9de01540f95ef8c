package dev.tarn.project;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ColumnLineage;
import dev.tarn.model.graph.ColumnName;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.QueryLineage;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.spi.EngineSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Which columns of its inputs each column of a model comes from. Worked out for a model when
 * somebody asks for it, and then remembered. Safe for use by many threads.
 */
public final class ColumnGraph {
    private final Project project;
    private final EngineSession session;
    private final Map<TableName, Node> owners = new HashMap<>();
    private final Map<NodeId, ModelColumns> known = new HashMap<>();

    /**
     * The columns of a model.
     *
     * @param columns by name, in their order
     * @param rows the columns that decide which rows there are
     */
    public record ModelColumns(SequencedMap<String, ColumnLineage> columns, ColumnLineage rows) {
        public ModelColumns {
            columns = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(columns));
        }
    }

    /**
     * @param bound a project with the columns of its models
     * @param session one in which every relation of the project is defined, as after binding; stays
     *     open as long as this is asked
     */
    public ColumnGraph(Project bound, EngineSession session) {
        this.project = bound;
        this.session = session;
        for (Node node : bound.nodes().values()) {
            relation(node).ifPresent(r -> owners.put(r, node));
        }
    }

    public Project project() {
        return project;
    }

    /** The source, seed or model behind a relation. */
    public Optional<Node> owner(TableName relation) {
        return Optional.ofNullable(owners.get(relation));
    }

    /** What a node's rows are kept in. An ephemeral model has none: it is part of its readers. */
    public static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source source -> Optional.of(source.relation());
            case Node.Seed seed -> Optional.of(seed.relation());
            case Node.Model model ->
                    model.materialization() instanceof Materialization.Ephemeral
                            ? Optional.empty()
                            : Optional.of(model.relation());
            case Node.Check check -> Optional.empty();
        };
    }

    /** The names of a node's columns; empty when they are not known. */
    public synchronized List<String> columns(Node node) {
        if (node instanceof Node.Model model) {
            return of(model.id()).map(m -> List.copyOf(m.columns().keySet())).orElse(List.of());
        }
        return relation(node)
                .map(name -> {
                    try {
                        return session.describe(SqlText.of("from " + quoted(name))).names();
                    } catch (TarnException notThere) {
                        return List.<String>of();
                    }
                })
                .orElse(List.of());
    }

    private static String quoted(TableName name) {
        return SqlNames.always(name.schema()) + "." + SqlNames.always(name.table());
    }

    /** Where the columns of a model come from; empty for others and where columns are not known. */
    public synchronized Optional<ModelColumns> of(NodeId id) {
        if (!(project.find(id).orElse(null) instanceof Node.Model model)
                || model.schema().isEmpty()) {
            return Optional.empty();
        }
        ModelColumns columns = known.get(id);
        if (columns == null) {
            columns = read(model);
            known.put(id, columns);
        }
        return Optional.of(columns);
    }

    private ModelColumns read(Node.Model model) {
        List<String> names = model.schema().orElseThrow().names();
        QueryLineage lineage;
        try {
            lineage = session.lineage(model.sql());
            if (lineage.columns().size() != names.size()) {
                // Snapshots keep more than their query gives.
                names = session.describe(model.sql()).names();
            }
        } catch (TarnException e) {
            lineage = QueryLineage.notKnown(names.size(), e.problems().getFirst().message());
        }
        SequencedMap<String, ColumnLineage> columns = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            columns.put(names.get(i), lineage.columns().get(i));
        }
        return new ModelColumns(columns, lineage.rows());
    }

    /** The lineage of a model as steps between columns of nodes; what is not known has none. */
    public List<LineageEdge> edges(NodeId id) {
        List<LineageEdge> edges = new ArrayList<>();
        of(id).ifPresent(model ->
                model.columns()
                        .forEach((name, lineage) -> {
                            if (lineage instanceof ColumnLineage.Known from) {
                                from.origins()
                                        .keySet()
                                        .forEach(origin -> edges.add(edge(origin, id, name)));
                            }
                        }));
        return edges;
    }

    private LineageEdge edge(ColumnName origin, NodeId to, String column) {
        String from =
                owner(origin.table()).map(n -> n.id().value()).orElse(origin.table().toString());
        return new LineageEdge(from, origin.column(), to.value(), column);
    }
}
