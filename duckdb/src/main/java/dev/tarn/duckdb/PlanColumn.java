package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;

/** DuckDB's own name for a column in a plan: the operator that makes it, and which of its own. */
record PlanColumn(long table, long column) {
    private static final PlanColumn MISSING = new PlanColumn(-1, -1);

    static PlanColumn of(JsonNode binding) {
        return new PlanColumn(
                binding.path("table_index").asLong(0), binding.path("column_index").asLong(0));
    }

    /** The columns that an operator makes, which has its number in a field. */
    static List<PlanColumn> row(JsonNode operator, String field, int width) {
        long table = operator.path(field).asLong(0);
        return IntStream.range(0, width).mapToObj(i -> new PlanColumn(table, i)).toList();
    }

    /** Some of the columns; empty means all. */
    static List<PlanColumn> kept(List<PlanColumn> columns, List<Integer> kept) {
        return kept.isEmpty()
                ? columns
                : kept.stream()
                        .map(i -> i >= 0 && i < columns.size() ? columns.get(i) : MISSING)
                        .toList();
    }
}
