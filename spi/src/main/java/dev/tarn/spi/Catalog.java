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
     *     parent; {@code PUBLICATION_NOT_FOUND} when {@code at} names a state the parent never had
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
     * A consistent view over all entries of a ref. What it answers never changes, whatever is
     * committed meanwhile.
     *
     * @throws dev.tarn.model.TarnException {@code REF_NOT_FOUND}; {@code PUBLICATION_NOT_FOUND}
     *     when {@code at} names a publication or time before there was anything
     */
    CatalogView read(RefName name, AsOf at);

    /**
     * Applies all changes to a ref in one step, or none. Of two commits that expect the same
     * version of an entry one wins and the other is told. Readers see the state before or after,
     * never between.
     *
     * @throws dev.tarn.model.TarnException {@code REF_NOT_FOUND}; {@code UNSUPPORTED} for a tag;
     *     {@code CATALOG_BUSY} when other writers held the catalog for too long; {@code
     *     COMMIT_OUTCOME_UNKNOWN} when the connection broke while committing, in which case the
     *     caller must not delete files the changes refer to
     */
    CommitResult commit(CommitRequest request);

    /** What a ref holds differently from its parent, by key. */
    List<RefChange> changes(RefName name);

    /** The newest publications of a ref first, its parents' before its cut included. */
    List<Publication> history(RefName name, int limit);

    /** The versions an entry has had on a ref, newest first; a drop is a version without entry. */
    List<EntryVersion> history(RefName name, EntryKey key, int limit);

    /**
     * Every table pointer that some ref, or some publication not older than {@code since}, can
     * still reach. What is not among them may be cleaned up.
     */
    List<Versioned> reachable(PublicationId since);

    @Override
    void close();

    /** One version of one entry: the publication that made it, and its value unless dropped. */
    record EntryVersion(Publication publication, Optional<Versioned> value) {}
}
