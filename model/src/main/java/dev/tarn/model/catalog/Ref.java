package dev.tarn.model.catalog;

import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import java.time.Instant;
import java.util.Optional;

/**
 * A line of history.
 *
 * @param parent the ref it was cut from; empty for {@code main}
 * @param cutAt the newest publication of the warehouse when it was cut: the parent is read as of it
 * @param head its own newest publication, or {@code cutAt} while it has none
 */
public record Ref(
        RefName name,
        Kind kind,
        Optional<RefName> parent,
        PublicationId cutAt,
        PublicationId head,
        Instant createdAt) {
    /** What a ref is for. Tags cannot be written. */
    public enum Kind {
        BRANCH,
        TAG,
        RUN
    }
}
