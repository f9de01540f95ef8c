package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.TablePointer;
import java.util.List;
import java.util.Optional;

/** A table that is there. */
record StatementTable(TableName name, Versioned version, Entry.Table entry) {
    TablePointer pointer() {
        return entry.pointer();
    }

    void replace(TaskContext context, TablePointer next) {
        if (!next.equals(pointer())) {
            context.commit(
                    List.of(
                            Change.put(
                                    EntryKey.of(name),
                                    Provenance.changed(new Entry.Table(next, entry.attributes())),
                                    Expected.of(Optional.of(version)))),
                    "change " + name);
        }
    }
}
