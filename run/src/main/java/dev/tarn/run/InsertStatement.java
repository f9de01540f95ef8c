package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.SqlPieces;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Statement.Matching;
import dev.tarn.sql.statement.Statement.Rows;
import dev.tarn.sql.statement.Statement.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Adds rows. */
final class InsertStatement {
    private final StatementGround ground;
    private final Statement.Insert insert;
    private final TargetTable target;

    InsertStatement(StatementGround ground, Statement.Insert insert) {
        this.ground = ground;
        this.insert = insert;
        this.target = new TargetTable(ground, insert.target());
    }

    StatementOutcome execute() {
        List<Field> listed = listed();
        SqlText given = given(listed);
        Schema columns = ground.describe(given);
        List<Field> filled =
                insert.matching() == Matching.BY_NAME
                        ? byName(columns)
                        : byPosition(listed, columns);
        requireRest(filled);
        SqlText rows = whole(given, filled);
        TableWriter.Written written;
        try {
            written = ground.context().writer().append(target.found().pointer(), rows);
        } catch (TarnException failure) {
            throw explain(failure, given, filled, rows);
        }
        target.found().replace(ground.context(), written.pointer());
        return StatementOutcome.of(
                "insert", target.name(), StatementOutcome.Counts.inserted(written.rows()));
    }

    private List<Field> listed() {
        Set<String> seen = new HashSet<>();
        List<Field> fields = new ArrayList<>();
        for (Statement.ColumnRef column : insert.columns()) {
            Field field = target.field(column);
            target.requireOnce(seen, column, field);
            fields.add(field);
        }
        return fields;
    }

    /** The rows as they were given, each DEFAULT replaced by what it stands for. */
    private SqlText given(List<Field> listed) {
        SqlPieces pieces = new SqlPieces();
        insert.with().ifPresent(with -> pieces.add(with).add("\n"));
        List<Field> order = listed.isEmpty() ? target.schema().fields() : listed;
        switch (insert.rows()) {
            case Rows.Of of -> pieces.add(of.query());
            case Rows.Defaults defaults ->
                    pieces.add("select ")
                            .add(
                                    order.stream()
                                            .map(f -> TargetTable.otherwise(f).sql())
                                            .collect(Collectors.joining(", ")));
            case Rows.Values values -> values(values, order, pieces);
        }
        return pieces.text();
    }

    private void values(Rows.Values values, List<Field> order, SqlPieces pieces) {
        boolean plain =
                values.rows().stream()
                        .flatMap(List::stream)
                        .noneMatch(Value.Default.class::isInstance);
        if (plain) {
            pieces.add(values.written());
            return;
        }
        String between = "values (";
        for (List<Value> row : values.rows()) {
            pieces.add(between);
            for (int i = 0; i < row.size(); i++) {
                pieces.add(i == 0 ? "" : ", ");
                switch (row.get(i)) {
                    case Value.Expression expression -> pieces.add(expression.sql());
                    case Value.Default other ->
                            pieces.add(
                                    i < order.size()
                                            ? TargetTable.otherwise(order.get(i)).sql()
                                            : "null");
                }
            }
            between = "), (";
        }
        pieces.add(")");
    }

    private List<Field> byName(Schema columns) {
        List<Field> filled = new ArrayList<>();
        for (String name : columns.names()) {
            filled.add(
                    target.schema()
                            .find(name)
                            .orElseThrow(() ->
                                    StatementErrors.noColumnFor(
                                            ground.text(),
                                            name,
                                            target.name(),
                                            target.schema().names())));
        }
        return filled;
    }

    private List<Field> byPosition(List<Field> listed, Schema columns) {
        List<Field> filled = listed.isEmpty() ? target.schema().fields() : listed;
        if (columns.fields().size() != filled.size()) {
            throw StatementErrors.columnCount(
                    ground.text(), target.name(), filled.size(), columns.fields().size());
        }
        return filled;
    }

    private void requireRest(List<Field> filled) {
        List<String> missing =
                target.schema().fields().stream()
                        .filter(f -> f.required() && f.initialDefault().isEmpty())
                        .filter(f -> !filled.contains(f))
                        .map(Field::name)
                        .toList();
        if (!missing.isEmpty()) {
            throw StatementErrors.valuesMissing(ground.text(), target.name(), missing);
        }
    }

    private SqlText whole(SqlText given, List<Field> filled) {
        StringBuilder defaults = new StringBuilder();
        for (Field field : target.schema().fields()) {
            if (!filled.contains(field) && field.initialDefault().isPresent()) {
                defaults.append(", ")
                        .append(TargetTable.otherwise(field).sql())
                        .append(" as ")
                        .append(Type.quoted(field.name()));
            }
        }
        return Sql.around(
                "select *" + defaults + " from (\n", given, "\n) as q(" + names(filled) + ")");
    }

    private static String names(List<Field> fields) {
        return fields.stream().map(f -> Type.quoted(f.name())).collect(Collectors.joining(", "));
    }

    private TarnException explain(
            TarnException failure, SqlText given, List<Field> filled, SqlText rows) {
        if (failure.code() != ErrorCode.DATA_INVALID) {
            return failure;
        }
        Violations violations = new Violations(ground, target);
        for (Field field : filled) {
            if (field.required()) {
                SqlText nulls =
                        Sql.around(
                                "from (\n",
                                rows,
                                "\n) where %s is null".formatted(Type.quoted(field.name())));
                long count = ground.count(Sql.around("select count(*) ", nulls, ""));
                if (count > 0) {
                    return StatementErrors.nulls(
                            ground.text(), target.name(), field, count, firstOf(nulls, filled));
                }
            }
        }
        List<Violations.Candidate> candidates = new ArrayList<>();
        for (Field field : filled) {
            candidates.add(
                    new Violations.Candidate(
                            field,
                            Sql.around(
                                    "select %s as wrong_value from (\n"
                                            .formatted(Type.quoted(field.name())),
                                    given,
                                    "\n) as q(" + names(filled) + ")")));
        }
        return violations.explain(failure, candidates);
    }

    private java.util.Optional<String> firstOf(SqlText from, List<Field> filled) {
        String columns =
                filled.stream()
                        .limit(4)
                        .map(f -> Type.quoted(f.name()) + " := " + Type.quoted(f.name()))
                        .collect(Collectors.joining(", "));
        try (var found =
                ground.session()
                        .query(
                                Sql.around(
                                        "select cast(struct_pack(" + columns + ") as varchar) ",
                                        from,
                                        " limit 1"))) {
            return found.next()
                    ? java.util.Optional.of(String.valueOf(found.value(0)))
                    : java.util.Optional.empty();
        }
    }
}
