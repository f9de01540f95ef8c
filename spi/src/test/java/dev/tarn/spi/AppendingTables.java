package dev.tarn.spi;

import dev.tarn.model.table.StateChange;
import dev.tarn.model.table.TablePointer;
import java.util.Optional;

/** Tables whose pointers are texts: one that begins with another is that one with rows appended. */
public final class AppendingTables implements TableLines {
    @Override
    public Optional<TablePointer> rebase(TablePointer base, TablePointer mine, TablePointer onto) {
        String from = base.metadataLocation();
        String to = mine.metadataLocation();
        return to.startsWith(from)
                ? Optional.of(
                        new TablePointer(onto.metadataLocation() + to.substring(from.length())))
                : Optional.empty();
    }

    @Override
    public StateChange change(Optional<TablePointer> from, TablePointer to) {
        throw new UnsupportedOperationException();
    }
}
