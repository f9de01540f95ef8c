package dev.tarn.sql.statement;

import dev.tarn.model.PointInTime;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One statement, taken apart as far as it is not a query. Queries, conditions and expressions in it
 * are texts that know where they stand.
 */
public sealed interface Statement {
    /** The whole of it. */
    SqlText text();

    /** Reads rows. */
    record Query(SqlText text) implements Statement {}

    /**
     * Adds rows.
     *
     * @param columns those to fill, in order; empty for all
     */
    record Insert(
            SqlText text,
            Optional<SqlText> with,
            Target target,
            List<ColumnRef> columns,
            Matching matching,
            Rows rows)
            implements Statement {}

    /** Takes rows away; {@code using} are further tables of its condition. */
    record Delete(
            SqlText text,
            Optional<SqlText> with,
            Target target,
            Optional<SqlText> using,
            Optional<SqlText> where)
            implements Statement {}

    /** Changes rows; {@code from} are further tables of its condition and values. */
    record Update(
            SqlText text,
            Optional<SqlText> with,
            Target target,
            List<Assignment> assignments,
            Optional<SqlText> from,
            Optional<SqlText> where)
            implements Statement {}

    /** Brings the rows of a source into a table. */
    record Merge(
            SqlText text,
            Optional<SqlText> with,
            Target target,
            Source source,
            Match match,
            List<When> whens)
            implements Statement {}

    /** Takes all rows away. */
    record Truncate(SqlText text, Name name) implements Statement {}

    /**
     * Makes a table.
     *
     * @param columns what it declares; empty when they are those of the query
     */
    record CreateTable(
            SqlText text,
            Name name,
            Lifetime lifetime,
            Presence presence,
            List<ColumnDefinition> columns,
            Layout layout,
            Optional<SqlText> query)
            implements Statement {}

    /**
     * Makes a table that begins as another one, without copying data.
     *
     * @param point which state of the other; empty for the one that is read anyway
     */
    record CloneTable(
            SqlText text, Name name, Presence presence, Name original, Optional<PointInTime> point)
            implements Statement {}

    /**
     * Makes a view.
     *
     * @param columns other names for those of the query; empty to keep them
     */
    record CreateView(
            SqlText text,
            Name name,
            Lifetime lifetime,
            Presence presence,
            List<String> columns,
            Optional<String> comment,
            SqlText query)
            implements Statement {}

    /**
     * Makes a table that keeps the rows of a query.
     *
     * @param columns other names for those of the query; empty to keep them
     */
    record CreateMaterialized(
            SqlText text,
            Name name,
            Presence presence,
            List<String> columns,
            Layout layout,
            SqlText query)
            implements Statement {}

    /**
     * Brings a materialized view up to date.
     *
     * @param whole whether its query is asked again in any case
     */
    record Refresh(SqlText text, Name name, boolean whole) implements Statement {}

    /** Makes a schema; those come into being with their first table. */
    record CreateSchema(SqlText text, Name name) implements Statement {}

    /** Changes what a table or view is, step by step. */
    record Alter(SqlText text, Name name, Kind kind, boolean ifExists, List<Alteration> steps)
            implements Statement {}

    /**
     * Takes relations off; {@code kind} must be theirs.
     *
     * @param cascade a schema goes with all that it holds
     */
    record Drop(SqlText text, Kind kind, List<Name> names, boolean ifExists, boolean cascade)
            implements Statement {}

    /** Brings the newest state of what was dropped back. */
    record Undrop(SqlText text, Kind kind, Name name) implements Statement {}

    /**
     * Says something about a relation or a column of it.
     *
     * @param column empty when the relation itself is meant
     */
    record Comment(
            SqlText text,
            Kind kind,
            Name name,
            Optional<ColumnRef> column,
            Optional<String> comment)
            implements Statement {}

    /**
     * Gives a setting a value, or its usual one.
     *
     * @param text the statement as the engine reads it
     * @param verb as it was written: {@code set}, {@code reset} or {@code pragma}
     * @param setting its name in small letters; {@code variable} for a variable of the session
     */
    record Setting(SqlText text, String verb, String setting) implements Statement {}

    /**
     * Makes or drops what queries can call or cast to.
     *
     * @param what {@code macro} or {@code type}
     * @param made whether it is made, and not dropped
     */
    record Vocabulary(SqlText text, String what, Name name, boolean made, Lifetime lifetime)
            implements Statement {}

    /** Something for which there is nothing to do here, such as {@code begin} or {@code grant}. */
    record WithoutEffect(SqlText text, String verb) implements Statement {}

    /** What kind of thing a statement is about. */
    enum Kind {
        TABLE,
        VIEW,
        SCHEMA
    }

    /** How long something is to stay. */
    enum Lifetime {
        LASTING,
        TEMPORARY
    }

    /** What becomes of a thing of the same name. */
    enum Presence {
        REFUSE,
        KEEP,
        REPLACE
    }

    /** How columns of a query find those of a table. */
    enum Matching {
        BY_POSITION,
        BY_NAME
    }

    /** The table whose rows change, and the name it has in the statement. */
    record Target(Name name, Optional<String> alias) {}

    /** A column as somebody wrote it; parts of structs behind dots. */
    record ColumnRef(List<String> path, SqlText written) {
        public String name() {
            return String.join(".", path);
        }
    }

    /** A new value. */
    sealed interface Value {
        record Expression(SqlText sql) implements Value {}

        /** What the column holds when nothing is said. */
        record Default() implements Value {}
    }

    record Assignment(ColumnRef column, Value value) {}

    /** Where new rows come from. */
    sealed interface Rows {
        record Of(SqlText query) implements Rows {}

        /** Rows that were written out. */
        record Values(SqlText written, List<List<Value>> rows) implements Rows {}

        /** One row of defaults. */
        record Defaults() implements Rows {}
    }

    /**
     * Where a merge takes rows from.
     *
     * @param relation a name, a query in parentheses, or a call
     * @param columns other names for its columns; empty to keep them
     */
    record Source(SqlText relation, Optional<Name> name, String alias, List<String> columns) {}

    /** When a row of the source is that of the target. */
    sealed interface Match {
        record On(SqlText condition) implements Match {}

        record Using(List<ColumnRef> columns) implements Match {}
    }

    /** One branch of a merge. */
    record When(Side side, Optional<SqlText> condition, Action action, SqlText written) {}

    /** Of which rows a branch of a merge speaks. */
    enum Side {
        MATCHED,
        NOT_MATCHED,
        NOT_MATCHED_BY_SOURCE
    }

    /** What a branch of a merge does. */
    sealed interface Action {
        record Update(List<Assignment> assignments) implements Action {}

        /** Every column that the source has too. */
        record UpdateAll() implements Action {}

        /** Every column of the table, in order. */
        record UpdateInOrder() implements Action {}

        /**
         * @param columns those to fill; empty for all in order
         */
        record Insert(List<ColumnRef> columns, List<Value> values) implements Action {}

        record InsertAll() implements Action {}

        /** A row of the source as it is. */
        record InsertInOrder() implements Action {}

        record Delete() implements Action {}

        record Nothing() implements Action {}

        /** The statement fails. */
        record Refuse(Optional<String> reason) implements Action {}
    }

    /**
     * A declared column.
     *
     * @param type as written
     * @param defaultValue a literal
     */
    record ColumnDefinition(
            ColumnRef name,
            SqlText type,
            boolean required,
            Optional<SqlText> defaultValue,
            Optional<String> comment) {}

    /** What a table is besides its columns. */
    record Layout(
            List<PartitionField> partitioning,
            List<SortField> sortOrder,
            Map<String, String> properties,
            Optional<String> comment) {
        public static final Layout PLAIN =
                new Layout(List.of(), List.of(), Map.of(), Optional.empty());
    }

    /** One step of an ALTER. */
    sealed interface Alteration {
        /**
         * @param position where it comes; empty for the end
         */
        record AddColumn(ColumnDefinition column, boolean ifNotExists, Optional<Position> position)
                implements Alteration {}

        record DropColumn(ColumnRef column, boolean ifExists) implements Alteration {}

        record RenameColumn(ColumnRef column, String newName) implements Alteration {}

        record Retype(ColumnRef column, SqlText type) implements Alteration {}

        record SetRequired(ColumnRef column, boolean required) implements Alteration {}

        record Describe(ColumnRef column, String comment) implements Alteration {}

        record Move(ColumnRef column, Position position) implements Alteration {}

        record RenameTo(Name name) implements Alteration {}

        record PartitionBy(List<PartitionField> fields) implements Alteration {}

        record AddPartition(PartitionField field) implements Alteration {}

        record DropPartition(PartitionField field) implements Alteration {}

        record SortBy(List<SortField> fields) implements Alteration {}

        record SetProperties(Map<String, String> properties) implements Alteration {}

        record UnsetProperties(List<String> names) implements Alteration {}
    }

    /** A place among columns. */
    sealed interface Position {
        record First() implements Position {}

        record After(ColumnRef column) implements Position {}
    }
}
