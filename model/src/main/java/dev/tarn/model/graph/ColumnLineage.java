package dev.tarn.model.graph;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where the values of one column of a query come from. */
public sealed interface ColumnLineage {
    /**
     * It is known.
     *
     * @param origins the columns its values are made of, none for a constant
     */
    record Known(SortedMap<ColumnName, Use> origins) implements ColumnLineage {
        public Known {
            origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
        }
    }

    /** The query does something whose effect on the column is not known. */
    record NotKnown(String reason) implements ColumnLineage {}

    /** What a query does with a value on its way. */
    enum Use {
        /** Nothing; the value arrives as it was. */
        AS_IS,
        /** It is computed with: cast, aggregated, compared, put together with others. */
        COMPUTED
    }
}
