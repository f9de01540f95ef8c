package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Statement.ColumnDefinition;
import dev.tarn.sql.statement.Statement.ColumnRef;
import java.util.List;
import java.util.Optional;

/** Reads declarations of columns. */
final class ColumnParser {
    private static final String[] AFTER_TYPE = {
        ",",
        "not",
        "null",
        "primary",
        "unique",
        "default",
        "check",
        "references",
        "comment",
        "generated",
        "constraint",
        "collate",
        "first",
        "after",
        "as"
    };

    private final Cursor cursor;

    ColumnParser(Cursor cursor) {
        this.cursor = cursor;
    }

    /** Columns between commas; keys, which nothing enforces, are passed over. */
    void list(List<ColumnDefinition> columns) {
        do {
            if (isKey()) {
                key();
            } else {
                columns.add(column());
            }
        } while (cursor.skip(","));
    }

    private boolean isKey() {
        return cursor.have("constraint")
                || cursor.have("primary", "key")
                || cursor.have("unique", "(")
                || cursor.have("foreign", "key")
                || cursor.have("check", "(");
    }

    private void key() {
        if (cursor.skip("constraint")) {
            cursor.identifier("the name of the constraint");
        }
        refuseCheck();
        cursor.moveTo(cursor.find(java.util.Set.of(",")));
    }

    private void refuseCheck() {
        if (cursor.have("check")) {
            throw cursor.unsupported(
                    "CHECK",
                    "Write the rule as a test of the project: it is judged before a run publishes.");
        }
        if (cursor.have("generated") || cursor.have("as")) {
            throw cursor.unsupported(
                    "A generated column", "Compute it in a view or in the query that fills it.");
        }
    }

    ColumnDefinition column() {
        ColumnRef name = cursor.column();
        SqlText type = type();
        boolean required = false;
        Optional<SqlText> defaultValue = Optional.empty();
        Optional<String> comment = Optional.empty();
        while (!cursor.atEnd() && !cursor.have(",") && !cursor.have(")")) {
            if (cursor.skip("not", "null") || cursor.skip("primary", "key")) {
                required = true;
            } else if (cursor.skip("default", "null")) {
                defaultValue = Optional.empty();
            } else if (cursor.skip("default")) {
                defaultValue = Optional.of(cursor.until("a value", AFTER_TYPE));
            } else if (cursor.skip("comment")) {
                comment = Optional.of(cursor.string("a comment in quotes"));
            } else if (cursor.skip("references")) {
                cursor.name("the name of a table");
                if (cursor.have("(")) {
                    cursor.group();
                }
            } else if (cursor.have("first") || cursor.have("after")) {
                break;
            } else if (!cursor.skip("null") && !cursor.skip("unique")) {
                refuseCheck();
                throw cursor.expected("NOT NULL, DEFAULT, COMMENT, ',' or ')'");
            }
        }
        return new ColumnDefinition(name, type, required, defaultValue, comment);
    }

    SqlText type() {
        return cursor.until("a type", AFTER_TYPE);
    }
}
