package dev.tarn.run;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.TableLines;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes everything on a ref visible on its target in one commit. Where others published first,
 * appends are repeated on their result; anything else is a conflict.
 */
public final class Publisher {
    private final Catalog catalog;
    private final TableLines tables;
    private final int attempts;

    public Publisher(Catalog catalog, TableLines tables, int attempts) {
        this.catalog = catalog;
        this.tables = tables;
        this.attempts = attempts;
    }

    /** What is said about a publication besides its changes. */
    public record Note(
            String message,
            Optional<RunId> run,
            List<Verdict> verdicts,
            List<LineageEdge> lineage) {}

    /**
     * @return empty if the ref holds nothing of its own
     * @throws dev.tarn.model.TarnException {@code COMMIT_CONFLICT} naming who was first
     */
    public Optional<Publication> publish(RefName source, RefName target, Note note) {
        List<RefChange> own = catalog.changes(source);
        return own.isEmpty()
                ? Optional.empty()
                : Optional.of(publish(own, target, note, note.run().isPresent()));
    }

    /**
     * @param own what to publish; may be nothing
     * @param endsRun whether the run is published by it
     */
    Publication publish(List<RefChange> own, RefName target, Note note, boolean endsRun) {
        Map<EntryKey, Change> changes = new LinkedHashMap<>();
        for (RefChange change : own) {
            changes.put(change.key(), asChange(change));
        }
        for (int attempt = 1; ; attempt++) {
            CommitResult result =
                    catalog.commit(
                            new CommitRequest(
                                    target,
                                    List.copyOf(changes.values()),
                                    note.message(),
                                    note.run(),
                                    endsRun,
                                    note.verdicts(),
                                    note.lineage()));
            switch (result) {
                case CommitResult.Published published -> {
                    return published.publication();
                }
                case CommitResult.Conflicted conflicted -> {
                    if (attempt >= attempts || !rebase(own, conflicted.conflicts(), changes)) {
                        throw RunErrors.conflict(target, conflicted.conflicts());
                    }
                }
            }
        }
    }

    private static Change asChange(RefChange change) {
        Expected expected =
                change.key().kind() == EntryKey.Kind.VERDICT
                        ? Expected.anything()
                        : Expected.of(change.base());
        return new Change(change.key(), change.own(), expected);
    }

    private boolean rebase(
            List<RefChange> own, List<Conflict> conflicts, Map<EntryKey, Change> changes) {
        Map<EntryKey, Change> rebased = new LinkedHashMap<>();
        for (Conflict conflict : conflicts) {
            Optional<Change> moved =
                    own.stream()
                            .filter(c -> c.key().equals(conflict.key()))
                            .filter(c -> !isFollowed(c, own))
                            .findFirst()
                            .flatMap(mine -> rebase(mine, conflict));
            if (moved.isEmpty()) {
                return false;
            }
            rebased.put(conflict.key(), moved.get());
        }
        changes.putAll(rebased);
        return true;
    }

    /** Whether a stream of the same run has read it: rows before its own would be passed over. */
    private static boolean isFollowed(RefChange change, List<RefChange> own) {
        Optional<TablePointer> mine =
                change.own()
                        .filter(Entry.Table.class::isInstance)
                        .map(e -> ((Entry.Table) e).pointer());
        return mine.isPresent()
                && own.stream()
                        .flatMap(c -> c.own().stream())
                        .flatMap(e -> StreamMemory.of(e).stream())
                        .flatMap(m -> m.inputs().stream())
                        .anyMatch(i -> i.pointer().equals(mine.get()));
    }

    private static boolean sameRows(RefChange mine, Conflict conflict) {
        return mine.base().map(Versioned::entry).orElse(null) instanceof Entry.Table base
                && conflict.actual().map(Versioned::entry).orElse(null) instanceof Entry.Table there
                && base.content().equals(there.content());
    }

    private Optional<Change> rebase(RefChange mine, Conflict conflict) {
        Optional<TablePointer> base = mine.base().flatMap(Versioned::pointer);
        Optional<TablePointer> onto = conflict.actual().flatMap(Versioned::pointer);
        if (base.isEmpty()
                || onto.isEmpty()
                || !(mine.own().orElse(null) instanceof Entry.Table own)) {
            return Optional.empty();
        }
        boolean ofOneState = MaterializedView.is(own) || own.isOfStream();
        if (ofOneState && !sameRows(mine, conflict)) {
            // Its rows are those of one state of its inputs, not of two.
            return Optional.empty();
        }
        return tables.rebase(base.get(), own.pointer(), onto.get())
                .map(pointer ->
                        Change.put(
                                mine.key(),
                                MaterializedView.moved(own, pointer),
                                Expected.of(conflict.actual())));
    }
}
