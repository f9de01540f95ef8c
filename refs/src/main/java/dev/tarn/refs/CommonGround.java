package dev.tarn.refs;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the newest state that two refs have in common: where one was cut from the other, or both
 * from a third, or what one held when it was last merged into the other.
 *
 * <p>A merge leaves a mark on the ref that took it: a position named after the other ref, with that
 * ref's newest publication as its value. It is part of the merge's own commit, so it can neither be
 * lost nor lie.
 */
final class CommonGround {
    private static final String MARK = "ref:";

    private final Catalog catalog;

    CommonGround(Catalog catalog) {
        this.catalog = catalog;
    }

    static EntryKey markOf(RefName merged) {
        return EntryKey.position(MARK + merged);
    }

    static boolean isMark(EntryKey key) {
        return key.kind() == EntryKey.Kind.POSITION && key.name().startsWith(MARK);
    }

    /** The states that refs had in common when they were merged, where both are still there. */
    static List<PublicationId> needed(Catalog catalog) {
        List<Ref> refs = catalog.refs();
        List<PublicationId> needed = new ArrayList<>();
        for (Ref ref : refs) {
            if (ref.kind() != Ref.Kind.BRANCH) {
                continue;
            }
            CatalogView view = catalog.read(ref.name(), AsOf.head());
            for (Versioned mark : view.list(EntryKey.Kind.POSITION, MARK)) {
                boolean alive = refs.stream().anyMatch(r -> markOf(r.name()).equals(mark.key()));
                if (alive && mark.entry() instanceof Entry.Position position) {
                    needed.add(new PublicationId(Long.parseLong(position.value())));
                }
            }
        }
        return needed;
    }

    /** What {@code source} and {@code target} last had in common. */
    CatalogView of(CatalogView source, CatalogView target) {
        Meeting newest = forkOf(source.ref(), target.ref());
        for (Meeting meeting :
                List.of(
                        meeting(target, source.ref()).orElse(newest),
                        meeting(source, target.ref()).orElse(newest))) {
            if (meeting.happened().compareTo(newest.happened()) > 0) {
                newest = meeting;
            }
        }
        return catalog.read(newest.ref(), new AsOf.Publication(newest.state()));
    }

    /**
     * @param happened when the two last held the same
     * @param ref where that can be read, as of {@code state}
     */
    private record Meeting(PublicationId happened, RefName ref, PublicationId state) {}

    private static Optional<Meeting> meeting(CatalogView taker, RefName merged) {
        Optional<Versioned> mark = taker.find(markOf(merged));
        if (mark.isEmpty() || !(mark.get().entry() instanceof Entry.Position position)) {
            return Optional.empty();
        }
        PublicationId state = new PublicationId(Long.parseLong(position.value()));
        return Optional.of(new Meeting(mark.get().version(), merged, state));
    }

    private Meeting forkOf(RefName source, RefName target) {
        List<Step> targets = wayToRoot(target);
        for (Step mine : wayToRoot(source)) {
            for (Step theirs : targets) {
                if (mine.ref().equals(theirs.ref())) {
                    PublicationId state =
                            mine.upTo().compareTo(theirs.upTo()) < 0 ? mine.upTo() : theirs.upTo();
                    return new Meeting(state, mine.ref(), state);
                }
            }
        }
        throw new IllegalStateException("Every ref descends from main");
    }

    /** A ref that another descends from, and the newest of its publications that it passed on. */
    private record Step(RefName ref, PublicationId upTo) {}

    private List<Step> wayToRoot(RefName name) {
        List<Step> way = new ArrayList<>();
        Ref ref = catalog.ref(name);
        way.add(new Step(name, new PublicationId(Long.MAX_VALUE)));
        while (ref.parent().isPresent()) {
            RefName parent = ref.parent().get();
            way.add(new Step(parent, ref.cutAt()));
            ref = catalog.ref(parent);
        }
        return way;
    }
}
