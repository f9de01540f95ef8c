package dev.tarn.spi;

import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A ref of the catalog in memory: a whole copy of every state it ever had, inherited ones too. */
final class MemoryLine {
    private final Ref cut;
    private final Map<EntryKey, Versioned> base;
    private final NavigableMap<Long, Map<EntryKey, Versioned>> states;
    private final List<Step> steps;

    /** A publication and the keys it changed. */
    private record Step(Publication publication, List<EntryKey> keys) {}

    private MemoryLine(
            Ref cut,
            Map<EntryKey, Versioned> base,
            NavigableMap<Long, Map<EntryKey, Versioned>> states,
            List<Step> steps) {
        this.cut = cut;
        this.base = base;
        this.states = states;
        this.steps = steps;
    }

    static MemoryLine main(Instant now) {
        PublicationId zero = new PublicationId(0);
        return new MemoryLine(
                new Ref(RefName.MAIN, Ref.Kind.BRANCH, Optional.empty(), zero, zero, now),
                Map.of(),
                new TreeMap<>(),
                new ArrayList<>());
    }

    MemoryLine cut(RefName name, Ref.Kind kind, long at, Instant now) {
        PublicationId cutAt = new PublicationId(at);
        return new MemoryLine(
                new Ref(name, kind, Optional.of(name()), cutAt, cutAt, now),
                state(at),
                new TreeMap<>(states.headMap(at, true)),
                new ArrayList<>(
                        steps.stream().filter(s -> s.publication().id().value() <= at).toList()));
    }

    RefName name() {
        return cut.name();
    }

    Ref ref() {
        PublicationId head =
                steps.stream()
                        .map(s -> s.publication())
                        .filter(p -> p.ref().equals(name()) && p.id().compareTo(cut.cutAt()) > 0)
                        .map(Publication::id)
                        .max(PublicationId::compareTo)
                        .orElse(cut.cutAt());
        return new Ref(cut.name(), cut.kind(), cut.parent(), cut.cutAt(), head, cut.createdAt());
    }

    /** What the parent showed at the cut. */
    Map<EntryKey, Versioned> base() {
        return base;
    }

    Map<EntryKey, Versioned> state(long moment) {
        Map.Entry<Long, Map<EntryKey, Versioned>> found = states.floorEntry(moment);
        return found == null ? Map.of() : found.getValue();
    }

    /** Forgets states from before a moment but for some; says how many versions went with them. */
    long trim(long before, Set<Long> needed) {
        long gone = unneeded(before, needed).size();
        states.keySet().retainAll(kept(before, needed));
        return gone;
    }

    /** The versions that go with states from before a moment. */
    Set<Versioned> unneeded(long before, Set<Long> needed) {
        Set<Long> kept = kept(before, needed);
        Set<Versioned> gone = new HashSet<>();
        Set<Versioned> stay = new HashSet<>(base.values());
        states.forEach((at, state) -> (kept.contains(at) ? stay : gone).addAll(state.values()));
        gone.removeAll(stay);
        return gone;
    }

    private Set<Long> kept(long before, Set<Long> needed) {
        Set<Long> kept = new HashSet<>(states.tailMap(before, true).keySet());
        needed.forEach(n -> Optional.ofNullable(states.floorKey(n)).ifPresent(kept::add));
        Optional.ofNullable(states.floorKey(before)).ifPresent(kept::add);
        return kept;
    }

    PublicationId newestShown(long moment) {
        Long found = states.floorKey(moment);
        return new PublicationId(found == null ? 0 : found);
    }

    Collection<Map<EntryKey, Versioned>> statesSince(long moment) {
        Long from = states.floorKey(moment);
        return (from == null ? states : states.tailMap(from, true)).values();
    }

    Optional<Long> newestAt(Instant time) {
        return steps.reversed().stream()
                .map(Step::publication)
                .filter(p -> !p.at().isAfter(time))
                .map(p -> p.id().value())
                .findFirst();
    }

    Optional<Versioned> current(EntryKey key) {
        return Optional.ofNullable(state(Long.MAX_VALUE).get(key));
    }

    Optional<Publication> lastMover(EntryKey key) {
        return steps.reversed().stream()
                .filter(s -> s.keys().contains(key))
                .map(Step::publication)
                .findFirst();
    }

    void publish(Publication publication, List<Change> changes) {
        Map<EntryKey, Versioned> next = new HashMap<>(state(Long.MAX_VALUE));
        for (Change change : changes) {
            next.remove(change.key());
            change.next()
                    .ifPresent(e ->
                            next.put(
                                    change.key(),
                                    new Versioned(change.key(), e, publication.id())));
        }
        states.put(publication.id().value(), Map.copyOf(next));
        steps.add(new Step(publication, changes.stream().map(Change::key).toList()));
    }

    /** Newest first. */
    List<Publication> publications() {
        return steps.reversed().stream().map(Step::publication).toList();
    }

    /** Newest first. */
    List<Catalog.EntryVersion> versions(EntryKey key) {
        return steps.reversed().stream()
                .filter(s -> s.keys().contains(key))
                .map(Step::publication)
                .map(p ->
                        new Catalog.EntryVersion(
                                p, Optional.ofNullable(state(p.id().value()).get(key))))
                .filter(v -> states.containsKey(v.publication().id().value()))
                .toList();
    }
}
