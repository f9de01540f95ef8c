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

    /** A table that is there for its result, not for how it is kept: all rows anew each time. */
    record MaterializedView() implements Materialization {}

    /** A function that queries call: part of those that do, with no table of its own. */
    record Function() implements Materialization {}

    /** The history of a query's rows. */
    record Snapshot(SnapshotRules rules) implements Materialization {}

    /**
     * Whatever a macro of the project makes of it.
     *
     * @param name which materialization; the project says what it does
     */
    record Custom(String name) implements Materialization {}

    /** Only what is new, added to what is there. */
    record Incremental(Strategy strategy, OnSchemaChange onSchemaChange)
            implements Materialization {}

    /** How new rows meet old ones. */
    sealed interface Strategy {
        record Append() implements Strategy {}

        /**
         * @param uniqueKey columns that identify a row
         * @param predicates conditions on the old rows that may be replaced
         * @param updated the only columns that change in rows that are there; empty for all
         * @param kept columns that do not change in rows that are there
         */
        record Merge(
                List<String> uniqueKey,
                List<String> predicates,
                List<String> updated,
                List<String> kept)
                implements Strategy {
            public Merge {
                uniqueKey = List.copyOf(uniqueKey);
                predicates = List.copyOf(predicates);
                updated = List.copyOf(updated);
                kept = List.copyOf(kept);
            }

            public Merge(List<String> uniqueKey, List<String> predicates) {
                this(uniqueKey, predicates, List.of(), List.of());
            }
        }

        /**
         * Takes away the old rows whose key is among the new ones, then adds all new ones.
         *
         * @param uniqueKey empty: nothing is taken away
         */
        record DeleteInsert(List<String> uniqueKey, List<String> predicates) implements Strategy {
            public DeleteInsert {
                uniqueKey = List.copyOf(uniqueKey);
                predicates = List.copyOf(predicates);
            }
        }

        /** Replaces one period after the other. */
        record Microbatch(BatchRules rules) implements Strategy {}

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

    /** Whether a table or a view stands under its name afterwards. */
    default boolean isKept() {
        return !(this instanceof Ephemeral) && !(this instanceof Function);
    }

    /** The word a project uses for it. */
    default String word() {
        return switch (this) {
            case Ephemeral e -> "ephemeral";
            case View v -> "view";
            case Function f -> "function";
            case Table t -> "table";
            case MaterializedView m -> "materialized_view";
            case Snapshot s -> "snapshot";
            case Custom c -> c.name();
            case Incremental i -> "incremental";
        };
    }

    /** The columns by which old rows are found, if that is how it grows. */
    default Optional<List<String>> mergeKey() {
        return this instanceof Incremental i
                ? switch (i.strategy()) {
                    case Strategy.Merge m -> Optional.of(m.uniqueKey());
                    case Strategy.DeleteInsert d -> Optional.of(d.uniqueKey());
                    case Strategy.Microbatch b -> Optional.of(List.of(b.rules().eventTime()));
                    case Strategy.Append a -> Optional.empty();
                    case Strategy.OverwritePartitions o -> Optional.empty();
                }
                : Optional.empty();
    }
}
