package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Type.Primitive;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Finds the rows of a table whose keys occur in a staged set of keys. */
final class KeyMatcher {
    private static final String FILE = "__tarn_file";
    private static final String POSITION = "__tarn_position";

    private final StatementRunner runner;
    private final Reading reading;

    KeyMatcher(StatementRunner runner, Reading reading) {
        this.runner = runner;
        this.reading = reading;
    }

    /** Refuses keys that are there more than once, null included. */
    void refuseDoubles(TableName table, String staged, List<String> keys) {
        String columns = Sql.names(keys);
        String doubles =
                "SELECT %s, count(*) AS n FROM %s GROUP BY %s HAVING count(*) > 1"
                        .formatted(columns, staged, columns);
        runner.query(
                "SELECT *, count(*) OVER () FROM (%s) ORDER BY %s LIMIT 1"
                        .formatted(
                                doubles,
                                keys.stream()
                                        .map(k -> Sql.name(k) + " NULLS LAST")
                                        .collect(Collectors.joining(", "))),
                Source.OURS,
                rows -> {
                    if (rows.next()) {
                        throw EngineErrors.ambiguousMerge(
                                table,
                                keys,
                                values(rows, keys.size()),
                                rows.getLong(keys.size() + 1),
                                rows.getLong(keys.size() + 2) - 1);
                    }
                    return true;
                });
    }

    /** What the staged keys say of the table's rows: between the least and the greatest key. */
    List<Predicate> bounds(String staged, List<Field> keys) {
        List<Predicate> bounds = new ArrayList<>();
        for (Field key : keys) {
            String name = Sql.name(key.name());
            String cast = "::" + key.type().sql() + "::VARCHAR";
            boolean ordered =
                    key.type() == Primitive.INTEGER
                            || key.type() == Primitive.BIGINT
                            || key.type() == Primitive.DATE;
            if (ordered) {
                runner.query(
                        "SELECT min(%1$s)%2$s, max(%1$s)%2$s FROM %3$s HAVING count(*) = count(%1$s)"
                                .formatted(name, cast, staged),
                        Source.OURS,
                        rows -> bound(key.name(), rows, bounds));
            }
        }
        return bounds;
    }

    private static boolean bound(String column, ResultSet rows, List<Predicate> bounds)
            throws SQLException {
        if (rows.next() && rows.getString(1) != null) {
            bounds.add(
                    new Predicate(column, Predicate.Operator.GREATER_OR_EQUAL, rows.getString(1)));
            bounds.add(new Predicate(column, Predicate.Operator.LESS_OR_EQUAL, rows.getString(2)));
        }
        return true;
    }

    private static String values(ResultSet rows, int count) throws SQLException {
        StringJoiner values = new StringJoiner(", ");
        for (int i = 1; i <= count; i++) {
            Object value = rows.getObject(i);
            values.add(value == null ? "null" : value.toString());
        }
        return values.toString();
    }

    List<RowPositions> find(
            TableScan scan, String staged, List<String> keys, Source source, String condition) {
        try (DeletedRowsFunction.Registrations deletions = reading.deletedRows().registrations()) {
            return find(new ParquetScan(deletions), scan, staged, keys, source, condition);
        }
    }

    private List<RowPositions> find(
            ParquetScan scans,
            TableScan scan,
            String staged,
            List<String> keys,
            Source source,
            String condition) {
        String join =
                keys.stream()
                        .map(k -> "target.%1$s IS NOT DISTINCT FROM k.%1$s".formatted(Sql.name(k)))
                        .collect(Collectors.joining(" AND "));
        String sql =
                "SELECT %s, %s FROM (%s) AS target SEMI JOIN %s AS k ON %s%s ORDER BY 1, 2"
                        .formatted(
                                FILE,
                                POSITION,
                                scans.selectWithPositions(
                                        scan, FILE, POSITION, reading.shapes().trees(), runner),
                                staged,
                                join,
                                condition.isBlank() ? "" : " WHERE (" + condition + "\n)");
        return PositionCollector.collect(
                runner, sql, source, file -> scan.files().get(file).location());
    }
}
