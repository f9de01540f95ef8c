package dev.tarn.run;

import dev.tarn.model.graph.Node;

/** Finishes nodes whose code depends on data, just before they run. */
public interface NodeCompiler {
    /** Leaves every node as it is. */
    NodeCompiler NONE = (node, context) -> node;

    /**
     * The node as it is to run, which is the given one if its code was final.
     *
     * @param context of the node's task: what templates see is what the task sees
     */
    Node compile(Node node, TaskContext context);
}
