package dev.tarn.spi;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Inventory;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.StateChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table format: turns files into states of tables. Every method that changes a table leaves the
 * state behind the given pointer as it is and returns the pointer of a new one, which nobody sees
 * until a catalog says so. A failure leaves at most files that nothing refers to. Safe for use by
 * many threads.
 */
public interface Tables {
    /**
     * Writes the first state of a new, empty table and gives its columns ids. Required columns stay
     * required.
     */
    TablePointer create(TableName name, TableDefinition definition);

    /**
     * @throws dev.tarn.model.TarnException {@code FILE_MISSING} or {@code FILE_CORRUPT} for its
     *     metadata
     */
    TableState state(TablePointer pointer);

    /**
     * Where the engine is to write new files of the table: fresh, local, and the caller's alone.
     */
    WriteTarget target(TablePointer pointer);

    /**
     * Plans a read; remote files are brought to local disk first.
     *
     * @param snapshot a snapshot of the table's history; empty for the current one
     * @param predicates conditions the reader will apply itself, given so that files can be left
     *     out
     * @throws dev.tarn.model.TarnException {@code FILE_MISSING} when a data file is gone, with its
     *     name
     */
    TableScan scan(TablePointer pointer, Optional<Long> snapshot, List<Predicate> predicates);

    /**
     * Adds files. Takes them over: they are moved or uploaded into the table's own place.
     *
     * @param summary kept with the snapshot, such as {@code tarn.run}
     */
    TablePointer append(TablePointer base, List<WrittenFile> files, Map<String, String> summary);

    /** Replaces all rows. */
    TablePointer overwrite(TablePointer base, List<WrittenFile> files, Map<String, String> summary);

    /** Replaces the rows of the partitions that the files fall into. */
    TablePointer overwritePartitions(
            TablePointer base, List<WrittenFile> files, Map<String, String> summary);

    /** Takes rows away and adds others in one snapshot, with deletion vectors. */
    TablePointer replaceRows(
            TablePointer base,
            List<RowPositions> deleted,
            List<WrittenFile> added,
            Map<String, String> summary);

    /**
     * Puts files in the place of others, in one snapshot.
     *
     * @param removed locations of data files, as {@link #scan} names them
     */
    TablePointer rewrite(
            TablePointer base,
            Collection<String> removed,
            List<WrittenFile> added,
            Map<String, String> summary);

    /**
     * Where the rows of data files come from, by location; files of tables that keep no ids of rows
     * are left out.
     */
    Map<String, RowLineage> origins(TablePointer pointer);

    /**
     * Changes the schema; the files stay. All steps or none.
     *
     * @throws dev.tarn.model.TarnException {@code SCHEMA_CHANGE_REFUSED} with the step and the
     *     reason
     */
    TablePointer evolve(TablePointer base, List<SchemaChange> changes);

    /** Changes partitioning, sort order and properties for rows written from now on. */
    TablePointer redefine(TablePointer base, TableDefinition definition);

    /** What the current rows are made of. Reads metadata only. */
    Inventory inventory(TablePointer pointer);

    /**
     * The rows of some files of the current snapshot, to be written anew. Where the format gives
     * rows an identity, the scan tells it, and files written from it keep it.
     *
     * @throws dev.tarn.model.TarnException {@code COMMIT_CONFLICT} when the table no longer has one
     *     of the files
     */
    TableScan rows(TablePointer pointer, Set<String> locations);

    /**
     * Puts files in the place of others that hold the same rows. Whoever compares states of the
     * table sees no change of its rows.
     *
     * @param replaced files of the current snapshot; their deletions go with them
     * @param summary with {@code tarn.clustered-by} it names the columns by which rows are gathered
     *     in the new files; {@link #inventory} then tells so
     * @throws dev.tarn.model.TarnException {@code COMMIT_CONFLICT} when the table no longer has one
     *     of the files; {@code INTERNAL} when the rows are not as many as those they replace
     */
    TablePointer compact(
            TablePointer base,
            Set<String> replaced,
            List<WrittenFile> added,
            Map<String, String> summary);

    /** Gathers the lists that name the data files. The files stay. */
    TablePointer rewriteManifests(TablePointer base, Map<String, String> summary);

    /**
     * Repeats on {@code onto} the work that leads from {@code base} to {@code mine}. That can be
     * done when it is appends, or a rewriting of files that are still as they were, and {@code
     * onto} is whatever others made meanwhile; and with any work when others did nothing but
     * rewrite: then their rewriting is given up.
     *
     * @return empty if neither is so, and the work must be done again
     */
    Optional<TablePointer> rebase(TablePointer base, TablePointer mine, TablePointer onto);

    /**
     * Forgets old snapshots; their files stay until nothing refers to them. The current one is
     * always kept.
     *
     * @param olderThan only snapshots from before this are forgotten
     * @param keepLast how many of the newest are kept whatever their age; at least 1
     */
    TablePointer expire(TablePointer base, Instant olderThan, int keepLast);

    /**
     * What became of a table's files between two of its states, of which neither must come from the
     * other. Costs what changed, not what the table has.
     *
     * @param from the older state; empty to get all files as added
     * @throws dev.tarn.model.TarnException {@code UNSUPPORTED} when rows are deleted in another way
     *     than by one deletion vector for each file
     */
    StateChange change(Optional<TablePointer> from, TablePointer to);

    /**
     * Forgets some snapshots; their files stay until nothing refers to them. The current one, and
     * those that the format itself names by refs, are kept.
     */
    TablePointer forget(TablePointer base, Set<Long> snapshots);

    /** Every file that a state needs, its metadata included, as locations. */
    List<String> files(TablePointer pointer);
}
