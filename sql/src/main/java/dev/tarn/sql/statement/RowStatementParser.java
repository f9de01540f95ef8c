package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Statement.Assignment;
import dev.tarn.sql.statement.Statement.ColumnRef;
import dev.tarn.sql.statement.Statement.Matching;
import dev.tarn.sql.statement.Statement.Rows;
import dev.tarn.sql.statement.Statement.Target;
import dev.tarn.sql.statement.Statement.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads INSERT, DELETE and UPDATE, and the parts that MERGE shares with them. */
final class RowStatementParser {
    static final String A_TABLE = "the name of a table";
    private static final String RETURNING =
            "Leave it out and select from the table afterwards: statements see what those before"
                    + " them did.";

    private final Cursor cursor;
    private final Optional<SqlText> with;

    RowStatementParser(Cursor cursor, Optional<SqlText> with) {
        this.cursor = cursor;
        this.with = with;
    }

    Statement insert() {
        cursor.expect("insert");
        if (cursor.have("or")) {
            throw cursor.unsupported(
                    "INSERT OR " + cursor.peek(1).text().toUpperCase(java.util.Locale.ROOT),
                    "Tables have no unique keys; MERGE INTO … ON … says which rows are meant.");
        }
        if (cursor.have("overwrite")) {
            throw cursor.unsupported(
                    "INSERT OVERWRITE", "Write TRUNCATE or DELETE first: both are one step.");
        }
        cursor.expect("into");
        cursor.skip("table");
        Name name = cursor.name(A_TABLE);
        Optional<String> alias =
                cursor.skip("as")
                        ? Optional.of(cursor.identifier("another name for the table"))
                        : Optional.empty();
        Matching matching = Matching.BY_POSITION;
        List<ColumnRef> columns = List.of();
        if (cursor.have("(") && !isQuery(1)) {
            columns = cursor.columns();
        }
        if (cursor.skip("by", "name")) {
            matching = Matching.BY_NAME;
        } else {
            cursor.skip("by", "position");
        }
        Rows rows = rows();
        return new Statement.Insert(
                cursor.text(), with, new Target(name, alias), columns, matching, rows);
    }

    private boolean isQuery(int ahead) {
        int i = ahead;
        while (cursor.peek(i).is("(")) {
            i++;
        }
        Token token = cursor.peek(i);
        return token.is("select") || token.is("with") || token.is("from") || token.is("values");
    }

    private Rows rows() {
        if (cursor.skip("default", "values")) {
            cursor.end();
            return new Rows.Defaults();
        }
        int start = cursor.at();
        int conflict = cursor.find(Set.of("on", "returning"));
        cursor.moveTo(start);
        if (cursor.have("values")) {
            Optional<Rows> written = values();
            if (written.isPresent()) {
                refuseTail();
                return written.get();
            }
            cursor.moveTo(start);
        }
        if (conflict > start && !endsAt(conflict)) {
            cursor.moveTo(conflict);
            if (cursor.have("returning") || cursor.have("on", "conflict")) {
                refuseTail();
            }
            cursor.moveTo(start);
        }
        return new Rows.Of(cursor.rest("VALUES or a query"));
    }

    private boolean endsAt(int index) {
        int now = cursor.at();
        cursor.moveTo(index);
        boolean end = cursor.atEnd();
        cursor.moveTo(now);
        return end;
    }

    /** Rows that end the statement; anything else that begins with VALUES is a query. */
    private Optional<Rows> values() {
        int start = cursor.at();
        cursor.expect("values");
        List<List<Value>> rows = new ArrayList<>();
        do {
            rows.add(tuple());
        } while (cursor.skip(","));
        boolean whole = cursor.atEnd() || cursor.have("on", "conflict") || cursor.have("returning");
        return whole
                ? Optional.of(new Rows.Values(cursor.fragment(start, cursor.at()), rows))
                : Optional.empty();
    }

    private void refuseTail() {
        if (cursor.have("on", "conflict")) {
            throw cursor.unsupported(
                    "ON CONFLICT",
                    "Tables have no unique keys; MERGE INTO … ON … says which rows are meant.");
        }
        if (cursor.have("returning")) {
            throw cursor.unsupported("RETURNING", RETURNING);
        }
        cursor.end();
    }

    /** Values in parentheses. */
    List<Value> tuple() {
        cursor.expect("(");
        List<Value> values = new ArrayList<>();
        do {
            values.add(value("a value", ","));
        } while (cursor.skip(","));
        cursor.expect(")");
        return values;
    }

    private Value value(String what, String... stops) {
        Token after = cursor.peek(1);
        boolean alone = after.text().isEmpty() || after.is(",") || after.is(")");
        for (String stop : stops) {
            alone |= after.is(stop);
        }
        if (alone && cursor.skip("default")) {
            return new Value.Default();
        }
        return new Value.Expression(cursor.until(what, stops));
    }

    Statement delete() {
        cursor.expect("delete");
        cursor.expect("from");
        Target target = target("using", "where", "returning");
        Optional<SqlText> using =
                cursor.skip("using")
                        ? Optional.of(cursor.until("a table", "where", "returning"))
                        : Optional.empty();
        return new Statement.Delete(cursor.text(), with, target, using, where());
    }

    Statement update() {
        cursor.expect("update");
        Target target = target("set");
        cursor.expect("set");
        List<Assignment> assignments = assignments("from", "where", "returning");
        Optional<SqlText> from =
                cursor.skip("from")
                        ? Optional.of(cursor.until("a table", "where", "returning"))
                        : Optional.empty();
        return new Statement.Update(cursor.text(), with, target, assignments, from, where());
    }

    private Optional<SqlText> where() {
        Optional<SqlText> where =
                cursor.skip("where")
                        ? Optional.of(cursor.until("a condition", "returning"))
                        : Optional.empty();
        refuseTail();
        return where;
    }

    /** A table and perhaps another name for it, which is none of the words that may follow. */
    Target target(String... following) {
        Name name = cursor.name(A_TABLE);
        if (cursor.skip("as")) {
            return new Target(name, Optional.of(cursor.identifier("another name for the table")));
        }
        Token next = cursor.peek();
        boolean keyword = false;
        for (String word : following) {
            keyword |= next.is(word);
        }
        return new Target(
                name,
                next.isName() && !keyword ? Optional.of(cursor.next().name()) : Optional.empty());
    }

    /** What follows SET, up to one of some words. */
    List<Assignment> assignments(String... stops) {
        String[] ends = java.util.Arrays.copyOf(stops, stops.length + 1);
        ends[stops.length] = ",";
        List<Assignment> assignments = new ArrayList<>();
        do {
            if (cursor.have("(")) {
                assignments.addAll(several());
            } else {
                ColumnRef column = cursor.column();
                cursor.expect("=");
                assignments.add(new Assignment(column, value("a value", ends)));
            }
        } while (cursor.skip(","));
        return assignments;
    }

    private List<Assignment> several() {
        List<ColumnRef> columns = cursor.columns();
        cursor.expect("=");
        cursor.skip("row");
        if (cursor.have("(") && isQuery(1)) {
            throw cursor.unsupported(
                    "Setting several columns from one subquery",
                    "Write UPDATE … SET … FROM (the query) AS q WHERE …, or MERGE INTO.");
        }
        List<Value> values = tuple();
        if (values.size() != columns.size()) {
            throw cursor.invalid(
                    "%d columns are set to %d values.".formatted(columns.size(), values.size()));
        }
        List<Assignment> assignments = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            assignments.add(new Assignment(columns.get(i), values.get(i)));
        }
        return assignments;
    }
}
