package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.spi.Catalog;
import java.util.List;
import java.util.Optional;

/** Shows a table that somebody else writes under a name of the warehouse. */
final class Attaching {
    private final Catalog catalog;
    private final Externals externals;
    private final AttachedTables tables;

    Attaching(Catalog catalog, Externals externals, AttachedTables tables) {
        this.catalog = catalog;
        this.externals = externals;
        this.tables = tables;
    }

    /**
     * What was attached.
     *
     * @param publication empty if this version was attached before
     */
    record Attached(AttachedPointer table, Optional<Publication> publication) {}

    /** Attaches the newest version; a table that was attached from the same place is renewed. */
    Attached attach(RefName ref, TableName name, ExternalSpec spec) {
        AttachedPointer attached = externals.newest(spec);
        tables.state(attached.pointer());
        Optional<Versioned> existing = catalog.read(ref, AsOf.head()).find(EntryKey.of(name));
        if (existing.isPresent() && !isSame(existing.get(), attached)) {
            throw AttachErrors.exists(name, ref);
        }
        if (existing.flatMap(Versioned::pointer).filter(attached.pointer()::equals).isPresent()) {
            return new Attached(attached, Optional.empty());
        }
        Entry entry = new Entry.Table(attached.pointer(), Externals.attributes(attached));
        Change change = Change.put(EntryKey.of(name), entry, Expected.of(existing));
        String message = "attach %s as %s".formatted(attached.location(), name);
        return switch (catalog.commit(CommitRequest.of(ref, List.of(change), message))) {
            case CommitResult.Published done ->
                    new Attached(attached, Optional.of(done.publication()));
            case CommitResult.Conflicted c -> throw AttachErrors.moved(name, ref);
        };
    }

    private static boolean isSame(Versioned existing, AttachedPointer attached) {
        return existing.pointer()
                .flatMap(AttachedPointer::of)
                .filter(a -> a.location().equals(attached.location()))
                .isPresent();
    }
}
