package dev.tarn.spi;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at states of tables, and plans reads of them. Changes nothing. Safe for use by many
 * threads.
 */
public interface TableReads {
    /**
     * @throws dev.tarn.model.TarnException {@code FILE_MISSING} or {@code FILE_CORRUPT} for its
     *     metadata
     */
    TableState state(TablePointer pointer);

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

    /** Every file that a state needs, its metadata included, as locations. */
    default List<String> files(TablePointer pointer) {
        return files(pointer, Set.of());
    }

    /**
     * The same without what is known, for many states that share most of their files: a list of
     * files that is known is not read again.
     *
     * @param known files of other states, each with all that it leads to
     */
    List<String> files(TablePointer pointer, Set<String> known);
}
