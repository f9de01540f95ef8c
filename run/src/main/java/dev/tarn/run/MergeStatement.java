package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation.Places;
import dev.tarn.sql.statement.SqlPieces;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Statement.Match;
import dev.tarn.sql.statement.Statement.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings the rows of a source into a table. The source is kept first; then one join of both decides
 * for each pair which branch applies and what the row becomes.
 */
final class MergeStatement {
    static final TableName SOURCE = new TableName("tarn_stage", "merge_source");

    /** Tells that a row of the source takes part in a pair. */
    static final String THERE = "__tarn_there";

    /** Which branch a staged row comes from, counted from 0. */
    static final String BRANCH = "__tarn_branch";

    private final StatementGround ground;
    private final Statement.Merge merge;
    private final TargetTable target;

    MergeStatement(StatementGround ground, Statement.Merge merge) {
        this(ground, merge, new TargetTable(ground, merge.target()));
    }

    MergeStatement(StatementGround ground, Statement.Merge merge, TargetTable target) {
        this.ground = ground;
        this.merge = merge;
        this.target = target;
    }

    /** What a merge made; nobody sees it yet. */
    record Merged(TableWriter.Written written, StatementOutcome.Counts counts) {}

    StatementOutcome execute() {
        Merged merged = merged();
        target.found().replace(ground.context(), merged.written().pointer());
        return StatementOutcome.of("merge", target.name(), merged.counts());
    }

    Merged merged() {
        SqlText source = source();
        Schema columns = ground.describe(source);
        MergeBranches branches = new MergeBranches(merge, target, columns);
        SqlText match = match(columns);
        ground.guard(guarded(source, match, branches));
        requireOneSide(Side.NOT_MATCHED, "(\n", source, "\n) as " + sourceAlias(), branches);
        requireOneSide(Side.NOT_MATCHED_BY_SOURCE, target.from(), SqlText.of(""), "", branches);
        long sources =
                ground.session()
                        .stage(
                                SOURCE,
                                Sql.around(
                                        "select *, true as " + THERE + " from (\n", source, "\n)"));
        if (sources == 0 && !has(Side.NOT_MATCHED_BY_SOURCE)) {
            return unchanged();
        }
        SqlText bounded =
                has(Side.NOT_MATCHED_BY_SOURCE)
                        ? match
                        : new MergeKeys(merge, target, columns).bounded(ground.session(), match);
        SqlText rows =
                rows(
                        target.from(),
                        SOURCE + " as " + sourceAlias(),
                        bounded,
                        branches.places(),
                        branches);
        long pairs;
        try {
            pairs = ground.session().stage(ChangedRows.STAGED, rows);
        } catch (TarnException failure) {
            throw new Violations(ground, target).explain(failure, candidates(branches, match));
        }
        return pairs == 0 ? unchanged() : changed();
    }

    private Merged unchanged() {
        return new Merged(
                new TableWriter.Written(target.found().pointer(), 0, 0),
                StatementOutcome.Counts.NONE);
    }

    private Merged changed() {
        refuseAsAsked();
        Violations violations = new Violations(ground, target);
        // That several rows want to delete the same one says the same several times.
        violations.refuseDoubles(ChangedRows.WRITTEN);
        violations.refuseNulls(target.schema().names());
        StatementOutcome.Counts counts = counts();
        return new Merged(
                new ChangedRows(ground.context(), target.rows(), "merge").apply(), counts);
    }

    /** A branch that is an error, and applies, is one. */
    private void refuseAsAsked() {
        for (int i = 0; i < merge.whens().size(); i++) {
            Statement.When when = merge.whens().get(i);
            if (when.action() instanceof Statement.Action.Refuse refuse) {
                SqlText count =
                        SqlText.of(
                                "select count(*) from %s where %s = %d"
                                        .formatted(ChangedRows.STAGED, BRANCH, i));
                try (QueryResult rows = ground.session().query(count)) {
                    long found = rows.next() ? number(rows.value(0)).longValue() : 0;
                    if (found > 0) {
                        throw StatementErrors.refusedByMerge(
                                when.written(), target.name(), found, refuse.reason());
                    }
                }
            }
        }
    }

    private boolean has(Side side) {
        return merge.whens().stream().anyMatch(w -> w.side() == side);
    }

    private String sourceAlias() {
        return Type.quoted(merge.source().alias());
    }

    /** The rows of the source, under the names the statement has for its columns. */
    private SqlText source() {
        SqlPieces pieces = new SqlPieces();
        merge.with().ifPresent(with -> pieces.add(with).add("\n"));
        pieces.add("select * from ").add(merge.source().relation());
        if (!merge.source().columns().isEmpty()) {
            pieces.add(
                    " as q("
                            + merge.source().columns().stream()
                                    .map(Type::quoted)
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
        return pieces.text();
    }

    /** When rows match. */
    private SqlText match(Schema columns) {
        return switch (merge.match()) {
            case Match.On on -> seen(on.condition());
            case Match.Using using -> {
                List<String> equal = new ArrayList<>();
                for (Statement.ColumnRef column : using.columns()) {
                    Field field = target.field(column);
                    if (columns.find(column.name()).isEmpty()) {
                        throw StatementErrors.noColumn(
                                column, column.name(), SOURCE, columns.names());
                    }
                    equal.add(
                            target.column(field.name())
                                    + " = "
                                    + sourceAlias()
                                    + "."
                                    + Type.quoted(column.name()));
                }
                yield SqlText.of(String.join(" and ", equal));
            }
        };
    }

    private SqlText seen(SqlText text) {
        SqlText own = target.seen(text);
        return merge.source().name().map(name -> TargetTable.withoutSchema(own, name)).orElse(own);
    }

    /** What the statement asks, over the relations as anybody sees them. */
    private SqlText guarded(SqlText source, SqlText match, MergeBranches branches) {
        String before = "(\n";
        SqlText from = Sql.around(before, source, "\n) as " + sourceAlias());
        SqlPieces pieces = new SqlPieces();
        pieces.add("select ").add(branches.everything(this::seen));
        pieces.add(" from " + target.plain() + " join ").add(from);
        return pieces.add(" on (").add(match).add("\n)").text();
    }

    /** What is said of rows without a partner must do without the other side. */
    private void requireOneSide(
            Side side, String before, SqlText from, String after, MergeBranches branches) {
        branches.ofSide(side, this::seen)
                .ifPresent(said -> {
                    SqlPieces alone = new SqlPieces().add("select ").add(said);
                    alone.add(" from ").add(before).add(from).add(after);
                    try {
                        ground.session().describe(alone.text());
                    } catch (TarnException failure) {
                        boolean isOfOther =
                                ground.isGuarded()
                                        && Set.of(
                                                        ErrorCode.TABLE_NOT_FOUND,
                                                        ErrorCode.COLUMN_NOT_FOUND)
                                                .contains(failure.code());
                        throw isOfOther ? StatementErrors.otherSide(side, failure) : failure;
                    }
                });
    }

    private SqlText rows(
            String left, String right, SqlText match, String places, MergeBranches branches) {
        SqlPieces pieces = new SqlPieces();
        pieces.add("select * exclude (" + BRANCH + "), " + branches.written() + " as ");
        pieces.add(ChangedRows.WRITTEN + ", " + BRANCH + " from (\nselect ");
        pieces.add(places + ", ").add(branches.choice(this::seen)).add(" as " + BRANCH);
        pieces.add(branches.values(this::seen));
        pieces.add(" from " + left + " " + join() + " join " + right + " on (");
        pieces.add(match).add("\n)\n) where " + BRANCH + " is not null");
        return pieces.text();
    }

    private String join() {
        boolean targets = has(Side.NOT_MATCHED_BY_SOURCE);
        boolean sources = has(Side.NOT_MATCHED);
        if (targets) {
            return sources ? "full" : "left";
        }
        return sources ? "right" : "inner";
    }

    private StatementOutcome.Counts counts() {
        long inserted = 0;
        long updated = 0;
        long deleted = 0;
        String counted =
                "select %s, count(*), count(distinct (%s, %s)) from %s group by all"
                        .formatted(BRANCH, Places.FILE, Places.POSITION, ChangedRows.STAGED);
        try (QueryResult rows = ground.session().query(SqlText.of(counted))) {
            while (rows.next()) {
                int branch = number(rows.value(0)).intValue();
                switch (merge.whens().get(branch).action()) {
                    case Statement.Action.Insert i -> inserted += number(rows.value(1)).longValue();
                    case Statement.Action.InsertAll i ->
                            inserted += number(rows.value(1)).longValue();
                    case Statement.Action.Update u -> updated += number(rows.value(2)).longValue();
                    case Statement.Action.UpdateAll u ->
                            updated += number(rows.value(2)).longValue();
                    case Statement.Action.InsertInOrder i ->
                            inserted += number(rows.value(1)).longValue();
                    case Statement.Action.UpdateInOrder u ->
                            updated += number(rows.value(2)).longValue();
                    case Statement.Action.Delete d -> deleted += number(rows.value(2)).longValue();
                    case Statement.Action.Nothing n -> {}
                    case Statement.Action.Refuse r -> {}
                }
            }
        }
        return new StatementOutcome.Counts(inserted, updated, deleted);
    }

    private static Number number(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Number number ? number : 0;
    }

    private List<Violations.Candidate> candidates(MergeBranches branches, SqlText match) {
        List<Violations.Candidate> candidates = new ArrayList<>();
        branches.assigned(this::seen)
                .forEach(assigned -> {
                    SqlPieces pieces = new SqlPieces();
                    pieces.add("select (").add(assigned.value()).add("\n) as wrong_value from ");
                    pieces.add(target.from() + " " + join() + " join " + SOURCE + " as ");
                    pieces.add(sourceAlias() + " on (").add(match).add("\n) where ");
                    pieces.add(branches.choice(this::seen)).add(" = " + assigned.branch());
                    candidates.add(new Violations.Candidate(assigned.field(), pieces.text()));
                });
        return candidates;
    }
}
