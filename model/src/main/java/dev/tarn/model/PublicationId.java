package dev.tarn.model;

/**
 * The number of a publication. Numbers grow with every commit to any ref of a warehouse, in the
 * order in which they became visible.
 */
public record PublicationId(long value) implements Comparable<PublicationId> {
    @Override
    public int compareTo(PublicationId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
