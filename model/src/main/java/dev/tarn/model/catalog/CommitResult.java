package dev.tarn.model.catalog;

import dev.tarn.model.PublicationId;
import dev.tarn.model.RunId;
import java.util.List;
import java.util.Optional;

/** How a commit ended. */
public sealed interface CommitResult {
    record Published(Publication publication) implements CommitResult {}

    /** Nothing was changed, because these entries were not what the commit expected. */
    record Conflicted(List<Conflict> conflicts) implements CommitResult {
        public Conflicted {
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * An entry that moved.
     *
     * @param actual what it is now; empty if it is gone
     * @param publishedBy the publication that moved it
     * @param run the run of that publication
     */
    record Conflict(
            EntryKey key,
            Optional<Versioned> actual,
            PublicationId publishedBy,
            Optional<RunId> run) {}
}
