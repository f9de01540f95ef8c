package dev.tarn.model.graph;

/**
 * What a node is called everywhere: its kind, its package and its name, such as {@code
 * model.shop.orders}.
 */
public record NodeId(String value) implements Comparable<NodeId> {
    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
