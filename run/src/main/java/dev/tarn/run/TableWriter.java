package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Tables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the rows of queries into new states of tables. Nothing it makes is visible yet. */
public final class TableWriter {
    /** After these the rows of a query can still become a table, though not the same one. */
    private static final Set<ErrorCode> NEW_TABLE_AFTER =
            Set.of(ErrorCode.SCHEMA_CHANGE_REFUSED, ErrorCode.FILE_MISSING, ErrorCode.FILE_CORRUPT);

    private final EngineSession session;
    private final Tables tables;
    private final Map<String, String> summary;

    TableWriter(EngineSession session, Tables tables, Map<String, String> summary) {
        this.session = session;
        this.tables = tables;
        this.summary = summary;
    }

    /** A new state of a table and what it took. */
    public record Written(TablePointer pointer, long rows, long bytes) {
        static Written of(TablePointer pointer, List<WrittenFile> files) {
            return new Written(
                    pointer,
                    files.stream().mapToLong(WrittenFile::rows).sum(),
                    files.stream().mapToLong(WrittenFile::bytes).sum());
        }
    }

    /**
     * Makes the query's rows the whole table. A table that is there keeps its history where the
     * format lets its columns become the definition's and its metadata is whole; else a new one
     * takes its place, and the catalog alone remembers the old.
     */
    public Written replace(
            TableName name,
            Optional<TablePointer> existing,
            TableDefinition definition,
            SqlText query) {
        if (existing.isEmpty()) {
            TablePointer created = tables.create(name, definition);
            return append(created, query);
        }
        TablePointer base;
        try {
            base = reshaped(existing.get(), definition);
        } catch (TarnException refused) {
            if (!NEW_TABLE_AFTER.contains(refused.code())) {
                throw refused;
            }
            return append(tables.create(name, definition), query);
        }
        List<WrittenFile> files = session.write(query, tables.target(base));
        return Written.of(tables.overwrite(base, files, summary), files);
    }

    /** Adds the query's rows. */
    public Written append(TablePointer base, SqlText query) {
        return add(base, session.write(query, tables.target(base)));
    }

    /** Adds files that were written for the table. */
    public Written add(TablePointer base, List<WrittenFile> files) {
        return files.isEmpty()
                ? new Written(base, 0, 0)
                : Written.of(tables.append(base, files, summary), files);
    }

    /** Makes files that were written for the table all that it has. */
    public Written overwrite(TablePointer base, List<WrittenFile> files) {
        return Written.of(tables.overwrite(base, files, summary), files);
    }

    /** Replaces the partitions that the query's rows fall into. */
    Written overwritePartitions(TablePointer base, SqlText query) {
        List<WrittenFile> files = session.write(query, tables.target(base));
        return files.isEmpty()
                ? new Written(base, 0, 0)
                : Written.of(tables.overwritePartitions(base, files, summary), files);
    }

    /** Changes the table's columns; returns the pointer as it is if there is nothing to do. */
    public TablePointer evolve(TablePointer base, List<SchemaChange> changes) {
        return changes.isEmpty() ? base : tables.evolve(base, changes);
    }

    /**
     * Brings a table to the state behind changes of its rows. Rows that stay the same row keep
     * their ids.
     *
     * @param many whether all rows of a key take the place of all that have it; else the last one
     * @param fresh whether the table has no rows with these keys
     */
    public Written apply(
            TableName name, TablePointer base, RowChanges changes, boolean many, boolean fresh) {
        return new KeyedChanges(session, tables, summary, name, base, changes).apply(many, fresh);
    }

    /** The columns that say from when to when a row is valid; null for to this day. */
    public record Validity(String from, String to) {}

    /**
     * Ends the versions of rows that changed, and adds the new ones.
     *
     * @param fresh whether the table has no rows with these keys
     */
    public Written version(
            TableName name,
            TablePointer base,
            RowChanges changes,
            Validity validity,
            boolean fresh) {
        return new VersionedChanges(session, tables, summary, name, base, changes, validity)
                .apply(fresh);
    }

    /**
     * Keeps the rows of a table that a condition holds for in the session.
     *
     * @param condition over the columns of the table
     */
    public TakenRows take(TableName name, TablePointer base, String condition) {
        return new TakenRows(session, tables, summary, name, base, condition);
    }

    /** Lets the session see a state of a table under its name. */
    public void show(TableName name, TablePointer pointer) {
        session.define(
                name,
                new Relation.Table(
                        tables.state(pointer).definition().schema(),
                        predicates -> tables.scan(pointer, Optional.empty(), predicates)));
    }

    private TablePointer reshaped(TablePointer base, TableDefinition wanted) {
        TableState state = tables.state(base);
        TableDefinition have = state.definition();
        boolean otherLayout =
                !have.partitioning().equals(wanted.partitioning())
                        || !have.sortOrder().equals(wanted.sortOrder())
                        || !have.properties()
                                .entrySet()
                                .containsAll(wanted.properties().entrySet());
        Schema columns = have.schema();
        TablePointer pointer = base;
        boolean otherColumns = !columns.sameColumns(wanted.schema());
        if (otherColumns) {
            // Rows are replaced, so a layout over columns that go must go first.
            if (hasLayout(have)) {
                pointer =
                        tables.redefine(
                                pointer,
                                new TableDefinition(columns, List.of(), List.of(), Map.of()));
            }
            pointer = tables.evolve(pointer, SchemaDiff.replacing(columns, wanted.schema()));
        }
        return otherLayout || (otherColumns && hasLayout(have))
                ? tables.redefine(pointer, wanted)
                : pointer;
    }

    private static boolean hasLayout(TableDefinition definition) {
        return !definition.partitioning().isEmpty() || !definition.sortOrder().isEmpty();
    }
}
