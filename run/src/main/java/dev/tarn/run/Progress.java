package dev.tarn.run;

import dev.tarn.model.graph.NodeId;
import java.util.OptionalDouble;

/**
 * How far the nodes are that run right now. Whoever shows a run asks as often as it draws; nobody
 * pays for it otherwise. Safe for use by many threads.
 */
public interface Progress {
    /** Knows of nothing. */
    Progress NONE = node -> OptionalDouble.empty();

    /**
     * Between 0 and 1 for the statement that a node executes; empty when it executes none or the
     * engine cannot tell. A node may execute several, one after the other.
     */
    OptionalDouble of(NodeId node);
}
