package dev.tarn.duckdb;

import java.util.List;

/**
 * A table that a statement names and that is none of its own common table expressions.
 *
 * @param path the parts of its name as written, without quotes
 * @param position bytes before the name in the statement, -1 when unknown
 */
record TableReference(List<String> path, int position) {
    TableReference {
        path = List.copyOf(path);
    }

    String table() {
        return path.getLast();
    }

    boolean qualified() {
        return path.size() > 1;
    }

    String schema() {
        return path.get(path.size() - 2);
    }
}
