package dev.tarn.spi;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import java.util.List;
import java.util.Optional;

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
    List<String> files(TablePointer pointer);
}
