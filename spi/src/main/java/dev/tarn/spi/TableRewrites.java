package dev.tarn.spi;

import dev.tarn.model.table.Inventory;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.WrittenFile;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes what a table has in another way, and forgets what is no longer needed: rows and columns of
 * the current state stay what they are. As with {@link TableChanges}, states are never changed but
 * new ones made. Safe for use by many threads.
 */
public interface TableRewrites {
    /** What the current rows are made of. Reads metadata only. */
    Inventory inventory(TablePointer pointer);

    /**
     * The rows of some files of the current snapshot, to be written anew. Where rows have an
     * identity, their files tell it.
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

    /**
     * Puts files of its own in the place of all that there are and that hold the same rows, so that
     * the table can be told of in every format. What only served to read files of others is
     * forgotten with them, and so are older snapshots; earlier states stay what they are.
     */
    TablePointer renew(TablePointer base, List<WrittenFile> all, Map<String, String> summary);

    /** Gathers the lists that name the data files. The files stay. */
    TablePointer rewriteManifests(TablePointer base, Map<String, String> summary);

    /**
     * Forgets some snapshots; their files stay until nothing refers to them. The current one, and
     * those that the format itself names by refs, are kept.
     */
    TablePointer forget(TablePointer base, Set<Long> snapshots);
}
