package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a statement reads and might have meant, for messages.
 *
 * @param names every name there is; asked for when a message needs them
 */
record KnownNames(
        List<TableName> read, List<KnownRelation> relations, Supplier<Set<TableName>> names)
        implements Source.Known {
    @Override
    public Collection<String> columns() {
        return relations.stream().flatMap(r -> r.columns().stream()).toList();
    }

    @Override
    public Collection<TableName> all() {
        return names.get();
    }
}
