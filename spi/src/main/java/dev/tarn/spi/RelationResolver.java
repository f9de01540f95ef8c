package dev.tarn.spi;

import dev.tarn.model.TableName;
import java.util.Collection;
import java.util.Optional;

/** Finds relations for a session. */
public interface RelationResolver {
    Optional<Relation> resolve(TableName name);

    /** The schemas in which unqualified names are looked for, in order. */
    Collection<String> searchPath();

    /** All names there are, for suggestions. */
    Collection<TableName> names();
}
