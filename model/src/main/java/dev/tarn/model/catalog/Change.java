package dev.tarn.model.catalog;

import dev.tarn.model.PublicationId;
import java.util.Optional;

/**
 * One change of a commit to a ref.
 *
 * @param next the new value; empty drops the entry
 * @param expected what the entry must be just before the commit
 */
public record Change(EntryKey key, Optional<Entry> next, Expected expected) {
    /** The condition under which a change may happen. */
    public sealed interface Expected {
        /** Whatever is there. */
        record Anything() implements Expected {}

        /** There must be no such entry. */
        record Absent() implements Expected {}

        /** The entry must be there and still be of this version. */
        record Version(PublicationId version) implements Expected {}

        static Expected anything() {
            return new Anything();
        }

        static Expected of(Optional<Versioned> seen) {
            return seen.<Expected>map(v -> new Version(v.version())).orElseGet(Absent::new);
        }
    }

    public static Change put(EntryKey key, Entry next, Expected expected) {
        return new Change(key, Optional.of(next), expected);
    }

    public static Change drop(EntryKey key, Expected expected) {
        return new Change(key, Optional.empty(), expected);
    }
}
