package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Statement.Action;
import dev.tarn.sql.statement.Statement.ColumnRef;
import dev.tarn.sql.statement.Statement.Match;
import dev.tarn.sql.statement.Statement.Side;
import dev.tarn.sql.statement.Statement.Source;
import dev.tarn.sql.statement.Statement.Target;
import dev.tarn.sql.statement.Statement.Value;
import dev.tarn.sql.statement.Statement.When;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads MERGE INTO. */
final class MergeParser {
    private final Cursor cursor;
    private final Optional<SqlText> with;
    private final RowStatementParser rows;

    MergeParser(Cursor cursor, Optional<SqlText> with) {
        this.cursor = cursor;
        this.with = with;
        this.rows = new RowStatementParser(cursor, with);
    }

    Statement merge() {
        cursor.expect("merge", "into");
        Target target = rows.target("using");
        cursor.expect("using");
        Source source = source();
        Match match = match();
        List<When> whens = new ArrayList<>();
        while (cursor.have("when")) {
            whens.add(when());
        }
        if (whens.isEmpty()) {
            throw cursor.expected("WHEN MATCHED or WHEN NOT MATCHED");
        }
        if (cursor.have("returning")) {
            throw cursor.unsupported(
                    "RETURNING", "Leave it out: how many rows changed is told anyway.");
        }
        cursor.end();
        return new Statement.Merge(cursor.text(), with, target, source, match, whens);
    }

    private Source source() {
        int start = cursor.at();
        Optional<Name> name = Optional.empty();
        String alias = "source";
        if (cursor.have("(")) {
            cursor.group();
        } else {
            Name found = cursor.name("a table or a query in parentheses");
            if (cursor.have("(")) {
                cursor.group();
            } else if (!cursor.skipTime()) {
                name = Optional.of(found);
            }
            alias = found.table();
        }
        SqlText relation = cursor.fragment(start, cursor.at());
        boolean named = cursor.skip("as");
        if (named || (cursor.peek().isName() && !cursor.have("on") && !cursor.have("using"))) {
            alias = cursor.identifier("another name for the source");
            name = Optional.empty();
        }
        if (cursor.skipTime()) {
            relation = cursor.fragment(start, cursor.at());
        }
        List<String> columns =
                cursor.have("(")
                        ? cursor.columns().stream().map(ColumnRef::name).toList()
                        : List.of();
        return new Source(relation, name, alias, columns);
    }

    private Match match() {
        if (cursor.skip("using")) {
            return new Match.Using(cursor.columns());
        }
        cursor.expect("on");
        return new Match.On(cursor.until("a condition", "when"));
    }

    private When when() {
        int start = cursor.at();
        cursor.expect("when");
        Side side;
        if (cursor.skip("matched")) {
            side = Side.MATCHED;
        } else {
            cursor.expect("not", "matched");
            side = Side.NOT_MATCHED;
            if (cursor.skip("by", "source")) {
                side = Side.NOT_MATCHED_BY_SOURCE;
            } else if (cursor.skip("by")) {
                cursor.expect("target");
            }
        }
        Optional<SqlText> condition =
                cursor.skip("and")
                        ? Optional.of(cursor.until("a condition", "then"))
                        : Optional.empty();
        cursor.expect("then");
        Action action = action(side);
        return new When(side, condition, action, cursor.fragment(start, cursor.at()));
    }

    private Action action(Side side) {
        if (cursor.skip("do", "nothing")) {
            return new Action.Nothing();
        }
        if (cursor.skip("error")) {
            return new Action.Refuse(
                    ends() ? Optional.empty() : Optional.of(cursor.string("a text in quotes")));
        }
        if (side == Side.NOT_MATCHED) {
            if (!cursor.skip("insert")) {
                throw cursor.expected("INSERT, DO NOTHING or ERROR");
            }
            return insert();
        }
        if (cursor.skip("delete")) {
            return new Action.Delete();
        }
        if (!cursor.skip("update")) {
            throw cursor.expected("UPDATE, DELETE, DO NOTHING or ERROR");
        }
        boolean set = cursor.skip("set");
        boolean all = set ? cursor.skip("*") : ends() || cursor.skip("by", "name");
        boolean inOrder = !set && !all && cursor.skip("by", "position");
        if ((all || inOrder) && side == Side.NOT_MATCHED_BY_SOURCE) {
            throw cursor.invalid(
                    "Where no row of the source matches there is none to take values from: name the"
                            + " columns to set.");
        }
        if (all) {
            return new Action.UpdateAll();
        }
        if (inOrder) {
            return new Action.UpdateInOrder();
        }
        if (!set) {
            throw cursor.expected("SET");
        }
        return new Action.Update(rows.assignments("when", "returning"));
    }

    private boolean ends() {
        return cursor.atEnd() || cursor.have("when") || cursor.have("returning");
    }

    private Action insert() {
        if (ends() || cursor.skip("*") || cursor.skip("by", "name")) {
            return new Action.InsertAll();
        }
        if (cursor.skip("by", "position") && ends()) {
            return new Action.InsertInOrder();
        }
        if (cursor.skip("default", "values")) {
            return new Action.Insert(List.of(), List.of());
        }
        List<ColumnRef> columns = cursor.have("(") ? cursor.columns() : List.of();
        cursor.expect("values");
        List<Value> values = rows.tuple();
        if (!columns.isEmpty() && columns.size() != values.size()) {
            throw cursor.invalid(
                    "%d columns are to be filled with %d values."
                            .formatted(columns.size(), values.size()));
        }
        return new Action.Insert(columns, values);
    }
}
