package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts SQL into tokens, as the house dialect does. */
public final class Tokens {
    private static final List<String> LONG_SIGNS =
            List.of("->>", "::", "=>", "->", "<=", ">=", "<>", "!=", "==", "||", "//", "**");

    private final SqlText text;
    private final String sql;
    private final List<Token> tokens = new ArrayList<>();

    private Tokens(SqlText text) {
        this.text = text;
        this.sql = text.sql();
    }

    /**
     * @throws dev.tarn.model.TarnException {@code SQL_SYNTAX} for a text, a name or a comment that
     *     does not end
     */
    public static List<Token> of(SqlText text) {
        Tokens reader = new Tokens(text);
        reader.read();
        return List.copyOf(reader.tokens);
    }

    private void read() {
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end + 1;
            } else if (sql.startsWith("/*", at)) {
                at = commentEnd(at);
            } else {
                Token token = token(at, c);
                tokens.add(token);
                at = token.end();
            }
        }
    }

    private Token token(int at, char c) {
        if (c == '\'') {
            return token(Kind.TEXT, at, quoteEnd(at, '\'', false, "text"));
        }
        if ((c == 'e' || c == 'E') && sql.startsWith("'", at + 1)) {
            return token(Kind.TEXT, at, quoteEnd(at + 1, '\'', true, "text"));
        }
        if (c == '"') {
            return token(Kind.QUOTED_NAME, at, quoteEnd(at, '"', false, "name"));
        }
        if (c == '$') {
            int tagEnd = tagEnd(at);
            if (tagEnd > 0) {
                String tag = sql.substring(at, tagEnd);
                int end = sql.indexOf(tag, tagEnd);
                if (end < 0) {
                    throw SyntaxErrors.unended(text, at, "text");
                }
                return token(Kind.TEXT, at, end + tag.length());
            }
        }
        if (isDigit(c) || (c == '.' && at + 1 < sql.length() && isDigit(sql.charAt(at + 1)))) {
            return token(Kind.NUMBER, at, numberEnd(at));
        }
        if (Character.isJavaIdentifierStart(c) && c != '$') {
            int end = at + 1;
            while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
                end++;
            }
            return token(Kind.WORD, at, end);
        }
        for (String sign : LONG_SIGNS) {
            if (sql.startsWith(sign, at)) {
                return token(Kind.SIGN, at, at + sign.length());
            }
        }
        return token(Kind.SIGN, at, at + Character.charCount(sql.codePointAt(at)));
    }

    private Token token(Kind kind, int start, int end) {
        return new Token(kind, sql.substring(start, end), start);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private int numberEnd(int at) {
        int end = at;
        while (end < sql.length()) {
            char c = sql.charAt(end);
            boolean exponentSign =
                    (c == '+' || c == '-')
                            && end > at
                            && Character.toLowerCase(sql.charAt(end - 1)) == 'e'
                            && isDigit(sql.charAt(at));
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '_' && !exponentSign) {
                break;
            }
            end++;
        }
        return end;
    }

    /** The end of {@code $tag$}, or negative when it is none. */
    private int tagEnd(int at) {
        int end = at + 1;
        while (end < sql.length()
                && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
            end++;
        }
        boolean tag =
                end < sql.length()
                        && sql.charAt(end) == '$'
                        && (end == at + 1 || !isDigit(sql.charAt(at + 1)));
        return tag ? end + 1 : -1;
    }

    private int quoteEnd(int at, char quote, boolean escapes, String what) {
        int end = at + 1;
        while (end < sql.length()) {
            char c = sql.charAt(end);
            if (escapes && c == '\\') {
                end += 2;
            } else if (c != quote) {
                end++;
            } else if (end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
                end += 2;
            } else {
                return end + 1;
            }
        }
        throw SyntaxErrors.unended(text, at, what);
    }

    private int commentEnd(int at) {
        int depth = 0;
        int end = at;
        while (end < sql.length()) {
            if (sql.startsWith("/*", end)) {
                depth++;
                end += 2;
            } else if (sql.startsWith("*/", end)) {
                depth--;
                end += 2;
                if (depth == 0) {
                    return end;
                }
            } else {
                end++;
            }
        }
        throw SyntaxErrors.unended(text, at, "comment");
    }
}
