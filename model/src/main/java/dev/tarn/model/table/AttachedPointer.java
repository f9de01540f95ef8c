package dev.tarn.model.table;

import java.util.Optional;

/**
 * A version of a table that somebody else writes: where a pointer of the catalog leads when the
 * table is only attached.
 *
 * @param format such as {@code delta}; never with a colon
 * @param version as the format tells versions apart; never with a colon
 * @param location the table's own place
 */
public record AttachedPointer(String format, String version, String location) {
    private static final String PREFIX = "attached:";

    /** The attached table behind a pointer; empty if the table is Tarn's own. */
    public static Optional<AttachedPointer> of(TablePointer pointer) {
        String text = pointer.metadataLocation();
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = text.substring(PREFIX.length()).split(":", 3);
        return parts.length < 3
                ? Optional.empty()
                : Optional.of(new AttachedPointer(parts[0], parts[1], parts[2]));
    }

    public TablePointer pointer() {
        return new TablePointer(PREFIX + format + ":" + version + ":" + location);
    }
}
