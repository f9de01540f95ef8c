package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.refs.ChangeFeed;
import dev.tarn.refs.ChangedRows;
import dev.tarn.refs.Comparison;
import dev.tarn.refs.Difference;
import dev.tarn.refs.MergeRequest;
import dev.tarn.refs.Merged;
import dev.tarn.refs.RefMerge;
import dev.tarn.refs.Restoring;
import dev.tarn.refs.RowDifferences;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.CatalogView;
import java.util.List;
import java.util.Optional;

/** Branches and tags, and the states that tables had: cut, compared, merged, brought back. */
public final class States {
    private final Wiring wiring;
    private final Looking looking;
    private final Asking asking;

    States(Wiring wiring, Looking looking, Asking asking) {
        this.wiring = wiring;
        this.looking = looking;
        this.asking = asking;
    }

    /** Cuts a branch; costs the same however many tables there are. */
    public Ref createBranch(RefName name, At from) {
        return wiring.catalog().create(name, Ref.Kind.BRANCH, from.ref(), from.asOf());
    }

    /** Names a state for ever; nothing can be published to it. */
    public Ref createTag(RefName name, At from) {
        return wiring.catalog().create(name, Ref.Kind.TAG, from.ref(), from.asOf());
    }

    /** Forgets a ref that must be of a kind. */
    public void deleteRef(RefName name, Ref.Kind kind) {
        Ref found = wiring.catalog().ref(name);
        if (found.kind() != kind && found.kind() != Ref.Kind.RUN) {
            String other = found.kind() == Ref.Kind.TAG ? "tag" : "branch";
            throw new TarnException(
                    ErrorCode.USAGE,
                    "'%s' is a %s. Delete it with `tarn %2$s delete %1$s`."
                            .formatted(name.value(), other));
        }
        deleteRef(name);
    }

    public void deleteRef(RefName name) {
        wiring.catalog().delete(name);
    }

    /**
     * Brings what changed on one ref to another, in one publication.
     *
     * @throws dev.tarn.model.TarnException {@code MERGE_CONFLICT} with all that both changed
     */
    public Merged merge(MergeRequest request) {
        return new RefMerge(wiring.catalog(), wiring.tables()).merge(request);
    }

    /** The tables and views that two states do not have alike. */
    public List<Difference> differences(At before, At after) {
        return new Comparison(wiring.tables()).between(looking.view(before), looking.view(after));
    }

    /** The same for one table or view; empty if both states have it alike. */
    public Optional<Difference> difference(TableName name, At before, At after) {
        return new Comparison(wiring.tables()).of(name, looking.view(before), looking.view(after));
    }

    /**
     * Compares rows of a table in two states.
     *
     * @param key columns that name a row; empty to compare whole rows
     * @param limit how many differing rows to show
     */
    public RowDifferences rowDifferences(
            Difference difference, List<String> key, int limit, Cancellation cancellation) {
        return asking.compareRows(difference, key, limit, cancellation);
    }

    /**
     * Which rows of a table changed between two points. Must be closed.
     *
     * @param after a state; changes after it are told
     * @param upTo a later state of the same ref
     * @param key columns that name a row; empty for the ids that the table keeps
     */
    public ChangedRows changes(
            TableName name,
            At after,
            At upTo,
            List<String> key,
            ChangeFeed.Grain grain,
            Cancellation cancellation) {
        return asking.changes(
                new ChangeFeed(wiring.catalog(), wiring.tables()),
                new ChangeFeed.Request(name, looking.view(after), looking.view(upTo), key, grain),
                cancellation);
    }

    /** Makes a table or view on a ref what it was; empty if it already is. */
    public Optional<Publication> restore(RefName ref, TableName name, At then) {
        return restore(ref, name, then, Optional.empty());
    }

    /**
     * The same.
     *
     * @param seen the publication whose state of the table somebody looked at when they decided
     *     this
     * @throws dev.tarn.model.TarnException {@code OUTDATED} if it is not the newest any more
     */
    public Optional<Publication> restore(
            RefName ref, TableName name, At then, Optional<PublicationId> seen) {
        return restoring().restore(ref, name, kept(looking.view(then), name), seen);
    }

    /** Makes all tables and views of a schema on a ref what they were; newer ones stay. */
    public Optional<Publication> restoreSchema(RefName ref, String schema, At then) {
        return restoring().restoreSchema(ref, schema, kept(looking.view(then), schema));
    }

    /** Takes a table or view off a ref; {@link #undrop} brings it back. */
    public Publication drop(RefName ref, TableName name) {
        return drop(ref, name, Optional.empty());
    }

    /**
     * The same.
     *
     * @param seen as with {@link #restore(RefName, TableName, At, Optional)}
     */
    public Publication drop(RefName ref, TableName name, Optional<PublicationId> seen) {
        return restoring().drop(ref, name, seen);
    }

    /** Brings a dropped table or view back. */
    public Publication undrop(RefName ref, TableName name) {
        return restoring().undrop(ref, name);
    }

    /** Makes a new table on a ref that begins as a state of another, without copying data. */
    public Publication copy(RefName ref, TableName name, At from, TableName copy) {
        return restoring().copy(ref, name, kept(looking.view(from), name), copy);
    }

    /** The same for all tables and views of a schema, in one publication. */
    public Publication copySchema(RefName ref, String schema, At from, String copy) {
        return restoring().copySchema(ref, schema, kept(looking.view(from), schema), copy);
    }

    /** A state in which the files of a table are still there. */
    private CatalogView kept(CatalogView then, TableName name) {
        wiring.past().requireKept(then, name);
        return then;
    }

    /** The same for all tables of a schema. */
    private CatalogView kept(CatalogView then, String schema) {
        then.names(EntryKey.Kind.RELATION, schema + ".")
                .forEach(name -> kept(then, TableName.parse(name)));
        return then;
    }

    private Restoring restoring() {
        return new Restoring(wiring.catalog());
    }
}
