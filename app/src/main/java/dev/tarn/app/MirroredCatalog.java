package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Tables;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A catalog whose tables can be read in other formats right after they are published, and whose
 * entries say of tables that are not offered as Iceberg in which formats they are.
 */
final class MirroredCatalog implements Catalog {
    /** So many come from another ref only, where they have been marked. */
    private static final int MARKED_AT_ONCE = 64;

    private final Catalog catalog;
    private final Mirroring mirroring;

    private final Supplier<? extends Tables> tables;

    MirroredCatalog(Catalog catalog, Mirroring mirroring, Supplier<? extends Tables> tables) {
        this.catalog = catalog;
        this.mirroring = mirroring;
        this.tables = tables;
    }

    @Override
    public CommitResult commit(CommitRequest wanted) {
        CommitRequest request =
                wanted.changes().size() > MARKED_AT_ONCE
                        ? wanted
                        : wanted.withChanges(wanted.changes().stream().map(this::marked).toList());
        CommitResult result = catalog.commit(request);
        boolean concernsTables =
                request.ref().equals(RefName.MAIN)
                        && request.changes().stream()
                                .anyMatch(c -> c.key().kind() == EntryKey.Kind.RELATION);
        if (concernsTables && result instanceof CommitResult.Published) {
            mirroring.tell();
        }
        return result;
    }

    private Change marked(Change change) {
        return change.next().orElse(null) instanceof Entry.Table table
                ? new Change(change.key(), Optional.of(marked(table)), change.expected())
                : change;
    }

    private Entry.Table marked(Entry.Table table) {
        if (AttachedPointer.of(table.pointer()).isPresent()) {
            return table;
        }
        String formats;
        try {
            formats =
                    tables.get()
                            .state(table.pointer())
                            .definition()
                            .properties()
                            .getOrDefault("tarn.formats", Entry.Table.ICEBERG);
        } catch (TarnException e) {
            // A state that cannot be read is not made worse by this.
            return table;
        }
        boolean iceberg = List.of(formats.split("[,\\s]+")).contains(Entry.Table.ICEBERG);
        return table.offeredAs(iceberg ? Optional.empty() : Optional.of(formats));
    }

    @Override
    public Ref ref(RefName name) {
        return catalog.ref(name);
    }

    @Override
    public List<Ref> refs() {
        return catalog.refs();
    }

    @Override
    public Ref create(RefName name, Ref.Kind kind, RefName parent, AsOf at) {
        return catalog.create(name, kind, parent, at);
    }

    @Override
    public void delete(RefName name) {
        catalog.delete(name);
    }

    @Override
    public List<RefName> pruneRuns(Instant endedBefore) {
        return catalog.pruneRuns(endedBefore);
    }

    @Override
    public CatalogView read(RefName name, AsOf at) {
        return catalog.read(name, at);
    }

    @Override
    public List<RefChange> changes(RefName name) {
        return catalog.changes(name);
    }

    @Override
    public List<Publication> history(RefName name, int limit) {
        return catalog.history(name, limit);
    }

    @Override
    public List<EntryVersion> history(RefName name, EntryKey key, int limit) {
        return catalog.history(name, key, limit);
    }

    @Override
    public List<Versioned> reachable(PublicationId since) {
        return catalog.reachable(since);
    }

    @Override
    public long trimmable(PublicationId before) {
        return catalog.trimmable(before);
    }

    @Override
    public long trim(PublicationId before) {
        return catalog.trim(before);
    }

    @Override
    public void close() {
        catalog.close();
    }
}
