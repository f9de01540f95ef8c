package dev.tarn.spi;

import dev.tarn.model.TableName;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Makes new states of tables. Every method leaves the state behind the given pointer as it is and
 * returns the pointer of a new one, which nobody sees until a catalog says so. A failure leaves at
 * most files that nothing refers to. Safe for use by many threads.
 */
public interface TableChanges {
    /**
     * Writes the first state of a new, empty table and gives its columns ids. Required columns stay
     * required.
     */
    TablePointer create(TableName name, TableDefinition definition);

    /**
     * Where the engine is to write new files of the table: fresh, local, and the caller's alone.
     */
    WriteTarget target(TablePointer pointer);

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
     * Puts files in the place of others that hold other rows, in one snapshot.
     *
     * @param removed locations of data files, as {@link TableReads#scan} names them
     */
    TablePointer replaceFiles(
            TablePointer base,
            Collection<String> removed,
            List<WrittenFile> added,
            Map<String, String> summary);

    /**
     * Changes the schema; the files stay. All steps or none.
     *
     * @throws dev.tarn.model.TarnException {@code SCHEMA_CHANGE_REFUSED} with the step and the
     *     reason
     */
    TablePointer evolve(TablePointer base, List<SchemaChange> changes);

    /** Changes partitioning, sort order and properties for rows written from now on. */
    TablePointer redefine(TablePointer base, TableDefinition definition);
}
