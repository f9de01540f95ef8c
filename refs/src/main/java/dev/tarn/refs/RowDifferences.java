package dev.tarn.refs;

import java.util.List;
import java.util.Map;

/**
 * How the rows of two states of a table differ.
 *
 * @param changed rows whose key both have with other values; 0 without a key
 * @param byColumn in how many of the changed rows a column differs, for those that do
 * @param sample some of the rows
 * @param filesShared files that both states have and that were not read for that reason
 * @param filesRead files that were read
 */
public record RowDifferences(
        long added,
        long removed,
        long changed,
        Map<String, Long> byColumn,
        List<Sample> sample,
        long filesShared,
        long filesRead) {
    public RowDifferences {
        byColumn = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(byColumn));
        sample = List.copyOf(sample);
    }

    /**
     * One row.
     *
     * @param what {@code added}, {@code removed} or {@code changed}
     * @param row its values, or its key and what changed
     */
    public record Sample(String what, String row) {}
}
