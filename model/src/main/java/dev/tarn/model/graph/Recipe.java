package dev.tarn.model.graph;

import dev.tarn.model.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the rows of a query follow changes of the tables it reads. */
public sealed interface Recipe {
    /**
     * What the query makes of rows that a table gained or lost, the other tables being as they are,
     * is what its result gains or loses.
     *
     * @param alone for each table, those that must be without rows while its changes are looked at
     */
    record Rows(Map<TableName, Set<TableName>> alone) implements Recipe {
        public Rows {
            alone = Map.copyOf(alone);
        }
    }

    /**
     * What the query makes of changed rows alone has the groups that may have changed; the others
     * have not.
     *
     * @param alone as for rows
     * @param keys positions of the columns that name a group, from 0
     * @param folds how values over two parts of the rows make the value over all, for each column;
     *     empty if some do not
     */
    record Groups(
            Map<TableName, Set<TableName>> alone, List<Integer> keys, Optional<List<Fold>> folds)
            implements Recipe {
        public Groups {
            alone = Map.copyOf(alone);
            keys = List.copyOf(keys);
            folds = folds.map(List::copyOf);
        }
    }

    /**
     * Only by asking it again.
     *
     * @param reason why, as the rest of a sentence that begins with "it"
     */
    record None(String reason) implements Recipe {}

    /** How the values of two parts make that of both. */
    enum Fold {
        KEY,
        COUNT,
        SUM,
        MIN,
        MAX
    }
}
