package dev.tarn.model.table;

import java.util.Optional;

/** One step of a schema's evolution. Columns are named with dots for parts of structs. */
public sealed interface SchemaChange {
    /**
     * @param initialDefault what older rows read as, a literal in the house dialect
     */
    record Add(String column, Type type, Optional<String> initialDefault) implements SchemaChange {}

    record Drop(String column) implements SchemaChange {}

    record Rename(String column, String newName) implements SchemaChange {}

    /** Only widenings that lose nothing are allowed. */
    record Widen(String column, Type type) implements SchemaChange {}

    /**
     * @param after the column it comes after; empty for the first place
     */
    record Move(String column, Optional<String> after) implements SchemaChange {}

    /** Allows nulls in a column that refused them. */
    record MakeOptional(String column) implements SchemaChange {}

    /** Refuses nulls in a column from now on. Whoever asks knows that there are none. */
    record Require(String column) implements SchemaChange {}

    record Describe(String column, String doc) implements SchemaChange {}
}
