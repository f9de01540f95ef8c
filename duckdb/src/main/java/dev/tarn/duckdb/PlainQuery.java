package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether an allowed tree says all that its plan can hold. It does not when it has something that
 * DuckDB turns into something else while it binds: table functions, DESCRIBE, SUMMARIZE and PIVOT,
 * functions that take the name of a function, words that look like columns and are functions, and
 * common table expressions whose names could mean a file or a table of the system where they do not
 * apply.
 */
final class PlainQuery {
    private static final Set<String> TURNED = Set.of("TABLE_FUNCTION", "SHOW_REF", "PIVOT");
    private static final Set<String> NAMING_FUNCTIONS =
            Set.of("aggregate", "array_aggr", "array_aggregate", "list_aggr", "list_aggregate");
    private static final Set<String> WORDS =
            Set.of(
                    "current_catalog",
                    "current_role",
                    "current_schema",
                    "current_user",
                    "session_user",
                    "user");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    private PlainQuery() {}

    static boolean is(JsonNode tree) {
        if (tree.isObject() && !itself(tree)) {
            return false;
        }
        for (JsonNode child : tree) {
            if (child.isContainerNode() && !is(child)) {
                return false;
            }
        }
        return true;
    }

    private static boolean itself(JsonNode node) {
        if (TURNED.contains(node.path("type").asText(""))
                || NAMING_FUNCTIONS.contains(lower(node.path("function_name")))) {
            return false;
        }
        JsonNode column = node.path("column_names");
        if (column.size() == 1 && WORDS.contains(lower(column.path(0)))) {
            return false;
        }
        for (JsonNode cte : node.path("cte_map").path("map")) {
            String name = cte.path("key").asText();
            if (!PLAIN_NAME.matcher(name).matches() || AccessCheck.ofTheSystem(name)) {
                return false;
            }
        }
        return true;
    }

    private static String lower(JsonNode name) {
        return name.asText("").toLowerCase(Locale.ROOT);
    }
}
