package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.QueryTraits;
import dev.tarn.model.graph.Recipe;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Relation;
import dev.tarn.sql.Steadiness;
import dev.tarn.sql.statement.TimeTravel;
import java.util.Map;
import java.util.Optional;

/** Says of a query, from its bound plan, what it reads and whether it gives the same rows again. */
final class QueryJudgement {
    private QueryJudgement() {}

    /**
     * @param query one whose relations the workspace has found
     */
    static QueryTraits of(SqlText query, Workspace here) {
        Map<TableName, Relation> reached = here.relations.reached(query);
        if (reached.keySet().stream().anyMatch(n -> n.schema().equals(TimeTravel.SCHEMA))) {
            return untold(reached, "asks for tables of other times");
        }
        return switch (here.shapes.plan(query, reached, here.relations.searchPath())) {
            case BoundPlan.Known known -> {
                Optional<String> unsteady = Steadiness.refuted(known.root());
                yield new QueryTraits(
                        reached.keySet(),
                        unsteady,
                        unsteady.<Recipe>map(Recipe.None::new).orElse(known.recipe()));
            }
            case BoundPlan.Untold untold -> untold(reached, "has no plan: " + untold.reason());
        };
    }

    private static QueryTraits untold(Map<TableName, Relation> reached, String reason) {
        return new QueryTraits(reached.keySet(), Optional.of(reason), new Recipe.None(reason));
    }
}
