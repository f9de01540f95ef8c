package dev.tarn.spi;

import dev.tarn.model.TableName;
import dev.tarn.model.table.TablePointer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells published states of tables in a second format, over the same data files. What it writes can
 * always be made anew from the tables' own metadata. Safe for use by many threads and by several
 * processes at once: each state is told once, whoever comes first.
 */
public interface TableMirror {
    /** The format's name, such as {@code delta}. */
    String format();

    /**
     * Tells all steps of a table that have not been told yet. What the format tells of a table goes
     * when the table does, or when its settings leave the format out. After a failure, or when the
     * process is killed, the same call does the rest.
     *
     * @param steps of one table, in the order of publication
     * @throws dev.tarn.model.TarnException {@code UNSUPPORTED} when the format cannot express the
     *     table, or when somebody else has written where this mirror writes; other codes for
     *     failures of storage
     */
    void tell(TableName table, List<Outbox.Item> steps);

    /** Where somebody opens a table in this format; empty if it is not told there. */
    Optional<String> home(TableName table, TablePointer pointer);

    /**
     * Shortens what has been told of a table: states from before a time can no longer be asked for.
     * The newest one always can.
     *
     * @return how many files were removed
     */
    int forget(TableName table, TablePointer pointer, Instant olderThan);
}
