package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.graph.Recipe;
import dev.tarn.sql.Operator;
import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/** What DuckDB makes of a query before it optimises it. */
sealed interface BoundPlan {
    /**
     * The plan, in our own types.
     *
     * @param recipe how the rows follow changes of the tables
     */
    record Known(Operator root, Recipe recipe) implements BoundPlan {}

    /** DuckDB does not tell, because the query is none, or reads what it cannot write down. */
    record Untold(String reason) implements BoundPlan {}

    /** Binds a query whose relations are there as tables without rows. */
    static BoundPlan of(DuckDBConnection connection, String sql) throws SQLException {
        JsonNode answer = StatementReader.plan(connection, sql);
        JsonNode plans = answer.path("plans");
        if (answer.path("error").asBoolean()) {
            return new Untold(answer.path("error_message").asText("no plan"));
        }
        return plans.size() == 1
                ? new Known(PlanReader.read(plans.get(0)), RecipeReader.read(plans.get(0)))
                : new Untold("%d plans".formatted(plans.size()));
    }
}
