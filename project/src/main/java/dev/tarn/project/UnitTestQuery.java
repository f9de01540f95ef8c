package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.UnitCase;
import dev.tarn.model.graph.UnitCase.Fixture;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes one query of a unit test: the rows in which what the model gives differs from what was
 * expected. It reads no table.
 */
final class UnitTestQuery {
    private final Function<SqlText, Schema> describe;
    private final Function<NodeId, Optional<Schema>> columns;

    /**
     * @param columns those of a node's table, as far as they are known
     */
    UnitTestQuery(Function<SqlText, Schema> describe, Function<NodeId, Optional<Schema>> columns) {
        this.describe = describe;
        this.columns = columns;
    }

    Node.Check complete(Node.Check check) {
        UnitCase unit = check.unit().orElseThrow();
        StringBuilder head = new StringBuilder("with ");
        for (Fixture fixture : unit.given()) {
            head.append(SqlNames.always(fixture.name()))
                    .append(" as (\n")
                    .append(rows(check, fixture, input(fixture)))
                    .append("\n),\n");
        }
        head.append("__tarn_model as (\n");
        SqlText withModel = around(head.toString(), unit.sql(), "\n)");
        Schema result = describe.apply(around("", withModel, "\nselect * from __tarn_model"));
        Fixture expect = unit.expect();
        List<String> compared = compared(expect, result);
        String names = compared.stream().map(SqlNames::always).collect(Collectors.joining(", "));
        String expected = rows(check, expect, Optional.of(result));
        String tail =
                """
                ,
                __tarn_actual as (select %1$s from __tarn_model),
                __tarn_expected as (select %1$s from (
                %2$s
                ))
                select * from (
                    select 'expected, not found' as difference, * from (from __tarn_expected except all from __tarn_actual)
                    union all
                    select 'found, not expected' as difference, * from (from __tarn_actual except all from __tarn_expected)
                )\
                """
                        .formatted(names, expected);
        return check.withSql(around("", withModel, tail));
    }

    private Optional<Schema> input(Fixture fixture) {
        return fixture.input().flatMap(columns);
    }

    private static SqlText around(String before, SqlText inner, String after) {
        int start = before.length();
        int end = start + inner.sql().length();
        return new SqlText(
                before + inner.sql() + after,
                offset ->
                        offset >= start && offset <= end
                                ? inner.locate(offset - start)
                                : Optional.empty());
    }

    /** The columns that the expected rows speak of; all when there are no rows. */
    private List<String> compared(Fixture expect, Schema result) {
        if (expect.query().isPresent()) {
            return describe.apply(SqlText.of(expect.query().get())).names();
        }
        Set<String> names = new LinkedHashSet<>();
        expect.rows().forEach(r -> names.addAll(r.keySet()));
        return names.isEmpty() ? result.names() : new ArrayList<>(names);
    }

    private String rows(Node.Check check, Fixture fixture, Optional<Schema> schema) {
        if (fixture.query().isPresent()) {
            return fixture.query().get();
        }
        Set<String> given = new LinkedHashSet<>();
        fixture.rows().forEach(r -> given.addAll(r.keySet()));
        List<Field> fields = fields(check, fixture, given, schema);
        if (fixture.rows().isEmpty()) {
            return "select " + casts(fields, Map.of()) + " where false";
        }
        return fixture.rows().stream()
                .map(r -> "select " + casts(fields, r))
                .collect(Collectors.joining("\nunion all\n"));
    }

    private static List<Field> fields(
            Node.Check check, Fixture fixture, Set<String> given, Optional<Schema> schema) {
        if (schema.isEmpty()) {
            throw new TarnException(
                    Problem.at(
                            ErrorCode.TABLE_NOT_FOUND,
                            fixture.place(),
                            ("Unit test '%s' needs the columns of %s, which are not known yet. Declare"
                                            + " them with their data_type, or build it first.")
                                    .formatted(
                                            check.name(),
                                            fixture.input()
                                                    .map(NodeId::value)
                                                    .orElse("the model"))));
        }
        for (String name : given) {
            if (schema.get().find(name).isEmpty()) {
                List<String> known = schema.get().names();
                throw new TarnException(
                        Problem.at(
                                ErrorCode.COLUMN_NOT_FOUND,
                                fixture.place(),
                                invalidColumn(fixture, name, known)));
            }
        }
        return schema.get().fields();
    }

    /** In dbt's words, which people search for. */
    private static String invalidColumn(Fixture fixture, String name, List<String> known) {
        String whose =
                fixture.input()
                        .map(id -> "'" + id.value().split("\\.", 3)[2] + "'")
                        .orElse("expected output");
        return "Invalid column name: '%s' in unit test fixture for %s. Accepted columns for %s are: %s.%s"
                .formatted(
                        name,
                        whose,
                        whose,
                        known.stream().collect(Collectors.joining("', '", "['", "']")),
                        Suggestion.hint(name, known));
    }

    private static String casts(List<Field> fields, Map<String, @Nullable Object> row) {
        return fields.stream()
                .map(f ->
                        "cast(%s as %s) as %s"
                                .formatted(
                                        literal(value(row, f.name())),
                                        f.type().sql(),
                                        SqlNames.always(f.name())))
                .collect(Collectors.joining(", "));
    }

    private static @Nullable Object value(Map<String, @Nullable Object> row, String column) {
        for (Map.Entry<String, @Nullable Object> e : row.entrySet()) {
            if (e.getKey().equalsIgnoreCase(column)) {
                return e.getValue();
            }
        }
        return null;
    }

    private static String literal(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean b -> b.toString();
            case Number n -> n.toString();
            case List<?> list ->
                    list.stream()
                            .map(UnitTestQuery::literal)
                            .collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e ->
                                    literal(String.valueOf(e.getKey()))
                                            + ": "
                                            + literal(e.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            default -> "'" + value.toString().replace("'", "''") + "'";
        };
    }
}
