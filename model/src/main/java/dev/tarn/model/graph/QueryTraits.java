package dev.tarn.model.graph;

import dev.tarn.model.TableName;
import java.util.Optional;
import java.util.Set;

/**
 * What can be said of a query's rows before it runs.
 *
 * @param reads the tables and views it reads, those that views read included
 * @param unsteady why it may give other rows over the same states of these; empty if it cannot
 * @param recipe how its rows follow changes of these
 */
public record QueryTraits(Set<TableName> reads, Optional<String> unsteady, Recipe recipe) {
    public QueryTraits {
        reads = Set.copyOf(reads);
    }
}
