package dev.tarn.run;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets a run start with what an earlier one had finished. What was made from a state that the
 * target has since left cannot be published, so then everything is done again.
 */
public final class TakeOver {
    private final Catalog catalog;
    private final RunId into;

    /** Whether what an earlier run finished can still be published. */
    public static boolean holds(Catalog catalog, RunId earlier, RefName target) {
        CatalogView now = catalog.read(target, AsOf.head());
        return catalog.changes(RefName.of(earlier)).stream()
                .filter(c -> c.key().kind() != EntryKey.Kind.VERDICT)
                .allMatch(c -> isAsItWas(c, now.find(c.key())) || isThere(c, now.find(c.key())));
    }

    private static boolean isAsItWas(RefChange change, Optional<Versioned> current) {
        return current.map(Versioned::version).equals(change.base().map(Versioned::version));
    }

    /** Whether the target has it already: some runs publish each node by itself. */
    private static boolean isThere(RefChange change, Optional<Versioned> current) {
        return current.map(Versioned::entry).equals(change.own());
    }

    TakeOver(Catalog catalog, RunId into) {
        this.catalog = catalog;
        this.into = into;
    }

    void from(RunId earlier, RefName target) {
        List<RefChange> finished = catalog.changes(RefName.of(earlier));
        CatalogView now = catalog.read(target, AsOf.head());
        List<Change> taken = new ArrayList<>();
        boolean moved = false;
        for (RefChange change : finished) {
            Optional<Versioned> current = now.find(change.key());
            boolean same = isAsItWas(change, current);
            if (change.key().kind() == EntryKey.Kind.VERDICT) {
                continue;
            }
            if (same) {
                taken.add(new Change(change.key(), change.own(), Change.Expected.of(current)));
            } else if (!isThere(change, current)) {
                moved = true;
            }
        }
        // Positions and the rows they stand for belong together: all of them or none.
        if (moved) {
            taken.clear();
        }
        if (!taken.isEmpty()) {
            catalog.commit(
                    new CommitRequest(
                            RefName.of(into),
                            taken,
                            "go on from run " + earlier,
                            Optional.of(into),
                            false,
                            List.of(),
                            List.of()));
        }
    }
}
