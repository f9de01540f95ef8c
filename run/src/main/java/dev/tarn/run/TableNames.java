package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.Token;
import dev.tarn.sql.statement.Tokens;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The names of tables in a query, which can be written as something else. */
final class TableNames {
    /** What may stand behind a table in a query and is not another name for it. */
    private static final Set<String> NO_NAMES =
            Set.of(
                    "where",
                    "join",
                    "on",
                    "using",
                    "group",
                    "order",
                    "limit",
                    "offset",
                    "union",
                    "except",
                    "intersect",
                    "having",
                    "window",
                    "qualify",
                    "inner",
                    "left",
                    "right",
                    "full",
                    "cross",
                    "natural",
                    "asof",
                    "positional",
                    "semi",
                    "anti",
                    "lateral",
                    "tablesample",
                    "pivot",
                    "unpivot",
                    "select",
                    "with",
                    "from");

    private final SqlText query;
    private final List<Token> tokens;

    private TableNames(SqlText query) {
        this.query = query;
        this.tokens = Tokens.of(query);
    }

    static TableNames of(SqlText query) {
        return new TableNames(query);
    }

    /** With other tables in their place. */
    SqlText replaced(Map<TableName, TableName> instead) {
        return rewritten(
                (name, next) -> written(Objects.requireNonNull(instead.get(name))),
                instead.keySet());
    }

    /** With some of their rows only: those that keep a condition. */
    SqlText filtered(Map<TableName, String> conditions) {
        return rewritten(
                (name, next) ->
                        "(select * from %s where %s)%s"
                                .formatted(
                                        written(name),
                                        conditions.get(name),
                                        isNamed(next) ? "" : " as " + Type.quoted(name.table())),
                conditions.keySet());
    }

    private interface Writing {
        String of(TableName name, int next);
    }

    private SqlText rewritten(Writing writing, Set<TableName> known) {
        if (known.isEmpty()) {
            return query;
        }
        StringBuilder sql = new StringBuilder();
        int done = 0;
        for (int i = 0; i + 2 < tokens.size(); i++) {
            boolean begins = i == 0 || !tokens.get(i - 1).is(".");
            if (!begins
                    || !tokens.get(i).isName()
                    || !tokens.get(i + 1).is(".")
                    || !tokens.get(i + 2).isName()) {
                continue;
            }
            TableName name = new TableName(tokens.get(i).name(), tokens.get(i + 2).name());
            if (known.contains(name)) {
                sql.append(query.sql(), done, tokens.get(i).start())
                        .append(writing.of(name, i + 3));
                done = tokens.get(i + 2).end();
            }
        }
        return SqlText.of(sql.append(query.sql(), done, query.sql().length()).toString());
    }

    /** Whether a query gives a table another name. */
    private boolean isNamed(int next) {
        return next < tokens.size()
                && tokens.get(next).isName()
                && !(tokens.get(next).kind() == Token.Kind.WORD
                        && NO_NAMES.contains(tokens.get(next).text().toLowerCase(Locale.ROOT)));
    }

    private static String written(TableName name) {
        return Type.quoted(name.schema()) + "." + Type.quoted(name.table());
    }
}
