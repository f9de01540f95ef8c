package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.Name;
import dev.tarn.sql.statement.SqlPieces;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Token;
import dev.tarn.sql.statement.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table whose rows a statement changes. In the session it is there twice: under its own name,
 * and under another one where its rows tell where they stand.
 */
final class TargetTable {
    private final StatementTable found;
    private final PlacedTable rows;
    private final Name written;
    private final Optional<String> alias;

    TargetTable(StatementGround ground, Statement.Target target) {
        this(ground, target, ground.writable(target.name()));
    }

    /**
     * @param found what the target's name stands for
     */
    TargetTable(StatementGround ground, Statement.Target target, StatementTable found) {
        this.written = target.name();
        this.alias = target.alias();
        this.found = found;
        rows =
                new PlacedTable(
                        ground.session(), ground.context().tables(), found.name(), found.pointer());
    }

    PlacedTable rows() {
        return rows;
    }

    StatementTable found() {
        return found;
    }

    TableName name() {
        return found.name();
    }

    Schema schema() {
        return rows.schema();
    }

    /** Where its rows tell where they stand. */
    TableName placed() {
        return rows.placed();
    }

    /** The name that the statement has for it. */
    String alias() {
        return Type.quoted(alias.orElse(found.name().table()));
    }

    /** The table in a FROM, its rows with their places. */
    String from() {
        return rows.from() + " as " + alias();
    }

    /** The table in a FROM, as anybody sees it. */
    String plain() {
        return quoted(found.name()) + " as " + alias();
    }

    private static String quoted(TableName name) {
        return Type.quoted(name.schema()) + "." + Type.quoted(name.table());
    }

    /** A column in an expression. */
    String column(String name) {
        return alias() + "." + Type.quoted(name);
    }

    /** Whether a name before a column means this table. */
    boolean isNamed(String name) {
        return alias.orElse(found.name().table()).equalsIgnoreCase(name);
    }

    /** The column that a statement wants to fill. */
    Field field(Statement.ColumnRef column) {
        List<String> path = column.path();
        boolean qualified = path.size() == 2 && isNamed(path.getFirst());
        String name = qualified ? path.getLast() : path.getFirst();
        if (path.size() > (qualified ? 2 : 1)) {
            throw StatementErrors.partOfColumn(column);
        }
        return schema().find(name)
                .orElseThrow(() ->
                        StatementErrors.noColumn(column, name, found.name(), schema().names()));
    }

    /** Every column once. */
    void requireOnce(Set<String> seen, Statement.ColumnRef column, Field field) {
        if (!seen.add(field.name())) {
            throw StatementErrors.columnTwice(column, field.name());
        }
    }

    /**
     * What somebody wrote about the table, as the session understands it: there the table stands in
     * another schema, so a schema before its name goes.
     */
    SqlText seen(SqlText text) {
        return alias.isPresent() ? text : withoutSchema(text, written);
    }

    /** Blanks what stands before the last part of a name where a column follows. */
    static SqlText withoutSchema(SqlText text, Name name) {
        int before = name.parts().size() - 1;
        if (before == 0) {
            return text;
        }
        List<Token> tokens = Tokens.of(text);
        StringBuilder sql = new StringBuilder(text.sql());
        int length = 2 * name.parts().size() + 1;
        for (int i = 0; i + length <= tokens.size(); i++) {
            if (standsAt(tokens, i, name)) {
                int end = tokens.get(i + 2 * before).start();
                for (int c = tokens.get(i).start(); c < end; c++) {
                    sql.setCharAt(c, ' ');
                }
            }
        }
        return new SqlText(sql.toString(), text.origin());
    }

    private static boolean standsAt(List<Token> tokens, int at, Name name) {
        if (at > 0 && tokens.get(at - 1).is(".")) {
            return false;
        }
        for (int p = 0; p < name.parts().size(); p++) {
            Token part = tokens.get(at + 2 * p);
            boolean same = part.isName() && part.name().equalsIgnoreCase(name.parts().get(p));
            if (!same || !tokens.get(at + 2 * p + 1).is(".")) {
                return false;
            }
        }
        return true;
    }

    /** What a column holds when nothing is said. */
    static SqlText otherwise(Field field) {
        return SqlText.of(field.initialDefault().orElse("null"));
    }

    /** An expression as a value of a column. */
    static void cast(SqlPieces pieces, SqlText expression, Field field) {
        pieces.add("cast((").add(expression).add("\n) as " + field.type().sql() + ")");
    }
}
