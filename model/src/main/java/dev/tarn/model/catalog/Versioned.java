package dev.tarn.model.catalog;

import dev.tarn.model.PublicationId;
import dev.tarn.model.table.TablePointer;
import java.util.Optional;

/**
 * An entry and the publication that made it what it is. Two reads with the same version saw the
 * same thing.
 */
public record Versioned(EntryKey key, Entry entry, PublicationId version) {
    /** The table the entry points to; empty for anything that is no table. */
    public Optional<TablePointer> pointer() {
        return entry instanceof Entry.Table table ? Optional.of(table.pointer()) : Optional.empty();
    }
}
