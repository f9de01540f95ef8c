package dev.tarn.refs;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
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
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings old states of tables and views back, drops them, and gives a state a second name. No data
 * is copied: an old state is an old value in the catalog.
 *
 * <p>The positions of a source's files go with its table: what was landed after the restored state
 * is no longer there, so it will be landed again.
 */
public final class Restoring {
    private static final int VERSIONS_SEARCHED = 1000;

    private final Catalog catalog;

    public Restoring(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Makes one table or view what it was.
     *
     * @return empty if it already is
     */
    public Optional<Publication> restore(
            RefName ref, TableName name, CatalogView then, Optional<PublicationId> seen) {
        if (then.find(EntryKey.of(name)).isEmpty()) {
            throw RefErrors.notThere(name, then);
        }
        CatalogView now = catalog.read(ref, AsOf.head());
        requireSeen(now, ref, name, seen);
        return commit(ref, changes(name, then, now), "restore %s".formatted(name));
    }

    /** Makes all tables and views of a schema what they were; those it did not have stay. */
    public Optional<Publication> restoreSchema(RefName ref, String schema, CatalogView then) {
        List<Versioned> there = then.list(EntryKey.Kind.RELATION, schema + ".");
        if (there.isEmpty()) {
            throw RefErrors.emptySchema(schema, then);
        }
        CatalogView now = catalog.read(ref, AsOf.head());
        List<Change> changes = new ArrayList<>();
        for (Versioned each : there) {
            changes.addAll(changes(TableName.parse(each.key().name()), then, now));
        }
        return commit(ref, changes, "restore schema %s".formatted(schema));
    }

    /** Takes a table or view, and what is known of its source's files, off a ref. */
    public Publication drop(RefName ref, TableName name, Optional<PublicationId> seen) {
        CatalogView now = catalog.read(ref, AsOf.head());
        CatalogView nothing = catalog.read(ref, new AsOf.Publication(new PublicationId(0)));
        if (now.find(EntryKey.of(name)).isEmpty()) {
            throw RefErrors.notThere(name, now);
        }
        requireSeen(now, ref, name, seen);
        return commit(ref, changes(name, nothing, now), "drop %s".formatted(name)).orElseThrow();
    }

    /** What somebody decided about a state does not hold for another. */
    private static void requireSeen(
            CatalogView now, RefName ref, TableName name, Optional<PublicationId> seen) {
        Optional<PublicationId> is = now.find(EntryKey.of(name)).map(Versioned::version);
        if (seen.isPresent() && !is.equals(seen)) {
            throw RefErrors.outdated(name, ref, seen.get(), is);
        }
    }

    /** Brings the newest state of a dropped table or view back. */
    public Publication undrop(RefName ref, TableName name) {
        CatalogView now = catalog.read(ref, AsOf.head());
        if (now.find(EntryKey.of(name)).isPresent()) {
            throw RefErrors.notDropped(name, ref);
        }
        PublicationId last =
                catalog.history(ref, EntryKey.of(name), VERSIONS_SEARCHED).stream()
                        .filter(v -> v.value().isEmpty())
                        .findFirst()
                        .map(v -> v.publication().id())
                        .orElseThrow(() -> RefErrors.neverThere(name, ref));
        CatalogView then =
                catalog.read(ref, new AsOf.Publication(new PublicationId(last.value() - 1)));
        return commit(ref, changes(name, then, now), "undrop %s".formatted(name)).orElseThrow();
    }

    /**
     * Makes a new table that begins as a state of another and goes its own way from there.
     *
     * @param from the state; may be of another ref
     */
    public Publication copy(RefName ref, TableName name, CatalogView from, TableName copy) {
        Versioned found =
                from.find(EntryKey.of(name)).orElseThrow(() -> RefErrors.notThere(name, from));
        if (catalog.read(ref, AsOf.head()).find(EntryKey.of(copy)).isPresent()) {
            throw RefErrors.exists(copy, ref);
        }
        return commit(ref, List.of(cloned(found, copy)), "clone %s as %s".formatted(name, copy))
                .orElseThrow();
    }

    /**
     * Makes a new schema whose tables and views begin as those of another; views keep reading what
     * they name.
     *
     * @param from the state; may be of another ref
     */
    public Publication copySchema(RefName ref, String schema, CatalogView from, String copy) {
        List<Versioned> there = from.list(EntryKey.Kind.RELATION, schema + ".");
        if (there.isEmpty()) {
            throw RefErrors.emptySchema(schema, from);
        }
        CatalogView now = catalog.read(ref, AsOf.head());
        List<Change> changes = new ArrayList<>();
        for (Versioned each : there) {
            TableName old = TableName.parse(each.key().name());
            TableName name =
                    new TableName(copy + old.schema().substring(schema.length()), old.table());
            if (now.find(EntryKey.of(name)).isPresent()) {
                throw RefErrors.exists(name, ref);
            }
            changes.add(cloned(each, name));
        }
        return commit(ref, changes, "clone schema %s as %s".formatted(schema, copy)).orElseThrow();
    }

    private static Change cloned(Versioned found, TableName copy) {
        Map<String, String> attributes = new HashMap<>(found.entry().attributes());
        attributes.keySet().retainAll(List.of("owner", "description"));
        attributes.put("cloneOf", found.key().name() + "@" + found.version());
        Entry entry =
                switch (found.entry()) {
                    case Entry.Table table -> new Entry.Table(table.pointer(), attributes);
                    case Entry.View view -> new Entry.View(view.sql(), view.schema(), attributes);
                    case Entry.Position p -> p;
                    case Entry.Judgement j -> j;
                    case Entry.Namespace n -> n;
                };
        return Change.put(EntryKey.of(copy), entry, new Expected.Absent());
    }

    private Optional<Publication> commit(RefName ref, List<Change> changes, String message) {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        return switch (catalog.commit(CommitRequest.of(ref, changes, message))) {
            case CommitResult.Published published -> Optional.of(published.publication());
            case CommitResult.Conflicted c -> throw RefErrors.targetKeepsMoving(ref, c.conflicts());
        };
    }

    private static List<Change> changes(TableName name, CatalogView then, CatalogView now) {
        Map<EntryKey, Versioned> before = withPositions(name, then);
        Map<EntryKey, Versioned> present = withPositions(name, now);
        Map<EntryKey, Versioned> either = new TreeMap<>(before);
        either.putAll(present);
        List<Change> changes = new ArrayList<>();
        for (EntryKey key : either.keySet()) {
            Versioned was = before.get(key);
            Versioned is = present.get(key);
            if (!Divergence.same(was, is)) {
                changes.add(
                        new Change(
                                key,
                                Optional.ofNullable(was).map(Versioned::entry),
                                Expected.of(Optional.ofNullable(is))));
            }
        }
        return changes;
    }

    private static Map<EntryKey, Versioned> withPositions(TableName name, CatalogView view) {
        Map<EntryKey, Versioned> found = new TreeMap<>();
        view.list(EntryKey.Kind.POSITION, name + "/").forEach(v -> found.put(v.key(), v));
        view.find(EntryKey.of(name)).ifPresent(v -> found.put(v.key(), v));
        return found;
    }
}
