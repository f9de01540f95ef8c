package dev.tarn.duckdb;

/** Looks at SQL text without understanding it: only strings, names and comments are told apart. */
final class Statements {
    private Statements() {}

    /** The statement without the semicolons, comments and blanks that follow it. */
    static String trimmed(String sql) {
        int end = 0;
        int at = 0;
        while (at < sql.length()) {
            int next = skip(sql, at);
            boolean comment = sql.startsWith("--", at) || sql.startsWith("/*", at);
            char c = sql.charAt(at);
            if (!comment && c != ';' && !Character.isWhitespace(c)) {
                end = next;
            }
            at = next;
        }
        return sql.substring(0, end);
    }

    /** Whether something stands behind a semicolon. */
    static boolean areSeveral(String sql) {
        String statements = trimmed(sql);
        int at = 0;
        while (at < statements.length() && statements.charAt(at) != ';') {
            at = skip(statements, at);
        }
        return at < statements.length();
    }

    /** The end of what begins at a place: a string, a quoted name, a comment or one character. */
    private static int skip(String sql, int at) {
        char c = sql.charAt(at);
        if (c == '\'' || c == '"') {
            return after(sql, at + 1, String.valueOf(c));
        }
        if (sql.startsWith("--", at)) {
            return after(sql, at, "\n");
        }
        if (sql.startsWith("/*", at)) {
            return after(sql, at + 2, "*/");
        }
        if (c == '$') {
            int close = at + 1;
            while (close < sql.length()
                    && (Character.isLetterOrDigit(sql.charAt(close)) || sql.charAt(close) == '_')) {
                close++;
            }
            if (close < sql.length() && sql.charAt(close) == '$') {
                return after(sql, close + 1, sql.substring(at, close + 1));
            }
        }
        return at + 1;
    }

    private static int after(String sql, int from, String what) {
        int found = sql.indexOf(what, from);
        return found < 0 ? sql.length() : found + what.length();
    }
}
