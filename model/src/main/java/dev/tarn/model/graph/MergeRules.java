package dev.tarn.model.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a merge does with rows that match and with those that do not.
 *
 * @param updated the only columns that change in rows that are there; empty for all
 * @param kept columns that do not change in rows that are there
 * @param expressions what columns of rows that are there become, instead of the new value
 * @param updateIf which rows that match change; empty for all
 * @param insertIf which rows that match nothing are added; empty for all
 */
public record MergeRules(
        List<String> updated,
        List<String> kept,
        Map<String, String> expressions,
        Optional<String> updateIf,
        Optional<String> insertIf) {
    /** All columns of all rows. */
    public static final MergeRules ALL =
            new MergeRules(List.of(), List.of(), Map.of(), Optional.empty(), Optional.empty());

    public MergeRules {
        updated = List.copyOf(updated);
        kept = List.copyOf(kept);
        expressions = Map.copyOf(expressions);
    }
}
