package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.List;
import java.util.stream.Collectors;

/** Pieces of SQL text. */
final class Sql {
    private Sql() {}

    static String name(String name) {
        return Type.quoted(name);
    }

    static String name(String database, TableName table) {
        return name(database) + "." + name(table.schema()) + "." + name(table.table());
    }

    static String names(List<String> names) {
        return names.stream().map(Sql::name).collect(Collectors.joining(", "));
    }

    /** The columns of a new table, in parentheses. */
    static String columns(Schema schema) {
        return schema.fields().stream()
                .map(f -> name(f.name()) + " " + f.type().sql())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String literals(List<String> texts) {
        return texts.stream().map(Sql::literal).collect(Collectors.joining(", ", "[", "]"));
    }
}
