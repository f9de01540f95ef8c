package dev.tarn.project;

import dev.tarn.model.TableName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where a query names a table. */
final class TableMention {
    private TableMention() {}

    /**
     * The offset of the first mention: with its schema if there is one, else of the table alone.
     */
    static Optional<Integer> find(String sql, TableName name) {
        String table = part(name.table());
        String full = part(name.schema()) + "\\s*\\.\\s*" + table;
        return first(sql, full).or(() -> first(sql, table));
    }

    /** Whether a query names a table with its schema. */
    static boolean isIn(String sql, TableName name) {
        return sql.contains(name.table())
                && first(sql, part(name.schema()) + "\\s*\\.\\s*" + part(name.table())).isPresent();
    }

    private static Optional<Integer> first(String sql, String pattern) {
        Matcher m =
                Pattern.compile(
                                "(?<![A-Za-z0-9_.\"])" + pattern + "(?![A-Za-z0-9_\"])",
                                Pattern.CASE_INSENSITIVE)
                        .matcher(sql);
        return m.find() ? Optional.of(m.start()) : Optional.empty();
    }

    private static String part(String name) {
        String quoted = Pattern.quote(name);
        return "(?:\"" + quoted + "\"|" + quoted + ")";
    }
}
