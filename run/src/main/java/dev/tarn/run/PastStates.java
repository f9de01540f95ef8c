package dev.tarn.run;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PointInTime;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.Run;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RunLog;
import dev.tarn.spi.TableReads;
import java.util.List;
import java.util.Optional;

/** Finds what tables and views were at other times, and are on other refs. */
public final class PastStates {
    /** Publications are counted from 1; the ids of snapshots are much larger. */
    private static final long SMALLEST_SNAPSHOT = 1_000_000_000_000L;

    private static final ChangeRelations NONE =
            (ref, name, after, upTo) -> {
                throw PastErrors.noChangesHere(name);
            };

    private static final int VERSIONS_SEARCHED = 10_000;

    private final Catalog catalog;
    private final RunLog runs;
    private final TableReads tables;
    private final ChangeRelations changes;

    public PastStates(Catalog catalog, RunLog runs, TableReads tables) {
        this(catalog, runs, tables, NONE);
    }

    /** The same, where queries may also ask for the rows that changed. */
    public PastStates(Catalog catalog, RunLog runs, TableReads tables, ChangeRelations changes) {
        this.catalog = catalog;
        this.runs = runs;
        this.tables = tables;
        this.changes = changes;
    }

    /** The rows of a table that changed, as it is seen in a view. */
    ChangeRelations.Told changed(CatalogView seen, TableName name, PointInTime.Changes wanted) {
        return changes.between(
                seen.ref(), name, wanted.after(), wanted.upTo().orElse(seen.asOf().value()));
    }

    /** The versions of an entry that a view shows or could have shown before, newest first. */
    List<Catalog.EntryVersion> versions(CatalogView view, EntryKey key, int limit) {
        return catalog.history(view.ref(), key, limit).stream()
                .filter(v -> v.publication().id().compareTo(view.asOf()) <= 0)
                .toList();
    }

    /**
     * @param home the ref that is read otherwise
     */
    Optional<Relation> find(RefName home, TableName name, PointInTime point) {
        if (point instanceof PointInTime.Version version && version.number() >= SMALLEST_SNAPSHOT) {
            return Optional.of(snapshot(home, name, version.number()));
        }
        CatalogView then = view(home, name, point);
        Optional<Versioned> found = then.find(EntryKey.of(name));
        if (found.isEmpty()) {
            throw notThen(home, name, point);
        }
        return switch (found.get().entry()) {
            case Entry.Table table -> Optional.of(table(home, name, table.pointer(), point));
            case Entry.View view -> Optional.of(new Relation.View(view.sql()));
            default -> Optional.empty();
        };
    }

    /** An entry as it was; refuses with the oldest that is kept. */
    Versioned entry(RefName home, TableName name, PointInTime point) {
        CatalogView then = view(home, name, point);
        Versioned found =
                then.find(EntryKey.of(name)).orElseThrow(() -> notThen(home, name, point));
        found.pointer().ifPresent(pointer -> table(home, name, pointer, point));
        return found;
    }

    /**
     * Refuses a table whose state in a view has lost its files.
     *
     * @throws TarnException {@code PUBLICATION_NOT_FOUND} with the oldest state that is kept
     */
    public void requireKept(CatalogView seen, TableName name) {
        Optional<TablePointer> pointer =
                seen.find(EntryKey.of(name))
                        .flatMap(Versioned::pointer)
                        .filter(p -> AttachedPointer.of(p).isEmpty());
        try {
            pointer.ifPresent(tables::state);
        } catch (TarnException e) {
            throw gone(seen, name, e);
        }
    }

    /** What is said about a table of an older state whose files are gone. */
    TarnException gone(CatalogView seen, TableName name, TarnException failure) {
        EntryKey key = EntryKey.of(name);
        boolean older =
                failure.code() == ErrorCode.FILE_MISSING
                        && !catalog.read(seen.ref(), AsOf.head()).find(key).equals(seen.find(key));
        return older
                ? notThen(seen.ref(), name, new PointInTime.Version(seen.asOf().value()))
                : failure;
    }

    private CatalogView view(RefName home, TableName name, PointInTime point) {
        return switch (point) {
            case PointInTime.Version v ->
                    past(home, name, point, new AsOf.Publication(new PublicationId(v.number())));
            case PointInTime.Time t -> past(home, name, point, new AsOf.Time(t.time()));
            case PointInTime.OnRef r -> catalog.read(r.ref(), AsOf.head());
            case PointInTime.OfRun r -> ofRun(runs.run(r.run()));
            case PointInTime.Changes c -> throw new IllegalStateException("These are no state");
        };
    }

    private CatalogView past(RefName home, TableName name, PointInTime point, AsOf at) {
        try {
            return catalog.read(home, at);
        } catch (TarnException e) {
            throw e.code() == ErrorCode.PUBLICATION_NOT_FOUND ? notThen(home, name, point) : e;
        }
    }

    private CatalogView ofRun(Run run) {
        return run.publication()
                .map(p -> catalog.read(run.target(), new AsOf.Publication(p)))
                .orElseGet(() -> catalog.read(RefName.of(run.id()), AsOf.head()));
    }

    private Relation table(RefName home, TableName name, TablePointer pointer, PointInTime point) {
        TableState state;
        try {
            state = tables.state(pointer);
        } catch (TarnException e) {
            throw e.code() == ErrorCode.FILE_MISSING ? notThen(home, name, point) : e;
        }
        return new Relation.Table(
                state.definition().schema(),
                predicates -> tables.scan(pointer, Optional.empty(), predicates));
    }

    private Relation snapshot(RefName home, TableName name, long id) {
        TablePointer pointer =
                catalog.read(home, AsOf.head())
                        .find(EntryKey.of(name))
                        .flatMap(Versioned::pointer)
                        .orElseThrow(() -> notThen(home, name, new PointInTime.Version(id)));
        boolean kept = tables.state(pointer).snapshots().stream().anyMatch(s -> s.id() == id);
        if (!kept) {
            throw notThen(home, name, new PointInTime.Version(id));
        }
        return new Relation.Table(
                tables.scan(pointer, Optional.of(id), List.of()).schema(),
                predicates -> tables.scan(pointer, Optional.of(id), predicates));
    }

    private TarnException notThen(RefName home, TableName name, PointInTime point) {
        List<Catalog.EntryVersion> versions =
                catalog.history(home, EntryKey.of(name), VERSIONS_SEARCHED).stream()
                        .filter(v -> v.value().isPresent())
                        .toList();
        Optional<Catalog.EntryVersion> oldest = Optional.empty();
        for (Catalog.EntryVersion version : versions) {
            if (!isKept(version)) {
                break;
            }
            oldest = Optional.of(version);
        }
        return PastErrors.notThen(name, home, point, oldest);
    }

    private boolean isKept(Catalog.EntryVersion version) {
        Optional<TablePointer> pointer = version.value().flatMap(Versioned::pointer);
        try {
            pointer.ifPresent(tables::state);
            return true;
        } catch (TarnException gone) {
            return false;
        }
    }
}
