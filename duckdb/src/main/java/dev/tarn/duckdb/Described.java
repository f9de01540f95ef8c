package dev.tarn.duckdb;

import dev.tarn.model.table.Schema;

/**
 * The columns of the query that a session described last; a task describes what it then writes.
 *
 * @param changes how often the session's relations had changed by then
 */
record Described(String sql, int changes, Schema columns) {
    boolean isOf(String query, int changesNow) {
        return changes == changesNow && sql.equals(query);
    }
}
