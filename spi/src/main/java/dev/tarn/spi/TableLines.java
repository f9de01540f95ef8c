package dev.tarn.spi;

import dev.tarn.model.table.StateChange;
import dev.tarn.model.table.TablePointer;
import java.util.Optional;

/**
 * Compares states of one table that came to be beside each other, and repeats the work on one on
 * another. Safe for use by many threads.
 */
public interface TableLines {
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
     * Repeats on {@code onto} the work that leads from {@code base} to {@code mine}. That can be
     * done when it is appends, or a rewriting of files that are still as they were, and {@code
     * onto} is whatever others made meanwhile; and with any work when others did nothing but
     * rewrite: then their rewriting is given up.
     *
     * @return empty if neither is so, and the work must be done again
     */
    Optional<TablePointer> rebase(TablePointer base, TablePointer mine, TablePointer onto);
}
