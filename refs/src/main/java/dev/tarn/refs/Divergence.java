package dev.tarn.refs;

import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.CatalogView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An entry that the source of a merge changed and that its target does not have like that.
 *
 * @param base what both had when they last met
 */
record Divergence(
        EntryKey key,
        Optional<Versioned> base,
        Optional<Versioned> source,
        Optional<Versioned> target) {

    /** Everything that {@code source} changed since {@code base}, by key. */
    static List<Divergence> between(CatalogView base, CatalogView source, CatalogView target) {
        List<Divergence> all = new ArrayList<>();
        for (EntryKey.Kind kind : EntryKey.Kind.values()) {
            Map<EntryKey, Versioned> before = entries(base, kind);
            Map<EntryKey, Versioned> mine = entries(source, kind);
            Map<EntryKey, Versioned> theirs = entries(target, kind);
            Map<EntryKey, Versioned> either = new TreeMap<>(before);
            either.putAll(mine);
            for (EntryKey key : either.keySet()) {
                Versioned was = before.get(key);
                Versioned is = mine.get(key);
                Versioned there = theirs.get(key);
                if (!same(was, is) && !same(is, there) && !CommonGround.isMark(key)) {
                    all.add(
                            new Divergence(
                                    key,
                                    Optional.ofNullable(was),
                                    Optional.ofNullable(is),
                                    Optional.ofNullable(there)));
                }
            }
        }
        return all;
    }

    boolean targetMoved() {
        return !same(base.orElse(null), target.orElse(null));
    }

    /** Whether both are the same value, or both nothing; who published it when does not matter. */
    static boolean same(@Nullable Versioned one, @Nullable Versioned other) {
        return one == null || other == null ? one == other : one.entry().equals(other.entry());
    }

    static Map<EntryKey, Versioned> entries(CatalogView view, EntryKey.Kind kind) {
        Map<EntryKey, Versioned> entries = new TreeMap<>();
        view.list(kind, "").forEach(v -> entries.put(v.key(), v));
        return entries;
    }
}
