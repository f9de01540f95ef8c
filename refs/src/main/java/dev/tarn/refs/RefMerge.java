package dev.tarn.refs;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.TablePointer;
import dev.tarn.refs.Merged.Kind;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.TableLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings everything that changed on one ref since the two last met to another, in one commit. What
 * only one side changed is taken; rows that both appended to a table are put together; anything
 * else that both changed is a conflict, and nothing is merged unless one side is preferred.
 */
public final class RefMerge {
    private static final int ATTEMPTS = 5;

    private final Catalog catalog;
    private final TableLines tables;

    public RefMerge(Catalog catalog, TableLines tables) {
        this.catalog = catalog;
        this.tables = tables;
    }

    /** Old states that must stay readable, because later merges begin with them. */
    public static List<PublicationId> statesNeeded(Catalog catalog) {
        return CommonGround.needed(catalog);
    }

    /**
     * @throws dev.tarn.model.TarnException {@code MERGE_CONFLICT} with everything that both sides
     *     changed and who did
     */
    public Merged merge(MergeRequest request) {
        for (int attempt = 1; ; attempt++) {
            Plan plan = plan(request);
            if (request.dryRun() || plan.changes().isEmpty()) {
                return plan.merged(Optional.empty());
            }
            CommitResult result =
                    catalog.commit(
                            CommitRequest.of(
                                    request.target(), plan.changes(), "merge " + request.source()));
            switch (result) {
                case CommitResult.Published published -> {
                    return plan.merged(Optional.of(published.publication()));
                }
                case CommitResult.Conflicted conflicted -> {
                    if (attempt == ATTEMPTS) {
                        throw RefErrors.targetKeepsMoving(request.target(), conflicted.conflicts());
                    }
                }
            }
        }
    }

    /** What to commit, and how to tell it. */
    private record Plan(List<Change> changes, List<Merged.Outcome> outcomes, int positions) {
        Merged merged(Optional<Publication> publication) {
            return new Merged(publication, outcomes, positions);
        }
    }

    private Plan plan(MergeRequest request) {
        CatalogView source = catalog.read(request.source(), AsOf.head());
        CatalogView target = catalog.read(request.target(), AsOf.head());
        CatalogView base = new CommonGround(catalog).of(source, target);
        List<Change> changes = new ArrayList<>();
        List<Merged.Outcome> outcomes = new ArrayList<>();
        List<RefErrors.BothChanged> conflicts = new ArrayList<>();
        for (Divergence divergence : Divergence.between(base, source, target)) {
            Optional<Step> step = step(divergence, request);
            if (step.isEmpty()) {
                conflicts.add(whoChanged(divergence.key(), request));
                continue;
            }
            step.get().change().ifPresent(changes::add);
            if (divergence.key().kind() == EntryKey.Kind.RELATION) {
                outcomes.add(new Merged.Outcome(divergence.key(), step.get().kind()));
            }
        }
        if (!conflicts.isEmpty()) {
            throw RefErrors.bothChanged(request.source(), request.target(), conflicts);
        }
        long positions =
                changes.stream().filter(c -> c.key().kind() == EntryKey.Kind.POSITION).count();
        if (!changes.isEmpty()) {
            changes.add(mark(source, target));
        }
        return new Plan(changes, outcomes, (int) positions);
    }

    private static Change mark(CatalogView source, CatalogView target) {
        EntryKey mark = CommonGround.markOf(source.ref());
        return Change.put(
                mark, new Entry.Position(source.asOf().toString()), Expected.of(target.find(mark)));
    }

    private record Step(Kind kind, Optional<Change> change) {}

    /** How to merge one entry; empty when both sides changed it and neither is preferred. */
    private Optional<Step> step(Divergence d, MergeRequest request) {
        if (!d.targetMoved()) {
            return Optional.of(take(d));
        }
        if (d.key().kind() == EntryKey.Kind.VERDICT) {
            return Optional.of(take(d));
        }
        Optional<Change> combined = combined(d);
        if (combined.isPresent()) {
            return Optional.of(new Step(Kind.COMBINED, combined));
        }
        return request.prefer()
                .map(side ->
                        side.equals(request.source())
                                ? take(d)
                                : new Step(Kind.KEPT, Optional.empty()));
    }

    private static Step take(Divergence d) {
        Kind kind =
                d.source().isEmpty()
                        ? Kind.DROPPED
                        : d.target().isEmpty() ? Kind.ADDED : Kind.REPLACED;
        Change change =
                new Change(d.key(), d.source().map(Versioned::entry), Expected.of(d.target()));
        return new Step(kind, Optional.of(change));
    }

    /**
     * Puts the appends of both sides together. Which side's are repeated on which makes no
     * difference to the rows; after merges in both directions only one of the two still descends
     * from what they last had in common.
     */
    private Optional<Change> combined(Divergence d) {
        Optional<TablePointer> base = d.base().flatMap(Versioned::pointer);
        Optional<TablePointer> mine = d.source().flatMap(Versioned::pointer);
        Optional<TablePointer> onto = d.target().flatMap(Versioned::pointer);
        if (base.isEmpty() || mine.isEmpty() || onto.isEmpty()) {
            return Optional.empty();
        }
        if (d.source().filter(v -> v.entry().isOfStream()).isPresent()
                || d.target().filter(v -> v.entry().isOfStream()).isPresent()) {
            // Both sides may have told the same rows.
            return Optional.empty();
        }
        return tables.rebase(base.get(), mine.get(), onto.get())
                .or(() -> tables.rebase(base.get(), onto.get(), mine.get()))
                .map(pointer ->
                        Change.put(
                                d.key(),
                                new Entry.Table(pointer, d.source().get().entry().attributes()),
                                Expected.of(d.target())));
    }

    private RefErrors.BothChanged whoChanged(EntryKey key, MergeRequest request) {
        return new RefErrors.BothChanged(
                key,
                catalog.history(request.source(), key, 1).getFirst().publication(),
                catalog.history(request.target(), key, 1).getFirst().publication());
    }
}
