package dev.tarn.spi;

import dev.tarn.model.PointInTime;
import dev.tarn.model.TableName;
import java.util.Collection;
import java.util.Optional;

/**
 * Finds relations for a session. Two resolvers that are equal find the same for ever, so that an
 * engine may keep what it made of them.
 */
public interface RelationResolver {
    Optional<Relation> resolve(TableName name);

    /**
     * What a name stood for at another time, or stands for elsewhere; empty where nothing is known
     * of time.
     *
     * @throws dev.tarn.model.TarnException {@code PUBLICATION_NOT_FOUND}, {@code REF_NOT_FOUND} or
     *     {@code RUN_NOT_FOUND} for a state that is not there, with the oldest that is
     */
    default Optional<Relation> resolveAt(TableName name, PointInTime point) {
        return Optional.empty();
    }

    /** The schemas in which unqualified names are looked for, in order. */
    Collection<String> searchPath();

    /** All names there are, for suggestions. */
    Collection<TableName> names();
}
