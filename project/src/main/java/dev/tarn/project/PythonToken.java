package dev.tarn.project;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of Python code; blanks and comments are left out.
 *
 * @param value what a text says, escapes filled in; empty for anything else
 * @param first whether a logical line begins with it
 */
record PythonToken(Kind kind, String text, String value, int line, int column, boolean first) {
    private static final Pattern PIECE =
            Pattern.compile(
                    "(?<comment>#[^\\n]*)|(?<line>\\n)|(?<blank>[ \\t\\r\\f]+|\\\\\\r?\\n)"
                            + "|(?<prefix>[rRbBuUfF]{0,2})(?<quote>\"\"\"|\'\'\'|\"|\')"
                            + "|(?<name>[\\p{L}_][\\p{L}\\p{N}_]*)"
                            + "|(?<number>\\d[\\w.]*(?:[eE][+-]\\d+)?|\\.\\d\\w*)|(?<sign>.)",
                    Pattern.DOTALL);

    enum Kind {
        NAME,
        NUMBER,
        TEXT,
        /** A text that is made of others when it runs. */
        FORMATTED,
        SIGN
    }

    boolean is(String other) {
        return kind != Kind.TEXT && kind != Kind.FORMATTED && text.equals(other);
    }

    static List<PythonToken> of(String code) {
        List<PythonToken> tokens = new ArrayList<>();
        read(code, 1, 1, tokens);
        return tokens;
    }

    private static void read(
            String code, int startLine, int startColumn, List<PythonToken> tokens) {
        Matcher piece = PIECE.matcher(code);
        int at = 0;
        int line = startLine;
        int lineStart = 1 - startColumn;
        int depth = 0;
        boolean first = true;
        while (at < code.length()) {
            piece.region(at, code.length());
            if (!piece.lookingAt()) {
                return;
            }
            int column = at - lineStart + 1;
            int end = piece.end();
            if (piece.group("quote") != null) {
                int open = piece.end();
                int close = textEnd(code, open, piece.group("quote"));
                String prefix = piece.group("prefix").toLowerCase(java.util.Locale.ROOT);
                boolean formatted = prefix.contains("f");
                String raw = code.substring(open, close);
                end = Math.min(code.length(), close + piece.group("quote").length());
                tokens.add(
                        new PythonToken(
                                formatted ? Kind.FORMATTED : Kind.TEXT,
                                code.substring(at, end),
                                prefix.contains("r") ? raw : unescaped(raw),
                                line,
                                column,
                                first));
                first = false;
                if (formatted) {
                    inside(raw, line, column, tokens);
                }
            } else if (piece.group("line") != null) {
                first = depth == 0 || first;
            } else if (piece.group("comment") == null && piece.group("blank") == null) {
                String text = piece.group();
                depth += "([{".contains(text) ? 1 : ")]}".contains(text) ? -1 : 0;
                Kind kind =
                        piece.group("name") != null
                                ? Kind.NAME
                                : piece.group("number") != null ? Kind.NUMBER : Kind.SIGN;
                tokens.add(new PythonToken(kind, text, "", line, column, first));
                first = false;
            }
            for (int i = at; i < end; i++) {
                if (code.charAt(i) == '\n') {
                    line++;
                    lineStart = i + 1;
                }
            }
            at = end;
        }
    }

    /** What stands in braces of a formatted text is code too. */
    private static void inside(String raw, int line, int column, List<PythonToken> tokens) {
        int open = raw.indexOf('{');
        while (open >= 0) {
            int close = raw.indexOf('}', open);
            if (raw.startsWith("{{", open) || close < 0) {
                open = raw.indexOf('{', open + 2);
                continue;
            }
            tokens.add(new PythonToken(Kind.SIGN, ";", "", line, column, false));
            read(raw.substring(open + 1, close), line, column, tokens);
            tokens.add(new PythonToken(Kind.SIGN, ";", "", line, column, false));
            open = raw.indexOf('{', close);
        }
    }

    private static int textEnd(String code, int open, String quote) {
        int at = open;
        while (at < code.length() && !code.startsWith(quote, at)) {
            at += code.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, code.length());
    }

    private static String unescaped(String raw) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\' || i + 1 >= raw.length()) {
                text.append(c);
                continue;
            }
            char next = raw.charAt(++i);
            switch (next) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case '\n' -> {}
                case '\\', '\'', '"' -> text.append(next);
                default -> text.append('\\').append(next);
            }
        }
        return text.toString();
    }
}
