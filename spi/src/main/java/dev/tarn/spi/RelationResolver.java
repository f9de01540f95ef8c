package dev.tarn.spi;

import dev.tarn.model.TableName;
import java.util.Collection;
import java.util.Optional;

/**
 * Finds relations for a session. Two resolvers that are equal find the same for ever, so that an
 * engine may keep what it made of them.
 */
public interface RelationResolver {
    Optional<Relation> resolve(TableName name);

    /** The schemas in which unqualified names are looked for, in order. */
    Collection<String> searchPath();

    /** All names there are, for suggestions. */
    Collection<TableName> names();
}
