package dev.tarn.run;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Relation.Places;
import dev.tarn.sql.statement.SqlPieces;
import dev.tarn.sql.statement.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes values of rows. */
final class UpdateStatement {
    private final StatementGround ground;
    private final Statement.Update update;
    private final TargetTable target;
    private final Map<String, SqlText> values = new LinkedHashMap<>();

    UpdateStatement(StatementGround ground, Statement.Update update) {
        this.ground = ground;
        this.update = update;
        this.target = new TargetTable(ground, update.target());
        Set<String> seen = new HashSet<>();
        for (Statement.Assignment assignment : update.assignments()) {
            Field field = target.field(assignment.column());
            target.requireOnce(seen, assignment.column(), field);
            values.put(field.name(), value(assignment.value(), field));
        }
    }

    private SqlText value(Statement.Value value, Field field) {
        return switch (value) {
            case Statement.Value.Expression expression -> target.seen(expression.sql());
            case Statement.Value.Default other -> TargetTable.otherwise(field);
        };
    }

    StatementOutcome execute() {
        ground.guard(rows(newValues(""), target.plain()));
        String places =
                "%s, %s, %s, true as %s"
                        .formatted(
                                target.column(Places.FILE),
                                target.column(Places.POSITION),
                                target.column(Places.ROW_ID),
                                ChangedRows.WRITTEN);
        SqlText rows =
                rows(
                        newValues((update.from().isPresent() ? "distinct " : "") + places),
                        target.from());
        long changed;
        try {
            changed = ground.session().stage(ChangedRows.STAGED, rows);
        } catch (TarnException failure) {
            throw new Violations(ground, target).explain(failure, candidates());
        }
        if (changed > 0) {
            Violations violations = new Violations(ground, target);
            if (update.from().isPresent()) {
                violations.refuseDoubles("true");
            }
            violations.refuseNulls(values.keySet());
            target.found()
                    .replace(
                            ground.context(),
                            new ChangedRows(ground.context(), target.rows(), "update")
                                    .apply()
                                    .pointer());
        }
        return StatementOutcome.of(
                "update", target.name(), new StatementOutcome.Counts(0, changed, 0));
    }

    /** All columns as they are to be. */
    private SqlText newValues(String before) {
        SqlPieces pieces = new SqlPieces().add(before);
        String separator = before.isEmpty() ? "" : ", ";
        for (Field field : target.schema().fields()) {
            pieces.add(separator);
            separator = ", ";
            SqlText value = values.get(field.name());
            if (value == null) {
                pieces.add(target.column(field.name()));
            } else {
                TargetTable.cast(pieces, value, field);
            }
            pieces.add(" as " + Type.quoted(field.name()));
        }
        return pieces.text();
    }

    private SqlText rows(SqlText columns, String from) {
        SqlPieces pieces = new SqlPieces();
        update.with().ifPresent(with -> pieces.add(with).add("\n"));
        pieces.add("select ").add(columns).add(" from " + from);
        update.from().ifPresent(more -> pieces.add(", ").add(target.seen(more)).add("\n"));
        update.where()
                .ifPresent(where -> pieces.add(" where (").add(target.seen(where)).add("\n)"));
        return pieces.text();
    }

    private List<Violations.Candidate> candidates() {
        List<Violations.Candidate> candidates = new ArrayList<>();
        values.forEach((name, value) -> {
            Field field = target.schema().find(name).orElseThrow();
            SqlText columns = new SqlPieces().add("(").add(value).add("\n) as wrong_value").text();
            candidates.add(new Violations.Candidate(field, rows(columns, target.plain())));
        });
        return candidates;
    }
}
