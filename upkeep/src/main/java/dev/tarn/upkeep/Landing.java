package dev.tarn.upkeep;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.TableLines;
import java.util.List;
import java.util.Optional;

/** Makes what upkeep did visible. Whoever changed the table meanwhile goes first. */
final class Landing {
    private final Catalog catalog;
    private final TableLines tables;
    private final RefName ref;
    private final RunId run;
    private final int attempts;

    Landing(Catalog catalog, TableLines tables, RefName ref, RunId run, int attempts) {
        this.catalog = catalog;
        this.tables = tables;
        this.ref = ref;
        this.run = run;
        this.attempts = attempts;
    }

    /** The same for work that is cheaper done again another time than repeated. */
    boolean landAtOnce(Versioned base, TablePointer made, String message) {
        return base.entry() instanceof Entry.Table table
                && catalog.commit(request(base, table.rewritten(made), message))
                        instanceof CommitResult.Published;
    }

    private CommitRequest request(Versioned onto, Entry.Table rewritten, String message) {
        return new CommitRequest(
                ref,
                List.of(
                        Change.put(
                                onto.key(),
                                rewritten,
                                new Change.Expected.Version(onto.version()))),
                message,
                Optional.of(run),
                false,
                List.of(),
                List.of());
    }

    /**
     * Puts a state with the same rows in the place of an entry's.
     *
     * @return the entry as it is now; empty if the table was changed in a way that the work cannot
     *     be repeated on
     */
    Optional<Versioned> land(Versioned base, TablePointer made, String message) {
        TablePointer from = base.pointer().orElseThrow();
        Versioned onto = base;
        TablePointer next = made;
        for (int attempt = 1; attempt <= attempts; attempt++) {
            if (!(onto.entry() instanceof Entry.Table table)) {
                return Optional.empty();
            }
            Entry.Table rewritten = table.rewritten(next);
            CommitResult result = catalog.commit(request(onto, rewritten, message));
            switch (result) {
                case CommitResult.Published published -> {
                    return Optional.of(
                            new Versioned(base.key(), rewritten, published.publication().id()));
                }
                case CommitResult.Conflicted conflicted -> {
                    Conflict conflict = conflicted.conflicts().getFirst();
                    Optional<TablePointer> now = conflict.actual().flatMap(Versioned::pointer);
                    Optional<TablePointer> repeated =
                            now.flatMap(pointer -> tables.rebase(from, made, pointer));
                    if (repeated.isEmpty()) {
                        return Optional.empty();
                    }
                    onto = conflict.actual().orElseThrow();
                    next = repeated.get();
                }
            }
        }
        return Optional.empty();
    }
}
