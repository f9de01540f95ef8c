package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.SqlText;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes the tables that a run reads in the place of others into a query that outlives the run: a
 * view.
 */
final class StandIns {
    private final Map<TableName, TableName> instead = new HashMap<>();

    StandIns(TaskContext context) {
        RunRequest.Substitutes substitutes = context.substitutes();
        substitutes
                .instead()
                .forEach((name, other) -> {
                    if (substitutes.always() || context.view().find(EntryKey.of(name)).isEmpty()) {
                        instead.put(name, other);
                    }
                });
    }

    SqlText named(SqlText query) {
        return TableNames.of(query).replaced(instead);
    }
}
