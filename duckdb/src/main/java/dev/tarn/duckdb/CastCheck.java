package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Finds values written in a query, and columns, that cannot be what they are compared or computed
 * with, such as the five in {@code day = 5}. DuckDB binds these and fails at the first row. Casts
 * that somebody wrote are left alone, and so are columns of type INTEGER: one that holds nothing
 * but nulls has that type, and casts to everything.
 */
final class CastCheck {
    private static final String CAST = "OPERATOR_CAST";
    private static final String IMPOSSIBLE = "Unimplemented type for cast";

    /** Types, and a value of each. */
    private static final Map<String, String> PLAIN =
            Map.ofEntries(
                    Map.entry("BOOLEAN", "true"),
                    Map.entry("TINYINT", "1"),
                    Map.entry("SMALLINT", "1"),
                    Map.entry("INTEGER", "1"),
                    Map.entry("BIGINT", "1"),
                    Map.entry("HUGEINT", "1"),
                    Map.entry("FLOAT", "1"),
                    Map.entry("DOUBLE", "1"),
                    Map.entry("DATE", "2000-01-01"),
                    Map.entry("TIME", "00:00:00"),
                    Map.entry("TIMESTAMP", "2000-01-01 00:00:00"),
                    Map.entry("TIMESTAMP WITH TIME ZONE", "2000-01-01 00:00:00+00"),
                    Map.entry("UUID", "00000000-0000-0000-0000-000000000000"));

    private CastCheck() {}

    /** Refuses a query with such values or columns, all of them together. */
    static void check(Connection connection, Source source) throws SQLException {
        String sql = source.text().sql();
        JsonNode plan = StatementReader.plan(connection, sql, CAST);
        List<Problem> problems = new ArrayList<>();
        Map<String, Boolean> asked = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            for (JsonNode cast : plan.findParents("function_data")) {
                if (isOfConstant(cast) && !holds(statement, cast, asked)) {
                    problems.add(ofConstant(cast, source));
                } else if (isOfColumn(cast, source) && isImpossible(statement, cast)) {
                    problems.add(ofColumn(cast, source));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems.stream().distinct().toList());
        }
    }

    private static boolean isOfConstant(JsonNode cast) {
        JsonNode value = value(cast);
        return isImplicit(cast)
                && value.path("type").asText().equals("VALUE_CONSTANT")
                && value.path("value").path("value").isValueNode()
                && cast.path("query_location").asInt() == value.path("query_location").asInt()
                && cast.path("query_location_length").asInt()
                        == value.path("query_location_length").asInt()
                && PLAIN.containsKey(type(cast.path("return_type")))
                && (PLAIN.containsKey(from(value)) || from(value).equals("VARCHAR"));
    }

    /** Whether nothing but a column's name stands where the cast is. */
    private static boolean isOfColumn(JsonNode cast, Source source) {
        JsonNode value = value(cast);
        String type = type(value.path("return_type"));
        if (!isImplicit(cast)
                || !value.path("type").asText().equals("BOUND_REF")
                || type.equals("INTEGER")
                || !PLAIN.containsKey(type)
                || !PLAIN.containsKey(type(cast.path("return_type")))) {
            return false;
        }
        String written =
                source.excerpt(
                                cast.path("query_location").asInt(-1),
                                cast.path("query_location_length").asInt())
                        .replace("\"", "");
        String name = value.path("alias").asText();
        return !name.isEmpty()
                && (written.equalsIgnoreCase(name)
                        || written.toLowerCase(Locale.ROOT)
                                .endsWith("." + name.toLowerCase(Locale.ROOT)));
    }

    private static boolean isImplicit(JsonNode cast) {
        return cast.path("type").asText().equals(CAST)
                && !cast.path("function_data").path("try_cast").asBoolean();
    }

    private static JsonNode value(JsonNode cast) {
        return cast.path("children").path(0);
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

    /**
     * @param asked what was asked before: long lists have the same values again and again
     */
    private static boolean holds(Statement statement, JsonNode cast, Map<String, Boolean> asked) {
        JsonNode value = value(cast);
        String question =
                "SELECT CAST(CAST(%s AS %s) AS %s)"
                        .formatted(
                                Sql.literal(text(value)),
                                from(value),
                                type(cast.path("return_type")));
        return asked.computeIfAbsent(question, q -> holds(statement, q));
    }

    private static boolean holds(Statement statement, String question) {
        try (ResultSet answer = statement.executeQuery(question)) {
            return answer.next();
        } catch (SQLException e) {
            return false;
        }
    }

    private static boolean isImpossible(Statement statement, JsonNode cast) {
        String from = type(value(cast).path("return_type"));
        String question =
                "SELECT CAST(v AS %s) FROM (SELECT CAST(%s AS %s) AS v)"
                        .formatted(
                                type(cast.path("return_type")),
                                Sql.literal(Objects.requireNonNull(PLAIN.get(from))),
                                from);
        try (ResultSet answer = statement.executeQuery(question)) {
            return !answer.next();
        } catch (SQLException e) {
            return RawError.of(e).message().contains(IMPOSSIBLE);
        }
    }

    private static Problem ofConstant(JsonNode cast, Source source) {
        JsonNode value = value(cast);
        return EngineErrors.constantOfOtherType(
                text(value),
                type(cast.path("return_type")),
                source.locate(value.path("query_location").asInt(-1)));
    }

    private static Problem ofColumn(JsonNode cast, Source source) {
        JsonNode value = value(cast);
        return EngineErrors.columnOfOtherType(
                value.path("alias").asText(),
                type(value.path("return_type")),
                type(cast.path("return_type")),
                source.locate(cast.path("query_location").asInt(-1)));
    }
}
