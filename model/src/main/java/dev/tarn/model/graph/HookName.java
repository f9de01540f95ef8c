package dev.tarn.model.graph;

/**
 * Which statement around a run is meant.
 *
 * @param when {@code on-run-start} or {@code on-run-end}
 * @param index among those of its package, from 0
 */
public record HookName(String packageName, String when, int index) {
    /** The name as that of a node, such as {@code shop-on-run-start-0}. */
    public String node() {
        return packageName + "-" + when + "-" + index;
    }

    public NodeId id() {
        return new NodeId("operation." + packageName + "." + node());
    }
}
