package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds values written in a query that cannot be what they are compared or computed with, such as
 * the five in {@code day = 5}. DuckDB binds these and fails at the first row. Casts that somebody
 * wrote are left alone, and so are casts of columns: one without any value casts to everything.
 */
final class ConstantCheck {
    private static final String CAST = "OPERATOR_CAST";

    private static final Set<String> PLAIN =
            Set.of(
                    "BOOLEAN",
                    "TINYINT",
                    "SMALLINT",
                    "INTEGER",
                    "BIGINT",
                    "HUGEINT",
                    "FLOAT",
                    "DOUBLE",
                    "DATE",
                    "TIME",
                    "TIMESTAMP",
                    "TIMESTAMP WITH TIME ZONE",
                    "UUID");

    private ConstantCheck() {}

    /** Refuses a query with such values, all of them together. */
    static void check(Connection connection, Source source) throws SQLException {
        String sql = source.text().sql();
        JsonNode plan = StatementReader.plan(connection, sql, CAST);
        List<Problem> problems = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (JsonNode cast : plan.findParents("function_data")) {
                if (isOfConstant(cast) && !holds(statement, cast)) {
                    problems.add(problem(cast, source));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems.stream().distinct().toList());
        }
    }

    private static boolean isOfConstant(JsonNode cast) {
        JsonNode value = cast.path("children").path(0);
        return cast.path("type").asText().equals(CAST)
                && !cast.path("function_data").path("try_cast").asBoolean()
                && value.path("type").asText().equals("VALUE_CONSTANT")
                && value.path("value").path("value").isValueNode()
                && cast.path("query_location").asInt() == value.path("query_location").asInt()
                && cast.path("query_location_length").asInt()
                        == value.path("query_location_length").asInt()
                && PLAIN.contains(type(cast.path("return_type")))
                && (PLAIN.contains(from(value)) || from(value).equals("VARCHAR"));
    }

    private static String type(JsonNode type) {
        return type.path("id").asText();
    }

    private static String from(JsonNode value) {
        return type(value.path("value").path("type"));
    }

    private static String text(JsonNode value) {
        return value.path("value").path("value").asText();
    }

    private static boolean holds(Statement statement, JsonNode cast) {
        JsonNode value = cast.path("children").path(0);
        String question =
                "SELECT CAST(CAST(%s AS %s) AS %s)"
                        .formatted(
                                Sql.literal(text(value)),
                                from(value),
                                type(cast.path("return_type")));
        try (ResultSet answer = statement.executeQuery(question)) {
            return answer.next();
        } catch (SQLException e) {
            return false;
        }
    }

    private static Problem problem(JsonNode cast, Source source) {
        JsonNode value = cast.path("children").path(0);
        return EngineErrors.constantOfOtherType(
                text(value),
                type(cast.path("return_type")),
                source.locate(value.path("query_location").asInt(-1)));
    }
}
