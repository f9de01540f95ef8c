package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether an allowed tree says all that its plan can hold. It does not when it has table functions,
 * DESCRIBE, SUMMARIZE or PIVOT, which DuckDB turns into something else while it binds, or common
 * table expressions whose names could mean a file or a table of the system where they do not apply.
 */
final class PlainQuery {
    private static final Set<String> TURNED =
            Set.of("TABLE_FUNCTION", "SHOW_REF", "PIVOT", "COLUMN_DATA", "DELIM_GET");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    private PlainQuery() {}

    static boolean is(JsonNode tree) {
        if (tree.isObject()) {
            if (TURNED.contains(tree.path("type").asText(""))) {
                return false;
            }
            for (JsonNode cte : tree.path("cte_map").path("map")) {
                String name = cte.path("key").asText();
                if (!PLAIN_NAME.matcher(name).matches() || AccessCheck.ofTheSystem(name)) {
                    return false;
                }
            }
        }
        for (JsonNode child : tree) {
            if (child.isContainerNode() && !is(child)) {
                return false;
            }
        }
        return true;
    }
}
