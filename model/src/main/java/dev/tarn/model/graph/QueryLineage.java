package dev.tarn.model.graph;

import java.util.Collections;
import java.util.List;

/**
 * Where the values and rows of a query come from.
 *
 * @param columns one for each column of the query, in their order
 * @param rows the columns that decide which rows there are, by a condition or a join, whatever the
 *     query shows of them
 */
public record QueryLineage(List<ColumnLineage> columns, ColumnLineage rows) {
    public QueryLineage {
        columns = List.copyOf(columns);
    }

    /** Nothing is known of a query with so many columns. */
    public static QueryLineage notKnown(int columns, String reason) {
        ColumnLineage nothing = new ColumnLineage.NotKnown(reason);
        return new QueryLineage(Collections.nCopies(columns, nothing), nothing);
    }
}
