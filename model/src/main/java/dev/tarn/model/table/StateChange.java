package dev.tarn.model.table;

import java.util.List;
import java.util.Optional;

/**
 * What lies between two states of a table, file by file. A file whose deletion vector is another is
 * both removed, with the old one, and added, with the new one.
 *
 * @param state the newer state
 * @param before the older state; empty where all files are told as added
 * @param schemas the columns the table has had so far, oldest first; the newest state's are among
 *     them
 * @param schemasBefore the same of the older state
 * @param added files that only the newer state has
 * @param removed files that only the older state had
 * @param nextRowId the id that the next new row will get; 0 where rows have none
 * @param rearranged whether both states have the same rows, in other files
 */
public record StateChange(
        TableState state,
        Optional<TableState> before,
        List<Schema> schemas,
        List<Schema> schemasBefore,
        List<TableFile> added,
        List<TableFile> removed,
        long nextRowId,
        boolean rearranged) {
    public StateChange {
        schemas = List.copyOf(schemas);
        schemasBefore = List.copyOf(schemasBefore);
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }
}
