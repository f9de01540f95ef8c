package dev.tarn.spi;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The refs of a warehouse and what each of them holds: the only place where something becomes
 * visible. Safe for use by many threads and by several processes at once on one warehouse.
 *
 * <p>Reading on a ref finds its own newest value, else what its parent held as of the publication
 * at which the ref was cut, and so on. {@code main} exists from the start and is never deleted.
 */
public interface Catalog extends AutoCloseable {
    /**
     * @throws dev.tarn.model.TarnException {@code REF_NOT_FOUND}, with the closest name there is
     */
    Ref ref(RefName name);

    /** All refs, {@code main} first, then by name. */
    List<Ref> refs();

    /**
     * Cuts a ref. Costs the same however many tables the parent has.
     *
     * @param at which state of the parent to start from
     * @throws dev.tarn.model.TarnException {@code REF_EXISTS}; {@code REF_NOT_FOUND} for the
     *     parent; {@code PUBLICATION_NOT_FOUND} when {@code at} names a state the parent never had;
     *     {@code REF_NAME_INVALID} unless exactly the refs of kind {@code RUN} are named {@code
     *     run:ID}
     */
    Ref create(RefName name, Ref.Kind kind, RefName parent, AsOf at);

    /**
     * Forgets a ref and everything only it holds.
     *
     * @throws dev.tarn.model.TarnException {@code REF_IN_USE} for {@code main} and for a ref that
     *     others were cut from; {@code REF_NOT_FOUND}
     */
    void delete(RefName name);

    /**
     * Forgets the refs of runs that ended before a time, and those that were cut before it for a
     * run that was never written down, except refs that others were cut from.
     *
     * @return the names of the forgotten refs, sorted
     */
    List<RefName> pruneRuns(Instant endedBefore);

    /**
     * A consistent view over all entries of a ref. What it answers never changes, whatever is
     * committed meanwhile; when the ref is deleted the view refuses with {@code REF_NOT_FOUND}.
     *
     * <p>A publication stands for a moment in the history of the whole warehouse, so any number
     * from 0 (nothing yet) to the newest can be asked of any ref.
     *
     * @throws dev.tarn.model.TarnException {@code REF_NOT_FOUND}; {@code PUBLICATION_NOT_FOUND}
     *     when {@code at} names a publication that does not exist or whose state was forgotten, or
     *     a time before the first publication the ref shows
     */
    CatalogView read(RefName name, AsOf at);

    /**
     * Applies all changes to a ref in one step, or none. Of two commits that expect the same
     * version of an entry one wins and the other is told of all entries that moved. Readers see the
     * state before or after, never between. A commit without changes is a publication too.
     *
     * @throws dev.tarn.model.TarnException {@code REF_NOT_FOUND}; {@code UNSUPPORTED} for a tag;
     *     {@code RUN_NOT_FOUND} when it ends a run, or brings verdicts or lineage of one, that was
     *     never written down; {@code RUN_LOST} when it ends a run that has already ended, or is
     *     made by one that was declared lost; {@code CATALOG_BUSY} when other writers held the
     *     catalog for too long; {@code COMMIT_OUTCOME_UNKNOWN} when the connection broke while
     *     committing, in which case the caller must not delete files the changes refer to
     */
    CommitResult commit(CommitRequest request);

    /**
     * What a ref holds differently from its parent as of the cut, by key. Entries that were changed
     * and changed back are not among them.
     */
    List<RefChange> changes(RefName name);

    /** The newest publications of a ref first, its parents' before its cut included. */
    List<Publication> history(RefName name, int limit);

    /** The versions an entry has had on a ref, newest first; a drop is a version without entry. */
    List<EntryVersion> history(RefName name, EntryKey key, int limit);

    /**
     * Every table and view that some ref, or some publication not older than {@code since}, can
     * still reach; also what a ref had at its cut, as merging needs it. What is not among them may
     * be cleaned up. By name, then version; each version once.
     */
    List<Versioned> reachable(PublicationId since);

    /** How many versions of entries {@link #trim} would forget. */
    long trimmable(PublicationId before);

    /**
     * Forgets the states of all refs from before a publication, except those at which other refs
     * were cut. Asking for a forgotten state is then refused, also by views that were opened on it.
     * Publications that left nothing to be seen may be forgotten too.
     *
     * @return how many versions of entries were forgotten
     */
    long trim(PublicationId before);

    @Override
    void close();

    /** One version of one entry: the publication that made it, and its value unless dropped. */
    record EntryVersion(Publication publication, Optional<Versioned> value) {}
}
