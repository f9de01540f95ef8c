package dev.tarn.model.graph;

import java.util.List;
import java.util.Optional;

/** What a model's query becomes. */
public sealed interface Materialization {
    /** Part of the queries that use it. */
    record Ephemeral() implements Materialization {}

    record View() implements Materialization {}

    /**
     * All rows anew each time.
     *
     * @param copy where they are written again for other programs, once they are published
     */
    record Table(Optional<FileCopy> copy) implements Materialization {
        public Table() {
            this(Optional.empty());
        }
    }

    /** A table that is there for its result, not for how it is kept: all rows anew each time. */
    record MaterializedView() implements Materialization {}

    /** What a query makes of rows as they come, each batch with what was kept of those before. */
    record Stream(StreamRules rules) implements Materialization {}

    /** A function that queries call: part of those that do, with no table of its own. */
    record Function() implements Materialization {}

    /**
     * A query with parameters that others call where tables stand: part of those that do.
     *
     * @param parameters as the project writes them
     */
    record TableFunction(List<String> parameters) implements Materialization {
        public TableFunction {
            parameters = List.copyOf(parameters);
        }
    }

    /** The history of a query's rows. */
    record Snapshot(SnapshotRules rules) implements Materialization {}

    /**
     * Whatever a macro of the project makes of it.
     *
     * @param name which materialization; the project says what it does
     */
    record Custom(String name) implements Materialization {
        /** Whether it is the project's own way of keeping histories. */
        public boolean isSnapshot() {
            return name.equals("snapshot");
        }
    }

    /** Only what is new, added to what is there. */
    record Incremental(Strategy strategy, OnSchemaChange onSchemaChange)
            implements Materialization {}

    /** How new rows meet old ones. */
    sealed interface Strategy {
        /** What conditions call a row of the table. */
        String OLD = "DBT_INTERNAL_DEST";

        /** What conditions call a new row. */
        String NEW = "DBT_INTERNAL_SOURCE";

        record Append() implements Strategy {}

        /**
         * Changes the old row with the key of a new one, and adds those with keys of their own.
         *
         * @param key columns that identify a row; empty: everything is added
         * @param predicates further conditions for rows to match, over {@link #OLD} and {@link
         *     #NEW}
         */
        record Merge(RowKey key, List<String> predicates, MergeRules rules) implements Strategy {
            public Merge {
                predicates = List.copyOf(predicates);
            }
        }

        /**
         * Takes away the old rows whose key is among the new ones, then adds all new ones.
         *
         * @param key empty: nothing is taken away
         * @param predicates which old rows may be taken away, over {@link #OLD} and {@link #NEW}
         */
        record DeleteInsert(RowKey key, List<String> predicates) implements Strategy {
            public DeleteInsert {
                predicates = List.copyOf(predicates);
            }
        }

        /**
         * Replaces one period after the other.
         *
         * @param predicates which old rows of a period may be replaced
         * @param key is not understood: periods that meet old rows are refused where there is one
         */
        record Microbatch(BatchRules rules, List<String> predicates, RowKey key)
                implements Strategy {
            public Microbatch {
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

    /** Whether a table or a view stands under its name afterwards. */
    default boolean isKept() {
        return switch (this) {
            case Ephemeral e -> false;
            case Function f -> false;
            case TableFunction f -> false;
            default -> true;
        };
    }

    /** The word a project uses for it. */
    default String word() {
        return switch (this) {
            case Ephemeral e -> "ephemeral";
            case TableFunction f -> "table_function";
            case View v -> "view";
            case Function f -> "function";
            case Table t -> t.copy().isPresent() ? "external" : "table";
            case MaterializedView m -> "materialized_view";
            case Stream s -> "stream";
            case Snapshot s -> "snapshot";
            case Custom c -> c.name();
            case Incremental i -> "incremental";
        };
    }

    /** By what old rows are found, if that is how it grows. */
    default RowKey key() {
        return this instanceof Incremental i
                ? switch (i.strategy()) {
                    case Strategy.Merge m -> m.key();
                    case Strategy.DeleteInsert d -> d.key();
                    case Strategy.Microbatch b -> RowKey.NONE;
                    case Strategy.Append a -> RowKey.NONE;
                    case Strategy.OverwritePartitions o -> RowKey.NONE;
                }
                : RowKey.NONE;
    }
}
