package dev.tarn.project;

import dev.tarn.model.graph.SqlText;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names that SQL for other databases uses, turned into those of the house dialect: the database in
 * front of {@code schema.table} is left out, and the views of {@code information_schema} stand in a
 * schema that a session can offer. Every character keeps its place.
 */
public final class StandardNames {
    private static final String INFORMATION = "information_schema";

    /** As long as the name it stands for. */
    private static final String CONTENTS = "warehouse_contents";

    /**
     * Texts, comments and names in quotes as they are; in front of other words, the database. What
     * is repeated is never tried again shorter, so that texts may be as long as they like.
     */
    private static final Pattern PIECES =
            Pattern.compile(
                    "'(?:[^']++|'')*+'|--[^\\n]*|/\\*.*?\\*/"
                            + "|(?<database>(?<![\\w.\"])(?:\"tarn\"|tarn)\\s*\\.\\s*)"
                            + "(?=(?:\"[^\"]+\"|\\w+)\\s*\\.)"
                            + "|(?<system>(?<![\\w.\"])(?:\"system\"|system)\\s*\\.\\s*)"
                            + "(?=(?:\"information_schema\"|information_schema)\\s*\\.)"
                            + "|(?<information>(?<![\\w\"])(?:\"information_schema\"|information_schema))"
                            + "(?=\\s*\\.)"
                            + "|\"(?:[^\"]++|\"\")*+\"",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Words that a table's name follows. */
    private static final Pattern BEFORE_TABLE =
            Pattern.compile(
                    "(?:^|\\W)(?:from|join|into|update|table|view|using|exists)\\s+$",
                    Pattern.CASE_INSENSITIVE);

    private StandardNames() {}

    /** The same statement without the name that its database has elsewhere, before tables. */
    static String own(String sql, Optional<String> database) {
        String own = own(sql);
        if (database.isEmpty()
                || !own.toLowerCase(Locale.ROOT)
                        .contains(database.get().toLowerCase(Locale.ROOT))) {
            return own;
        }
        Pattern name =
                Pattern.compile(
                        "'(?:[^']++|'')*+'|--[^\\n]*|/\\*.*?\\*/"
                                + "|(?<![\\w.\"])(?<database>(?:\"%1$s\"|%1$s)\\s*\\.\\s*)"
                                        .formatted(Pattern.quote(database.get()))
                                + "(?=(?:\"[^\"]+\"|\\w+)\\s*\\.)"
                                + "|\"(?:[^\"]++|\"\")*+\"",
                        Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
        StringBuilder text = new StringBuilder();
        Matcher pieces = name.matcher(own);
        while (pieces.find()) {
            String before = own.substring(Math.max(0, pieces.start() - 200), pieces.start());
            boolean table = pieces.group("database") != null && BEFORE_TABLE.matcher(before).find();
            pieces.appendReplacement(
                    text,
                    Matcher.quoteReplacement(
                            table ? " ".repeat(pieces.group().length()) : pieces.group()));
        }
        return pieces.appendTail(text).toString();
    }

    /** What somebody typed, in names that Tarn's sessions know; it keeps its places. */
    public static SqlText own(SqlText typed) {
        return new SqlText(own(typed.sql()), typed.origin());
    }

    /** What is said of such a name, with the name that people type. */
    public static String asTyped(String message) {
        return message.replace("'" + CONTENTS + ".", "'" + INFORMATION + ".");
    }

    /** The same statement in names that Tarn's sessions know. */
    static String own(String sql) {
        String lower = sql.toLowerCase(Locale.ROOT);
        if (!lower.contains(RelationValue.DATABASE) && !lower.contains(INFORMATION)) {
            return sql;
        }
        StringBuilder text = new StringBuilder();
        Matcher pieces = PIECES.matcher(sql);
        while (pieces.find()) {
            String piece = pieces.group();
            String written = piece;
            if (pieces.group("database") != null || pieces.group("system") != null) {
                written = " ".repeat(piece.length());
            } else if (pieces.group("information") != null) {
                written = CONTENTS + " ".repeat(piece.length() - CONTENTS.length());
            }
            pieces.appendReplacement(text, Matcher.quoteReplacement(written));
        }
        return pieces.appendTail(text).toString();
    }

    /** Whether a statement, in Tarn's names, lists what the warehouse holds. */
    static boolean listsContents(String sql) {
        return sql.contains(CONTENTS + ".") || sql.matches("(?s).*" + CONTENTS + " +\\..*");
    }
}
