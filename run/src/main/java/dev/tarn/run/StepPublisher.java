package dev.tarn.run;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes the work of a run in several steps: what was published is not published again, and what
 * others published in between is noticed. Safe for use by many threads.
 */
final class StepPublisher {
    private final Catalog catalog;
    private final Publisher publisher;
    private final RunId run;
    private final RefName target;
    private final Map<EntryKey, Step> done = new HashMap<>();

    /**
     * What of an entry is published.
     *
     * @param base what the next step of it expects and builds on
     * @param own the run's own value then; empty if it was dropped
     */
    private record Step(Optional<Versioned> base, Optional<Entry> own) {}

    StepPublisher(Catalog catalog, Publisher publisher, RunId run, RefName target) {
        this.catalog = catalog;
        this.publisher = publisher;
        this.run = run;
        this.target = target;
    }

    /**
     * Publishes what a node changed.
     *
     * @param keys what it changed
     * @throws dev.tarn.model.TarnException {@code COMMIT_CONFLICT} naming who was first
     */
    synchronized void step(Set<EntryKey> keys, String message) {
        List<RefChange> own =
                left().stream()
                        .filter(c -> keys.contains(c.key()))
                        .filter(c -> c.key().kind() != EntryKey.Kind.VERDICT)
                        .toList();
        if (own.isEmpty()) {
            return;
        }
        Publication publication =
                publisher.publish(
                        own,
                        target,
                        new Publisher.Note(message, Optional.of(run), List.of(), List.of()),
                        false);
        noted(own, publication);
    }

    /**
     * Publishes what no step did.
     *
     * @return empty if the whole run changed nothing
     */
    synchronized Optional<Publication> rest(Publisher.Note note, boolean endsRun) {
        List<RefChange> own =
                endsRun
                        ? left()
                        : left().stream()
                                .filter(c -> c.key().kind() != EntryKey.Kind.VERDICT)
                                .toList();
        if (own.isEmpty() && done.isEmpty()) {
            return Optional.empty();
        }
        Publication publication = publisher.publish(own, target, note, endsRun);
        noted(own, publication);
        return Optional.of(publication);
    }

    private void noted(List<RefChange> own, Publication publication) {
        for (RefChange change : own) {
            done.put(change.key(), new Step(now(change, publication.id()), change.own()));
        }
    }

    /** What the run's ref holds that is not published yet. */
    private List<RefChange> left() {
        Map<EntryKey, RefChange> all = new HashMap<>();
        List<RefChange> left = new ArrayList<>();
        for (RefChange change : catalog.changes(RefName.of(run))) {
            all.put(change.key(), change);
            Step step = done.get(change.key());
            if (step == null) {
                left.add(change);
            } else if (!step.own().equals(change.own())) {
                left.add(new RefChange(change.key(), step.base(), change.own()));
            }
        }
        done.forEach((key, step) -> {
            // What is again as it was before the run is no change of its ref.
            if (!all.containsKey(key)) {
                Optional<Entry> own =
                        catalog.read(RefName.of(run), AsOf.head()).find(key).map(Versioned::entry);
                if (!step.own().equals(own)) {
                    left.add(new RefChange(key, step.base(), own));
                }
            }
        });
        return left;
    }

    /**
     * What the next step builds on. When the publication took in what others had published, that is
     * the run's own value still, of a version that is not the target's: so the next step takes in
     * theirs again.
     */
    private Optional<Versioned> now(RefChange change, PublicationId publication) {
        Optional<Versioned> there = catalog.read(target, AsOf.head()).find(change.key());
        boolean asIs =
                there.map(Versioned::version).filter(publication::equals).isPresent()
                        && there.map(Versioned::entry).equals(change.own());
        if (asIs || change.own().isEmpty()) {
            return there.filter(v -> asIs);
        }
        return Optional.of(
                new Versioned(
                        change.key(),
                        change.own().get(),
                        change.base().map(Versioned::version).orElse(publication)));
    }
}
