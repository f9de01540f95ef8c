package dev.tarn.run;

import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.LineageEdge;
import java.util.List;

/** Tells where the columns of a node that was built come from, for the record of the run. */
public interface NodeLineage {
    /** Knows nothing. */
    NodeLineage NONE = id -> List.of();

    /** Steps between columns; those that are not known are left out. */
    List<LineageEdge> columns(NodeId node);
}
