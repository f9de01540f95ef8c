package dev.tarn.sql.statement;

import java.util.Locale;
import java.util.Set;

/** Words that are no names where they stand. */
final class Keywords {
    private static final Set<String> AFTER_TABLE =
            Set.of(
                    "where",
                    "join",
                    "inner",
                    "left",
                    "right",
                    "full",
                    "cross",
                    "natural",
                    "semi",
                    "anti",
                    "asof",
                    "positional",
                    "on",
                    "using",
                    "group",
                    "order",
                    "having",
                    "limit",
                    "offset",
                    "union",
                    "except",
                    "intersect",
                    "window",
                    "qualify",
                    "sample",
                    "tablesample",
                    "select",
                    "when",
                    "set",
                    "returning",
                    "lateral",
                    "fetch",
                    "pivot",
                    "unpivot",
                    "at",
                    "for");

    private Keywords() {}

    /** Whether a word after a table begins the next part of a query. */
    static boolean afterTable(Token token) {
        return token.kind() == Token.Kind.WORD
                && AFTER_TABLE.contains(token.text().toLowerCase(Locale.ROOT));
    }
}
