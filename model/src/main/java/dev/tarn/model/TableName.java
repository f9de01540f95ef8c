package dev.tarn.model;

import java.util.Locale;

/**
 * The name of a table or view in a warehouse, {@code schema.table}. Case does not distinguish
 * names: both parts are kept in lower case. Only the schema may have dots in it, where schemas are
 * nested.
 */
public record TableName(String schema, String table) implements Comparable<TableName> {
    public TableName {
        schema = checked(schema, "schema").toLowerCase(Locale.ROOT);
        table = checked(table, "table").toLowerCase(Locale.ROOT);
    }

    /** Parses {@code schema.table}; what stands behind the last dot is the table. */
    public static TableName parse(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 0) {
            throw new TarnException(
                    ErrorCode.NAME_INVALID,
                    "Table name '%s' must have two parts: schema.table.".formatted(text));
        }
        return new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    private static String checked(String part, String what) {
        if (part.isBlank() || part.length() > 255 || part.chars().anyMatch(c -> c < ' ')) {
            throw new TarnException(
                    ErrorCode.NAME_INVALID,
                    "'%s' cannot be the name of a %s: it must have 1 to 255 printable characters."
                            .formatted(part, what));
        }
        return part;
    }

    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : table.compareTo(other.table);
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
