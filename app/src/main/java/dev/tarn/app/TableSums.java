package dev.tarn.app;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.TableReads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many rows a table has and, for each column, how many values and what their hashes add up to:
 * equal for equal rows in any order.
 */
record TableSums(long rows, Map<String, String> columns) {
    private static final TableName NAME = new TableName("compared", "rows");

    static TableSums of(TablePointer pointer, TableReads tables, Engine engine) {
        Schema schema = tables.state(pointer).definition().schema();
        StringBuilder select = new StringBuilder("SELECT count(*)::BIGINT");
        for (Field field : schema.fields()) {
            String name = Type.quoted(field.name());
            select.append(
                    ", count(%1$s)::VARCHAR || '/' || coalesce(sum(hash(%1$s)::HUGEINT), 0)::VARCHAR"
                            .formatted(name));
        }
        select.append(" FROM ").append(NAME);
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.define(
                    NAME,
                    new Relation.Table(
                            schema,
                            predicates -> tables.scan(pointer, Optional.empty(), predicates)));
            try (QueryResult result = session.query(SqlText.of(select.toString()))) {
                result.next();
                Map<String, String> columns = new LinkedHashMap<>();
                for (int i = 0; i < schema.fields().size(); i++) {
                    columns.put(schema.fields().get(i).name(), String.valueOf(result.value(i + 1)));
                }
                return new TableSums(((Number) result.row().getFirst()).longValue(), columns);
            }
        }
    }

    /** What is not the same, in words. */
    String differences(TableSums other) {
        List<String> differences = new ArrayList<>();
        if (rows != other.rows) {
            differences.add("%d rows became %d".formatted(rows, other.rows));
        }
        for (Map.Entry<String, String> column : columns.entrySet()) {
            if (!column.getValue().equals(other.columns.get(column.getKey()))) {
                differences.add("column '%s' differs".formatted(column.getKey()));
            }
        }
        return String.join(", ", differences);
    }
}
