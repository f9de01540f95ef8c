package dev.tarn.sql.statement;

/**
 * One piece of SQL, without the blanks and comments around it.
 *
 * @param text as written
 * @param start index of its first character in the SQL
 */
public record Token(Kind kind, String text, int start) {
    /** What a piece is. */
    public enum Kind {
        WORD,
        QUOTED_NAME,
        TEXT,
        NUMBER,
        SIGN
    }

    public int end() {
        return start + text.length();
    }

    /** Whether it is a keyword or a sign; a quoted name never is. */
    public boolean is(String word) {
        return (kind == Kind.WORD || kind == Kind.SIGN) && text.equalsIgnoreCase(word);
    }

    public boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
    }

    /** The name it stands for: without quotes. */
    public String name() {
        return kind == Kind.QUOTED_NAME
                ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                : text;
    }

    /** The text it stands for: without quotes. */
    public String value() {
        return kind == Kind.TEXT && text.startsWith("'")
                ? text.substring(1, text.length() - 1).replace("''", "'")
                : text;
    }
}
