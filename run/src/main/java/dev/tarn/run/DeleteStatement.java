package dev.tarn.run;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Relation.Places;
import dev.tarn.sql.statement.SqlPieces;
import dev.tarn.sql.statement.Statement;
import java.util.List;

/** Takes rows away. */
final class DeleteStatement {
    private final StatementGround ground;
    private final Statement.Delete delete;
    private final TargetTable target;

    DeleteStatement(StatementGround ground, Statement.Delete delete) {
        this.ground = ground;
        this.delete = delete;
        this.target = new TargetTable(ground, delete.target());
    }

    static StatementOutcome truncate(StatementGround ground, Statement.Truncate truncate) {
        StatementTable found = ground.writable(truncate.name());
        return StatementOutcome.of("truncate", found.name(), empty(ground.context(), found));
    }

    private static StatementOutcome.Counts empty(TaskContext context, StatementTable found) {
        long rows =
                context.tables()
                        .state(found.pointer())
                        .current()
                        .map(TableState.Snapshot::totalRows)
                        .orElse(0L);
        if (rows > 0) {
            TablePointer next =
                    context.tables().overwrite(found.pointer(), List.of(), context.summary());
            found.replace(context, next);
        }
        return StatementOutcome.Counts.deleted(rows);
    }

    StatementOutcome execute() {
        if (delete.where().isEmpty() && delete.using().isEmpty()) {
            return outcome(empty(ground.context(), target.found()));
        }
        ground.guard(rows("1", target.plain()));
        SqlText rows =
                rows(
                        "distinct %s, %s"
                                .formatted(
                                        target.column(Places.FILE), target.column(Places.POSITION)),
                        target.from());
        long gone = ground.session().stage(ChangedRows.STAGED, rows);
        if (gone > 0) {
            TablePointer next =
                    new ChangedRows(ground.context(), target.rows(), "delete").apply().pointer();
            target.found().replace(ground.context(), next);
        }
        return outcome(StatementOutcome.Counts.deleted(gone));
    }

    private StatementOutcome outcome(StatementOutcome.Counts counts) {
        return StatementOutcome.of("delete", target.name(), counts);
    }

    private SqlText rows(String columns, String from) {
        SqlPieces pieces = new SqlPieces();
        delete.with().ifPresent(with -> pieces.add(with).add("\n"));
        pieces.add("select " + columns + " from " + from);
        delete.using().ifPresent(using -> pieces.add(", ").add(target.seen(using)).add("\n"));
        delete.where()
                .ifPresent(where -> pieces.add(" where (").add(target.seen(where)).add("\n)"));
        return pieces.text();
    }
}
