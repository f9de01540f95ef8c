package dev.tarn.app;

import dev.tarn.model.catalog.Publication;
import java.util.Optional;

/**
 * A table that somebody else writes and the warehouse shows.
 *
 * @param publication what made it visible; empty if this version was visible before
 */
public record AttachedTable(
        String format, String version, String location, Optional<Publication> publication) {
    static AttachedTable of(Attaching.Attached done) {
        return new AttachedTable(
                done.table().format(),
                done.table().version(),
                done.table().location(),
                done.publication());
    }
}
