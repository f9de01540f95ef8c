package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import java.time.Instant;
import java.util.List;

/** A catalog whose tables can be read in other formats right after they are published. */
final class MirroredCatalog implements Catalog {
    private final Catalog catalog;
    private final Mirroring mirroring;

    MirroredCatalog(Catalog catalog, Mirroring mirroring) {
        this.catalog = catalog;
        this.mirroring = mirroring;
    }

    @Override
    public CommitResult commit(CommitRequest request) {
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
