package dev.tarn.model;

/**
 * The name of a table or view in a warehouse, {@code schema.table}. The case of the letters A to Z
 * does not distinguish names: both parts are kept {@link #folded}. Only the schema may have dots in
 * it, where schemas are nested; {@link #requireCreatable} refuses others.
 */
public record TableName(String schema, String table) implements Comparable<TableName> {
    public TableName {
        schema = folded(checked(schema, "schema"));
        table = folded(checked(table, "table"));
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

    /** A part of a name as it is kept: with the letters A to Z in lower case, as engines do it. */
    public static String folded(String part) {
        if (part.chars().noneMatch(c -> c >= 'A' && c <= 'Z')) {
            return part;
        }
        StringBuilder folded = new StringBuilder(part);
        for (int i = 0; i < part.length(); i++) {
            char letter = part.charAt(i);
            if (letter >= 'A' && letter <= 'Z') {
                folded.setCharAt(i, (char) (letter - 'A' + 'a'));
            }
        }
        return folded.toString();
    }

    /** Refuses to be the name of something new when it could not be told from other names. */
    public TableName requireCreatable() {
        if (table.contains(".")) {
            throw new TarnException(
                    ErrorCode.NAME_INVALID,
                    "'%s' cannot be the name of a table: what stands before a dot is taken for its schema. Leave the dots out."
                            .formatted(table));
        }
        return this;
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
