package dev.tarn.project;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ColumnLineage;
import dev.tarn.model.graph.ColumnName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.QueryLineage;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of its inputs each column of a model comes from. Worked out for a model when
 * somebody asks for it, and then remembered. Safe for use by many threads.
 */
public final class ColumnGraph implements AutoCloseable {
    private final Project project;
    private final Map<TableName, Schema> shapes;
    private final Supplier<EngineSession> sessions;
    private final Map<TableName, Node> owners = new HashMap<>();
    private final Map<NodeId, ModelColumns> known = new HashMap<>();
    private @Nullable EngineSession session;

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
     * @param sessions opens a session without relations; called when one is needed, if at all
     */
    public ColumnGraph(ProjectBinder.Bound bound, Supplier<EngineSession> sessions) {
        this.project = bound.project();
        this.shapes = bound.shapes();
        this.sessions = sessions;
        for (Node node : project.nodes().values()) {
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
                    model.materialization().isKept()
                            ? Optional.of(model.relation())
                            : Optional.empty();
            case Node.Check check -> Optional.empty();
        };
    }

    /** The names of a node's columns; empty when they are not known. */
    public synchronized List<String> columns(Node node) {
        if (node instanceof Node.Model model) {
            return of(model.id()).map(m -> List.copyOf(m.columns().keySet())).orElse(List.of());
        }
        return relation(node)
                .flatMap(name -> Optional.ofNullable(shapes.get(name)))
                .map(Schema::names)
                .orElse(List.of());
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
            EngineSession open = opened();
            lineage = open.lineage(model.sql());
            if (lineage.columns().size() != names.size()) {
                // Snapshots keep more than their query gives.
                names = open.describe(model.sql()).names();
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

    private EngineSession opened() {
        EngineSession open = session;
        if (open == null) {
            open = sessions.get();
            session = open;
            EngineSession fresh = open;
            shapes.forEach((name, schema) -> fresh.define(name, new Relation.Shape(schema)));
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.close();
            session = null;
        }
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
