package dev.tarn.state;

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
import dev.tarn.spi.CatalogErrors;
import dev.tarn.spi.CatalogView;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The catalog as tables of a database: each call is one transaction or one query. */
final class SqlCatalog implements Catalog {
    private final Database database;
    private final Clock clock;

    SqlCatalog(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Ref ref(RefName name) {
        return database.read(session -> {
            Ref ref = RefTable.find(session, name).orElse(null);
            if (ref == null) {
                throw CatalogErrors.refNotFound(name, RefTable.names(session));
            }
            return ref;
        });
    }

    @Override
    public List<Ref> refs() {
        return database.read(RefTable::all);
    }

    @Override
    public Ref create(RefName name, Ref.Kind kind, RefName parent, AsOf at) {
        if (name.isRun() != (kind == Ref.Kind.RUN)) {
            throw CatalogErrors.kindMismatch(name);
        }
        Instant now = clock.instant();
        return change(name, session -> RefTable.create(session, name, kind, parent, at, now));
    }

    /** What happens on the ref of a run is nothing before it is published. */
    private <T> T change(RefName ref, Database.Work<T> work) {
        return ref.isRun() ? database.note(work) : database.write(work);
    }

    @Override
    public void delete(RefName name) {
        if (name.equals(RefName.MAIN)) {
            throw CatalogErrors.mainStays();
        }
        change(
                name,
                session -> {
                    RefTable.delete(session, name);
                    return name;
                });
    }

    @Override
    public List<RefName> pruneRuns(Instant endedBefore) {
        return database.write(session -> {
            List<RefName> names = RefTable.prunable(session, endedBefore);
            for (RefName name : names) {
                RefTable.delete(session, name);
            }
            return names;
        });
    }

    @Override
    public CatalogView read(RefName name, AsOf at) {
        return database.read(session -> {
            Chain.State state = Chain.state(session, name, at);
            PublicationId newest = Chain.newestShown(session, state);
            return new SqlCatalogView(database, name, state, newest);
        });
    }

    @Override
    public CommitResult commit(CommitRequest request) {
        return change(request.ref(), session -> new Commit(session, request, clock).apply());
    }

    @Override
    public List<RefChange> changes(RefName name) {
        return database.read(session -> History.changes(session, name));
    }

    @Override
    public List<Publication> history(RefName name, int limit) {
        return database.read(session -> History.publications(session, name, limit));
    }

    @Override
    public List<EntryVersion> history(RefName name, EntryKey key, int limit) {
        return database.read(session -> History.versions(session, name, key, limit));
    }

    @Override
    public List<Versioned> reachable(PublicationId since) {
        return database.read(session -> History.reachable(session, since));
    }

    @Override
    public long trimmable(PublicationId before) {
        return database.read(session -> Trimming.count(session, before));
    }

    @Override
    public long trim(PublicationId before) {
        return database.write(session -> Trimming.trim(session, before));
    }

    @Override
    public void close() {
        database.close();
    }
}
