package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a {@link Catalog} against a plain model: for each ref the map of what it
 * holds, copied whole at every step. The seeds are fixed; {@code -Dtarn.test.seed=N} in {@code
 * test.jvm.options} tries another one, and failures name theirs.
 */
public abstract class CatalogModelContract extends WarehouseContract {
    private static final int STEPS = 150;

    /** Everything a ref showed, by the publication that brought it about. */
    private record Line(
            RefName name,
            Optional<RefName> parent,
            Map<EntryKey, Versioned> base,
            TreeMap<Long, Map<EntryKey, Versioned>> states) {
        Map<EntryKey, Versioned> at(long publication) {
            Map.Entry<Long, Map<EntryKey, Versioned>> state = states.floorEntry(publication);
            return state == null ? Map.of() : state.getValue();
        }

        Map<EntryKey, Versioned> head() {
            return at(Long.MAX_VALUE);
        }
    }

    private final TreeMap<String, Line> lines = new TreeMap<>();
    private long newest;
    private Random random = new Random(0);
    private int names;

    @Test
    void everyRandomHistoryReadsLikeThePlainModel() {
        Long wanted = Long.getLong("tarn.test.seed");
        for (long seed : wanted == null ? new long[] {1, 2, 3} : new long[] {wanted}) {
            try {
                closeWarehouse();
                openWarehouse();
                play(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("With the seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private void play(long seed) {
        random = new Random(seed);
        lines.clear();
        newest = 0;
        lines.put("main", new Line(MAIN, Optional.empty(), Map.of(), new TreeMap<>()));
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 60) {
                write(any());
            } else if (dice < 75) {
                cut(any());
            } else if (dice < 90) {
                merge(any(), any());
            } else {
                delete(any());
            }
            compare(any(), random.nextLong(newest + 1));
            compare(any(), newest);
        }
        lines.values().forEach(line -> compare(line, newest));
        compareReachable(random.nextLong(newest + 1));
        compareReachable(newest);
    }

    private Line any() {
        List<Line> all = new ArrayList<>(lines.values());
        return all.get(random.nextInt(all.size()));
    }

    private EntryKey anyKey() {
        int n = random.nextInt(12);
        return n < 8
                ? new EntryKey(EntryKey.Kind.RELATION, "s" + n % 2 + ".t" + n)
                : EntryKey.position("source/" + n);
    }

    private Optional<Entry> anyEntry(EntryKey key) {
        int n = random.nextInt(5);
        if (n == 0) {
            return Optional.empty();
        }
        return Optional.of(
                key.kind() == EntryKey.Kind.POSITION
                        ? new Entry.Position("p" + n)
                        : table("m" + random.nextInt(1000)));
    }

    private void write(Line line) {
        Map<EntryKey, Change> changes = new HashMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            EntryKey key = anyKey();
            Optional<Versioned> seen =
                    random.nextInt(8) == 0
                            ? Optional.ofNullable(line.at(random.nextLong(newest + 1)).get(key))
                            : Optional.ofNullable(line.head().get(key));
            Expected expected = random.nextInt(3) == 0 ? Expected.anything() : Expected.of(seen);
            changes.put(key, new Change(key, anyEntry(key), expected));
        }
        commit(line, List.copyOf(changes.values()));
    }

    private void merge(Line from, Line to) {
        List<Change> changes = new ArrayList<>();
        for (RefChange change : changesOf(from)) {
            changes.add(new Change(change.key(), change.own(), Expected.of(change.base())));
        }
        commit(to, changes);
    }

    /** What the catalog calls changes, after comparing it with the model. */
    private List<RefChange> changesOf(Line line) {
        Set<EntryKey> keys = new HashSet<>(line.base().keySet());
        keys.addAll(line.head().keySet());
        List<RefChange> expected = new ArrayList<>();
        for (EntryKey key : keys.stream().sorted().toList()) {
            Optional<Versioned> base = Optional.ofNullable(line.base().get(key));
            Optional<Entry> own = Optional.ofNullable(line.head().get(key)).map(Versioned::entry);
            if (!own.equals(base.map(Versioned::entry))) {
                expected.add(new RefChange(key, base, own));
            }
        }
        List<RefChange> actual = catalog().changes(line.name());
        assertThat(actual).isEqualTo(expected);
        return actual;
    }

    private void commit(Line line, List<Change> changes) {
        Set<EntryKey> moved =
                changes.stream()
                        .filter(c -> !isMet(c, line.head()))
                        .map(Change::key)
                        .collect(Collectors.toSet());
        CommitResult result = catalog().commit(CommitRequest.of(line.name(), changes, "random"));
        if (!moved.isEmpty()) {
            assertThat(conflicts(result))
                    .extracting(Conflict::key)
                    .containsExactlyInAnyOrderElementsOf(moved);
            return;
        }
        PublicationId id = published(result).id();
        newest++;
        assertThat(id.value()).isEqualTo(newest);
        Map<EntryKey, Versioned> next = new HashMap<>(line.head());
        for (Change change : changes) {
            next.remove(change.key());
            change.next()
                    .ifPresent(e -> next.put(change.key(), new Versioned(change.key(), e, id)));
        }
        line.states().put(newest, next);
    }

    private static boolean isMet(Change change, Map<EntryKey, Versioned> head) {
        Optional<Versioned> now = Optional.ofNullable(head.get(change.key()));
        return switch (change.expected()) {
            case Expected.Anything a -> true;
            case Expected.Absent a -> now.isEmpty();
            case Expected.Version v -> now.isPresent() && now.get().version().equals(v.version());
        };
    }

    private void cut(Line parent) {
        RefName name = new RefName("branch-" + names++);
        long at = random.nextBoolean() ? newest : random.nextLong(newest + 1);
        catalog().create(name, Ref.Kind.BRANCH, parent.name(), at(at));
        lines.put(
                name.value(),
                new Line(
                        name,
                        Optional.of(parent.name()),
                        parent.at(at),
                        new TreeMap<>(parent.states().headMap(at, true))));
    }

    private void delete(Line line) {
        boolean needed =
                line.name().equals(MAIN)
                        || lines.values().stream()
                                .anyMatch(l -> l.parent().equals(Optional.of(line.name())));
        if (!needed) {
            catalog().delete(line.name());
            lines.remove(line.name().value());
        }
    }

    private void compare(Line line, long publication) {
        CatalogView view = catalog().read(line.name(), at(publication));
        Map<EntryKey, Versioned> expected = line.at(publication);
        Map<EntryKey, Versioned> actual = new HashMap<>();
        for (EntryKey.Kind kind : EntryKey.Kind.values()) {
            view.list(kind, "").forEach(v -> actual.put(v.key(), v));
        }
        assertThat(actual).as("%s as of %d", line.name(), publication).isEqualTo(expected);
        Long shown = line.states().floorKey(publication);
        assertThat(view.asOf().value()).isEqualTo(shown == null ? 0 : shown);
        EntryKey key = anyKey();
        assertThat(view.find(key)).isEqualTo(Optional.ofNullable(expected.get(key)));
        assertThat(catalog().read(line.name(), AsOf.head()).find(key))
                .isEqualTo(Optional.ofNullable(line.head().get(key)));
        changesOf(line);
    }

    private void compareReachable(long since) {
        Set<Versioned> expected = new HashSet<>();
        for (Line line : lines.values()) {
            expected.addAll(line.base().values());
            expected.addAll(line.at(since).values());
            line.states().tailMap(since).values().forEach(s -> expected.addAll(s.values()));
        }
        expected.removeIf(v -> !(v.entry() instanceof Entry.Table));
        assertThat(catalog().reachable(new PublicationId(since)))
                .containsExactlyInAnyOrderElementsOf(expected);
    }
}
