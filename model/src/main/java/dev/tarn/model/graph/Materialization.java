package dev.tarn.model.graph;

import java.util.List;
import java.util.Optional;

/** What a model's query becomes. */
public sealed interface Materialization {
    /** Part of the queries that use it. */
    record Ephemeral() implements Materialization {}

    record View() implements Materialization {}

    /** All rows anew each time. */
    record Table() implements Materialization {}

    /** Only what is new, added to what is there. */
    record Incremental(Strategy strategy, OnSchemaChange onSchemaChange)
            implements Materialization {}

    /** How new rows meet old ones. */
    sealed interface Strategy {
        record Append() implements Strategy {}

        /**
         * @param uniqueKey columns that identify a row
         * @param predicates conditions on the old rows that may be replaced
         */
        record Merge(List<String> uniqueKey, List<String> predicates) implements Strategy {
            public Merge {
                uniqueKey = List.copyOf(uniqueKey);
                predicates = List.copyOf(predicates);
            }
        }

        /** Replaces the partitions that the new rows fall into. */
        record OverwritePartitions() implements Strategy {}
    }

    /** What happens when the query's columns are no longer the table's. */
    enum OnSchemaChange {
        IGNORE,
        FAIL,
        APPEND_NEW_COLUMNS,
        SYNC_ALL_COLUMNS
    }

    /** The word a project uses for it. */
    default String word() {
        return switch (this) {
            case Ephemeral e -> "ephemeral";
            case View v -> "view";
            case Table t -> "table";
            case Incremental i -> "incremental";
        };
    }

    /** The key of a merge, if this is one. */
    default Optional<List<String>> mergeKey() {
        return this instanceof Incremental i && i.strategy() instanceof Strategy.Merge m
                ? Optional.of(m.uniqueKey())
                : Optional.empty();
    }
}
