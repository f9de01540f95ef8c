package dev.tarn.spi;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import java.util.List;

/** What a name in a query stands for. */
public sealed interface Relation {
    /**
     * A table; planned when a query needs it.
     *
     * @param scan plans a read under the predicates that the engine found in the query
     */
    record Table(Schema schema, ScanPlanner scan) implements Relation {}

    /** A query over other relations of the same session. */
    record View(String sql) implements Relation {}

    /** Columns without rows, for binding queries before anything has run. */
    record Shape(Schema schema) implements Relation {}

    /** Plans reads of one table state. */
    interface ScanPlanner {
        TableScan plan(List<Predicate> predicates);
    }
}
