package dev.tarn.refs;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.Schema;
import dev.tarn.refs.Difference.Side;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.TableReads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tells what two states of the warehouse do not have alike. Entries that are the same value in both
 * are not even looked at, so that comparing costs what differs.
 */
public final class Comparison {
    private final TableReads tables;

    public Comparison(TableReads tables) {
        this.tables = tables;
    }

    /** All tables and views that differ, by name. */
    public List<Difference> between(CatalogView before, CatalogView after) {
        Map<EntryKey, Versioned> was = Divergence.entries(before, EntryKey.Kind.RELATION);
        Map<EntryKey, Versioned> is = Divergence.entries(after, EntryKey.Kind.RELATION);
        Map<EntryKey, Versioned> either = new TreeMap<>(was);
        either.putAll(is);
        List<Difference> found = new ArrayList<>();
        for (EntryKey key : either.keySet()) {
            if (!Divergence.same(was.get(key), is.get(key))) {
                found.add(
                        difference(
                                TableName.parse(key.name()),
                                Optional.ofNullable(was.get(key)).map(this::side),
                                Optional.ofNullable(is.get(key)).map(this::side)));
            }
        }
        return found;
    }

    /** The two states of one table or view; empty if they are the same. */
    public Optional<Difference> of(TableName name, CatalogView before, CatalogView after) {
        Optional<Versioned> was = before.find(EntryKey.of(name));
        Optional<Versioned> is = after.find(EntryKey.of(name));
        if (was.isEmpty() && is.isEmpty()) {
            throw RefErrors.notThere(name, after);
        }
        return Divergence.same(was.orElse(null), is.orElse(null))
                ? Optional.empty()
                : Optional.of(difference(name, was.map(this::side), is.map(this::side)));
    }

    private Side side(Versioned found) {
        return found.entry() instanceof Entry.View view
                ? new Side.View(view)
                : new Side.Table(found, tables.state(found.pointer().orElseThrow()));
    }

    private static Difference difference(
            TableName name, Optional<Side> before, Optional<Side> after) {
        if (before.isEmpty() || after.isEmpty()) {
            return new Difference(name, before, after, List.of());
        }
        Schema was = before.get().schema();
        Schema is = after.get().schema();
        return new Difference(
                name,
                before,
                after,
                Difference.columns(was, is, sameTable(before.get(), after.get())));
    }

    private static boolean sameTable(Side before, Side after) {
        return before instanceof Side.Table was
                && after instanceof Side.Table is
                && was.state().uuid().equals(is.state().uuid());
    }
}
