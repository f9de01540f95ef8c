package dev.tarn.run;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Relation.Places;
import dev.tarn.sql.statement.SqlPieces;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Statement.Action;
import dev.tarn.sql.statement.Statement.Side;
import dev.tarn.sql.statement.Statement.When;
import dev.tarn.sql.statement.Tokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The branches of a merge, as expressions over a pair of rows. */
final class MergeBranches {
    private final Statement.Merge merge;
    private final TargetTable target;
    private final Schema source;
    private final List<Map<String, SqlText>> values = new ArrayList<>();

    /** A value that a branch gives to a column. */
    record Assigned(int branch, Field field, SqlText value) {}

    MergeBranches(Statement.Merge merge, TargetTable target, Schema source) {
        this.merge = merge;
        this.target = target;
        this.source = source;
        for (When when : merge.whens()) {
            values.add(assigned(when));
        }
    }

    /** What each column that a branch speaks of becomes. */
    private Map<String, SqlText> assigned(When when) {
        return switch (when.action()) {
            case Action.Update update -> assignments(when, update);
            case Action.UpdateAll all -> ofSource(when, false);
            case Action.Insert insert -> inserted(when, insert);
            case Action.InsertAll all -> ofSource(when, true);
            case Action.UpdateInOrder all -> inOrder(when);
            case Action.InsertInOrder all -> inOrder(when);
            case Action.Delete delete -> Map.of();
            case Action.Nothing nothing -> Map.of();
            case Action.Refuse refuse -> Map.of();
        };
    }

    private Map<String, SqlText> assignments(When when, Action.Update update) {
        Map<String, SqlText> assigned = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (Statement.Assignment assignment : update.assignments()) {
            Field field = target.field(assignment.column());
            target.requireOnce(seen, assignment.column(), field);
            assigned.put(field.name(), value(when, assignment.value(), field));
        }
        return assigned;
    }

    /** What is said of a pair, over the rows that it can have. */
    private SqlText sided(When when, SqlText text) {
        String theirs = Type.quoted(merge.source().alias());
        return switch (when.side()) {
            case MATCHED -> text;
            case NOT_MATCHED -> new OneSide(source, target.schema(), theirs).of(text);
            case NOT_MATCHED_BY_SOURCE ->
                    new OneSide(target.schema(), source, target.alias()).of(text);
        };
    }

    private SqlText value(When when, Statement.Value value, Field field) {
        return switch (value) {
            case Statement.Value.Expression expression -> sided(when, expression.sql());
            case Statement.Value.Default other -> TargetTable.otherwise(field);
        };
    }

    private Map<String, SqlText> ofSource(When when, boolean whole) {
        Map<String, SqlText> assigned = new LinkedHashMap<>();
        for (String name : source.names()) {
            Field field =
                    target.schema()
                            .find(name)
                            .orElseThrow(() ->
                                    StatementErrors.noColumnFor(
                                            when.written(),
                                            name,
                                            target.name(),
                                            target.schema().names()));
            assigned.put(field.name(), theirs(name));
        }
        return whole ? withDefaults(when, assigned) : assigned;
    }

    private SqlText theirs(String column) {
        return SqlText.of(Type.quoted(merge.source().alias()) + "." + Type.quoted(column));
    }

    /** The first column of the source becomes the first of the target, and so on. */
    private Map<String, SqlText> inOrder(When when) {
        List<Field> fields = target.schema().fields();
        List<String> names = source.names();
        if (fields.size() != names.size()) {
            throw StatementErrors.columnsInOrder(
                    when.written(), target.name(), fields.size(), names.size());
        }
        Map<String, SqlText> assigned = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            assigned.put(fields.get(i).name(), theirs(names.get(i)));
        }
        return assigned;
    }

    private Map<String, SqlText> inserted(When when, Action.Insert insert) {
        Map<String, SqlText> assigned = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        List<Field> fields = new ArrayList<>();
        for (Statement.ColumnRef column : insert.columns()) {
            Field field = target.field(column);
            target.requireOnce(seen, column, field);
            fields.add(field);
        }
        if (fields.isEmpty() && !insert.values().isEmpty()) {
            fields.addAll(target.schema().fields());
        }
        if (fields.size() != insert.values().size()) {
            throw StatementErrors.columnCount(
                    when.written(), target.name(), fields.size(), insert.values().size());
        }
        for (int i = 0; i < fields.size(); i++) {
            assigned.put(fields.get(i).name(), value(when, insert.values().get(i), fields.get(i)));
        }
        return withDefaults(when, assigned);
    }

    private Map<String, SqlText> withDefaults(When when, Map<String, SqlText> assigned) {
        List<String> missing = new ArrayList<>();
        for (Field field : target.schema().fields()) {
            if (!assigned.containsKey(field.name())) {
                assigned.put(field.name(), TargetTable.otherwise(field));
                if (field.required() && field.initialDefault().isEmpty()) {
                    missing.add(field.name());
                }
            }
        }
        if (!missing.isEmpty()) {
            throw StatementErrors.valuesMissing(when.written(), target.name(), missing);
        }
        return assigned;
    }

    /** Where the row of the target stands; rows that are inserted have no place. */
    String places() {
        return "%s as %s, %s as %s, %s as %s"
                .formatted(
                        target.column(Places.FILE),
                        Places.FILE,
                        target.column(Places.POSITION),
                        Places.POSITION,
                        target.column(Places.ROW_ID),
                        Places.ROW_ID);
    }

    /** Whether a staged row is to be written. */
    String written() {
        List<String> writing = new ArrayList<>();
        for (int i = 0; i < merge.whens().size(); i++) {
            if (writes(i)) {
                writing.add(Integer.toString(i));
            }
        }
        return writing.isEmpty()
                ? "false"
                : MergeStatement.BRANCH + " in (" + String.join(", ", writing) + ")";
    }

    /** The number of the branch that applies; null for none, and for one that does nothing. */
    SqlText choice(UnaryOperator<SqlText> seen) {
        SqlPieces pieces = new SqlPieces().add("case");
        for (int i = 0; i < merge.whens().size(); i++) {
            When when = merge.whens().get(i);
            pieces.add(" when " + pair(when.side()));
            when.condition()
                    .map(c -> seen.apply(sided(when, c)))
                    .ifPresent(c -> pieces.add(" and (").add(c).add("\n)"));
            pieces.add(when.action() instanceof Action.Nothing ? " then null" : " then " + i);
        }
        return pieces.add(" end").text();
    }

    private String pair(Side side) {
        String ours = target.column(Places.FILE);
        String theirs = Type.quoted(merge.source().alias()) + "." + MergeStatement.THERE;
        return switch (side) {
            case MATCHED -> ours + " is not null and " + theirs;
            case NOT_MATCHED -> ours + " is null";
            case NOT_MATCHED_BY_SOURCE -> theirs + " is null";
        };
    }

    /** Every column of the target as the chosen branch leaves it, after a comma. */
    SqlText values(UnaryOperator<SqlText> seen) {
        SqlPieces pieces = new SqlPieces();
        SqlText chosen = chosen(seen);
        for (Field field : target.schema().fields()) {
            String none = "cast(null as " + field.type().sql() + ")";
            boolean any = IntStream.range(0, values.size()).anyMatch(this::writes);
            if (any) {
                pieces.add(", case ").add(chosen);
            } else {
                pieces.add(", " + none);
            }
            for (int i = 0; i < merge.whens().size(); i++) {
                if (!writes(i)) {
                    continue;
                }
                pieces.add(" when " + i + " then ");
                SqlText value = values.get(i).get(field.name());
                if (value == null) {
                    pieces.add(target.column(field.name()));
                } else {
                    TargetTable.cast(pieces, seen.apply(value), field);
                }
            }
            pieces.add(any ? " else " + none + " end as " : " as ");
            pieces.add(Type.quoted(field.name()));
        }
        return pieces.text();
    }

    /** The branch by its name; a choice with a subquery has to be written out where it is used. */
    private SqlText chosen(UnaryOperator<SqlText> seen) {
        boolean asks =
                merge.whens().stream()
                        .flatMap(w -> w.condition().stream())
                        .flatMap(c -> Tokens.of(c).stream())
                        .anyMatch(t -> t.is("select") || t.is("from"));
        return asks ? choice(seen) : SqlText.of(MergeStatement.BRANCH);
    }

    private boolean writes(int branch) {
        return switch (merge.whens().get(branch).action()) {
            case Action.Update u -> true;
            case Action.UpdateAll u -> true;
            case Action.Insert i -> true;
            case Action.InsertAll i -> true;
            case Action.UpdateInOrder u -> true;
            case Action.InsertInOrder i -> true;
            case Action.Delete d -> false;
            case Action.Nothing n -> false;
            case Action.Refuse r -> false;
        };
    }

    /** Every value of every branch. */
    List<Assigned> assigned(UnaryOperator<SqlText> seen) {
        List<Assigned> assigned = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            int branch = i;
            values.get(i)
                    .forEach((name, value) ->
                            assigned.add(
                                    new Assigned(
                                            branch,
                                            target.schema().find(name).orElseThrow(),
                                            seen.apply(value))));
        }
        return assigned;
    }

    /** What is written of rows of one side, as a list for SELECT; empty when nothing is. */
    Optional<SqlText> ofSide(Side side, UnaryOperator<SqlText> seen) {
        SqlPieces pieces = new SqlPieces().add("1");
        int written = 0;
        for (int i = 0; i < merge.whens().size(); i++) {
            When when = merge.whens().get(i);
            if (when.side() != side) {
                continue;
            }
            List<SqlText> texts = new ArrayList<>();
            when.condition().ifPresent(c -> texts.add(sided(when, c)));
            if (when.action() instanceof Action.Update || when.action() instanceof Action.Insert) {
                texts.addAll(values.get(i).values());
            }
            for (SqlText text : texts) {
                pieces.add(", (").add(seen.apply(text)).add("\n)");
                written++;
            }
        }
        return written == 0 ? Optional.empty() : Optional.of(pieces.text());
    }

    /** All conditions and values, as a list for SELECT. */
    SqlText everything(UnaryOperator<SqlText> seen) {
        SqlPieces pieces = new SqlPieces().add("1");
        for (When when : merge.whens()) {
            when.condition()
                    .map(c -> seen.apply(sided(when, c)))
                    .ifPresent(c -> pieces.add(", (").add(c).add("\n)"));
        }
        for (Assigned each : assigned(seen)) {
            pieces.add(", ");
            TargetTable.cast(pieces, each.value(), each.field());
        }
        return pieces.text();
    }
}
