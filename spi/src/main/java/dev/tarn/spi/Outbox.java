package dev.tarn.spi;

import dev.tarn.model.PublicationId;
import dev.tarn.model.TableName;
import dev.tarn.model.table.TablePointer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of the tables of {@code main} and has not been told elsewhere yet. It comes in by the
 * very commit that publishes it. Safe for use by many threads and processes.
 */
public interface Outbox {
    /** What is in it, in the order of publication; changes nothing. */
    List<Item> items();

    /** Takes items out; those that are no longer there are passed over. */
    void done(List<Item> items);

    /**
     * One step of one table.
     *
     * @param at when it was published
     * @param pointer what {@code main} shows since; empty if it shows no such table any more
     * @param previous what it showed until then; empty if there was no such table
     */
    record Item(
            TableName table,
            PublicationId publication,
            Instant at,
            Optional<TablePointer> pointer,
            Optional<TablePointer> previous) {}
}
