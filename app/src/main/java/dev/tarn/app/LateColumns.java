package dev.tarn.app;

import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.project.ColumnGraph;
import dev.tarn.project.ProjectBinder.Bound;
import dev.tarn.run.NodeLineage;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the columns of a bound project come from. A session is opened when somebody asks for the
 * first time: binding itself may have remembered everything and needed none. Safe for use by many
 * threads.
 */
final class LateColumns implements NodeLineage, AutoCloseable {
    private final Bound bound;
    private final Wiring wiring;
    private @Nullable EngineSession session;
    private @Nullable ColumnGraph graph;

    LateColumns(Bound bound, Wiring wiring) {
        this.bound = bound;
        this.wiring = wiring;
    }

    Project project() {
        return bound.project();
    }

    synchronized ColumnGraph graph() {
        ColumnGraph known = graph;
        if (known == null) {
            EngineSession opened = wiring.engine().open(Engine.SessionOptions.TRUSTED);
            session = opened;
            bound.shapes().forEach((name, shape) -> opened.define(name, new Relation.Shape(shape)));
            known = new ColumnGraph(bound.project(), opened);
            graph = known;
        }
        return known;
    }

    @Override
    public List<LineageEdge> columns(NodeId node) {
        return graph().edges(node);
    }

    @Override
    public synchronized void close() {
        EngineSession opened = session;
        if (opened != null) {
            session = null;
            opened.close();
        }
    }
}
