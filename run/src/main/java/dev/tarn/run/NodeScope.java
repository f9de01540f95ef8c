package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import dev.tarn.spi.CatalogView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What belongs to the work for one node: which of its inputs' rows it sees, what it changed on the
 * run's ref, so that it can be taken back when it fails, and the tables it made for itself only.
 * Safe for use by many threads.
 */
final class NodeScope {
    private final Optional<Node> sees;
    private final Touched touched;

    private NodeScope(Optional<Node> sees, Touched touched) {
        this.sees = sees;
        this.touched = touched;
    }

    /** What was there before, by key, and what is to go at the end. */
    private record Touched(
            Map<EntryKey, Optional<Entry>> before, Set<TableName> temporary, SessionWords words) {}

    static NodeScope fresh() {
        return new NodeScope(
                Optional.empty(),
                new Touched(new LinkedHashMap<>(), new LinkedHashSet<>(), new SessionWords()));
    }

    /** The same work, where a node sees only the part of its inputs that the run asks for. */
    NodeScope seenBy(Node node) {
        return new NodeScope(Optional.of(node), touched);
    }

    Optional<Node> sees() {
        return sees;
    }

    /** What its queries are to understand beyond what all of the run's do. */
    SessionWords words() {
        return touched.words();
    }

    /** Notes what is about to change. */
    void note(List<Change> changes, CatalogView view) {
        synchronized (touched) {
            for (Change change : changes) {
                if (!touched.before().containsKey(change.key())) {
                    touched.before()
                            .put(change.key(), view.find(change.key()).map(Versioned::entry));
                }
            }
        }
    }

    /** Notes a table that nobody needs after the node. */
    void temporary(TableName name) {
        synchronized (touched) {
            touched.temporary().add(name);
        }
    }

    /** The keys that were changed. */
    Set<EntryKey> changed() {
        synchronized (touched) {
            return Set.copyOf(touched.before().keySet());
        }
    }

    /** What makes everything as it was before. */
    List<Change> takenBack() {
        synchronized (touched) {
            List<Change> changes = new ArrayList<>();
            touched.before()
                    .forEach((key, entry) ->
                            changes.add(new Change(key, entry, Expected.anything())));
            return changes;
        }
    }

    boolean hasTemporary() {
        synchronized (touched) {
            return !touched.temporary().isEmpty();
        }
    }

    /** What removes the tables nobody needs any more, as far as they are there. */
    List<Change> swept(CatalogView now) {
        synchronized (touched) {
            return touched.temporary().stream()
                    .map(EntryKey::of)
                    .flatMap(key -> now.find(key).stream())
                    .map(v -> Change.drop(v.key(), Expected.of(Optional.of(v))))
                    .toList();
        }
    }
}
