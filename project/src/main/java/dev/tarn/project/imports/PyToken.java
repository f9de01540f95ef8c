package dev.tarn.project.imports;

import java.util.ArrayList;
import java.util.List;

/** A token of Python; statements end where their line does, unless a bracket is open. */
record PyToken(Kind kind, String text, int line) {
    /** What it is. */
    enum Kind {
        NAME,
        NUMBER,
        TEXT,
        /** A text with places in braces: its value is not known. */
        FORMATTED,
        SIGN
    }

    /** The tokens of one statement, or of its head, and how far it is indented. */
    record Statement(int indent, List<PyToken> tokens) {
        int line() {
            return tokens.getFirst().line();
        }
    }

    static List<Statement> statements(String source) {
        return new Reader(source).read();
    }

    /** Goes through the source once. */
    private static final class Reader {
        private final String source;
        private final List<Statement> statements = new ArrayList<>();
        private List<PyToken> tokens = new ArrayList<>();
        private int at;
        private int line = 1;
        private int depth;
        private int indent;

        Reader(String source) {
            this.source = source.replace("\r\n", "\n");
        }

        List<Statement> read() {
            boolean begin = true;
            while (at < source.length()) {
                char c = source.charAt(at);
                if (begin && depth == 0) {
                    begin = false;
                    indent = 0;
                    while (at < source.length() && " \t".indexOf(source.charAt(at)) >= 0) {
                        indent += source.charAt(at) == '\t' ? 8 : 1;
                        at++;
                    }
                } else if (c == '\n') {
                    at++;
                    if (depth == 0) {
                        end();
                        begin = true;
                    }
                    line++;
                } else if (c == '#') {
                    while (at < source.length() && source.charAt(at) != '\n') {
                        at++;
                    }
                } else if (c == '\\' && source.startsWith("\\\n", at)) {
                    at += 2;
                    line++;
                } else if (Character.isWhitespace(c)) {
                    at++;
                } else {
                    token(c);
                }
            }
            end();
            return statements;
        }

        private void end() {
            if (!tokens.isEmpty()) {
                statements.add(new Statement(indent, List.copyOf(tokens)));
                tokens = new ArrayList<>();
            }
        }

        private void token(char c) {
            int prefix = prefix();
            if (prefix >= 0) {
                text(prefix);
            } else if (Character.isJavaIdentifierStart(c)) {
                int from = at;
                while (at < source.length() && Character.isJavaIdentifierPart(source.charAt(at))) {
                    at++;
                }
                add(Kind.NAME, source.substring(from, at));
            } else if (Character.isDigit(c)) {
                int from = at;
                while (at < source.length()
                        && (Character.isLetterOrDigit(source.charAt(at))
                                || "._".indexOf(source.charAt(at)) >= 0)) {
                    at++;
                }
                add(Kind.NUMBER, source.substring(from, at).replace("_", ""));
            } else if (c == ';' && depth == 0) {
                at++;
                end();
            } else {
                boolean two = source.startsWith(">>", at) || source.startsWith("<<", at);
                String sign = source.substring(at, at + (two ? 2 : 1));
                depth += "([{".contains(sign) ? 1 : ")]}".contains(sign) ? -1 : 0;
                depth = Math.max(0, depth);
                at += sign.length();
                add(Kind.SIGN, sign);
            }
        }

        private void add(Kind kind, String text) {
            tokens.add(new PyToken(kind, text, line));
        }

        /** How many letters stand before a quote that begins here; -1 where none does. */
        private int prefix() {
            for (int i = 0; i <= 2 && at + i < source.length(); i++) {
                char c = source.charAt(at + i);
                if (c == '"' || c == '\'') {
                    return i;
                }
                if ("rRbBuUfF".indexOf(c) < 0) {
                    return -1;
                }
            }
            return -1;
        }

        private void text(int prefix) {
            String how = source.substring(at, at + prefix).toLowerCase(java.util.Locale.ROOT);
            int begun = line;
            at += prefix;
            char quote = source.charAt(at);
            String three = String.valueOf(quote).repeat(3);
            String close = source.startsWith(three, at) ? three : String.valueOf(quote);
            at += close.length();
            StringBuilder text = new StringBuilder();
            while (at < source.length() && !source.startsWith(close, at)) {
                char c = source.charAt(at);
                if (c == '\n') {
                    line++;
                }
                if (c == '\\' && !how.contains("r") && at + 1 < source.length()) {
                    escape(text);
                } else {
                    text.append(c);
                    at++;
                }
            }
            at = Math.min(source.length(), at + close.length());
            tokens.add(
                    new PyToken(
                            how.contains("f") && text.indexOf("{") >= 0
                                    ? Kind.FORMATTED
                                    : Kind.TEXT,
                            text.toString(),
                            begun));
        }

        private void escape(StringBuilder text) {
            char c = source.charAt(at + 1);
            at += 2;
            switch (c) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case '\n' -> line++;
                case '\\', '\'', '"' -> text.append(c);
                default -> text.append('\\').append(c);
            }
        }
    }
}
