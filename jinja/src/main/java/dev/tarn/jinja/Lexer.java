package dev.tarn.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cuts a template into tokens. */
final class Lexer {
    private static final Pattern RAW_BEGIN =
            Pattern.compile("\\s*raw\\s*(?:([-+])%}|%})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Set<String> TWO_CHARACTERS = Set.of("//", "**", "==", "!=", ">=", "<=");
    private static final String ONE_CHARACTER = "+-/*%~[](){}><=.:|,;";

    private final TemplateSource source;
    private final String text;
    private final int length;
    private final LexerOptions options;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private boolean stripNext;
    private boolean lineStarting = true;

    /** How white space around tags is treated, and which tags hold uninterpreted text. */
    record LexerOptions(
            boolean trimBlocks,
            boolean lstripBlocks,
            boolean keepTrailingNewline,
            Set<String> rawTags) {}

    Lexer(TemplateSource source, LexerOptions options) {
        this.source = source;
        this.text = source.text;
        this.options = options;
        boolean cut = !options.keepTrailingNewline() && text.endsWith("\n");
        this.length = cut ? text.length() - 1 : text.length();
    }

    List<Token> tokens() {
        while (true) {
            int tag = nextTag();
            if (tag < 0) {
                data(position, length, false);
                add(Token.Type.END, "", null, length, length);
                return tokens;
            }
            tag(tag);
        }
    }

    private int nextTag() {
        for (int i = text.indexOf('{', position); i >= 0; i = text.indexOf('{', i + 1)) {
            if (i + 1 >= length) {
                return -1;
            }
            char next = text.charAt(i + 1);
            if (next == '%' || next == '{' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private void tag(int start) {
        char kind = text.charAt(start + 1);
        int after = start + 2;
        char sign = after < length ? text.charAt(after) : 0;
        boolean lstrip = options.lstripBlocks() && kind != '{' && sign != '+';
        data(position, sign == '-' ? stripped(start) : start, lstrip);
        boolean signed = sign == '-' || (sign == '+' && kind != '{');
        position = signed ? after + 1 : after;
        switch (kind) {
            case '#' -> comment(start);
            case '{' -> {
                add(Token.Type.VARIABLE_BEGIN, "{{", null, start, position);
                code(Token.Type.VARIABLE_END, "}}");
            }
            default -> block(start);
        }
    }

    /** Returns where the data before a position ends without its trailing white space. */
    private int stripped(int end) {
        int at = end;
        while (at > position && Strings.space(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private void data(int start, int end, boolean lstripLine) {
        int from = start;
        int to = end;
        if (stripNext) {
            while (from < to && Strings.space(text.charAt(from))) {
                from++;
            }
            stripNext = false;
            lineStarting = from > start && text.charAt(from - 1) == '\n';
        }
        if (lstripLine) {
            int line = text.lastIndexOf('\n', to - 1) + 1;
            boolean startsLine = line > from || lineStarting;
            if (startsLine && blank(Math.max(line, from), to)) {
                to = Math.max(line, from);
            }
        }
        if (to > from) {
            add(Token.Type.DATA, text.substring(from, to), null, from, to);
        }
    }

    private boolean blank(int start, int end) {
        for (int i = start; i < end; i++) {
            if (!Strings.space(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void comment(int start) {
        int end = text.indexOf("#}", position);
        if (end < 0 || end + 2 > length) {
            throw SyntaxErrors.of("Missing end of comment tag", mark(start));
        }
        char sign = end > position ? text.charAt(end - 1) : 0;
        position = end + 2;
        afterTag(sign);
    }

    /** Applies what the sign before the end of a tag, or the options, say about what follows. */
    private void afterTag(char sign) {
        stripNext = sign == '-';
        boolean newline = position < length && text.charAt(position) == '\n';
        boolean trim = options.trimBlocks() && sign != '-' && sign != '+' && newline;
        if (trim) {
            position++;
        }
        lineStarting = trim;
    }

    private void block(int start) {
        Matcher raw = RAW_BEGIN.matcher(text).region(position, length);
        if (raw.lookingAt()) {
            position = raw.end();
            stripNext = "-".equals(raw.group(1));
            lineStarting = false;
            rawUntil("endraw", start);
            return;
        }
        add(Token.Type.BLOCK_BEGIN, "{%", null, start, position);
        int first = tokens.size();
        code(Token.Type.BLOCK_END, "%}");
        Token name = tokens.get(first);
        if (name.type() == Token.Type.NAME && options.rawTags().contains(name.text())) {
            rawUntil("end" + name.text(), start);
        }
    }

    private void rawUntil(String endTag, int start) {
        Pattern pattern = Pattern.compile("\\{%([-+])?\\s*(" + endTag + ")\\s*(?:([-+])%}|%})");
        Matcher end = pattern.matcher(text).region(position, length);
        if (!end.find()) {
            throw SyntaxErrors.of(
                    endTag.equals("endraw")
                            ? "Missing end of raw directive"
                            : SyntaxErrors.unclosed(
                                            List.of(endTag), endTag.substring(3), mark(start))
                                    .reason(),
                    mark(start));
        }
        boolean strip = "-".equals(end.group(1));
        boolean lstrip = options.lstripBlocks() && end.group(1) == null;
        data(position, strip ? stripped(end.start()) : end.start(), lstrip);
        if (!endTag.equals("endraw")) {
            add(Token.Type.BLOCK_BEGIN, "{%", null, end.start(), end.start() + 2);
            add(Token.Type.NAME, endTag, endTag, end.start(2), end.end(2));
            add(Token.Type.BLOCK_END, "%}", null, end.end() - 2, end.end());
        }
        position = end.end();
        afterTag(end.group(3) == null ? 0 : end.group(3).charAt(0));
    }

    /** Reads the inside of a tag up to its end. */
    private void code(Token.Type endType, String end) {
        Deque<Character> open = new ArrayDeque<>();
        while (position < length) {
            char c = text.charAt(position);
            if (Strings.space(c)) {
                position++;
                continue;
            }
            if (open.isEmpty() && endsTag(c, endType, end)) {
                return;
            }
            int start = position;
            if (c >= '0' && c <= '9') {
                position = Literals.number(source, start, length, tokens);
            } else if (c == '_' || Character.isUnicodeIdentifierStart(text.codePointAt(start))) {
                name(start);
            } else if (c == '"' || c == '\'') {
                position = Literals.string(source, start, length, tokens);
            } else {
                operator(start, open);
            }
        }
    }

    private boolean endsTag(char c, Token.Type endType, String end) {
        boolean sign = c == '-' || (c == '+' && endType == Token.Type.BLOCK_END);
        if (sign && text.startsWith(end, position + 1) && position + 3 <= length) {
            add(endType, end, null, position + 1, position + 3);
            position += 3;
            afterTagOf(endType, c);
            return true;
        }
        if (text.startsWith(end, position) && position + 2 <= length) {
            add(endType, end, null, position, position + 2);
            position += 2;
            afterTagOf(endType, (char) 0);
            return true;
        }
        return false;
    }

    private void afterTagOf(Token.Type endType, char sign) {
        if (endType == Token.Type.BLOCK_END) {
            afterTag(sign);
        } else {
            stripNext = sign == '-';
            lineStarting = false;
        }
    }

    private void name(int start) {
        while (position < length) {
            int c = text.codePointAt(position);
            if (c != '_' && !Character.isUnicodeIdentifierPart(c)) {
                break;
            }
            position += Character.charCount(c);
        }
        String name = text.substring(start, position);
        add(Token.Type.NAME, name, name, start, position);
    }

    private void operator(int start, Deque<Character> open) {
        String two = text.substring(start, Math.min(start + 2, length));
        char c = text.charAt(start);
        if (ONE_CHARACTER.indexOf(c) < 0 && !two.equals("!=")) {
            throw SyntaxErrors.of("unexpected char '" + c + "' at " + start, mark(start));
        }
        String operator = TWO_CHARACTERS.contains(two) ? two : String.valueOf(c);
        balance(operator, open, start);
        position += operator.length();
        add(Token.Type.OPERATOR, operator, operator, start, position);
    }

    private void balance(String operator, Deque<Character> open, int start) {
        switch (operator) {
            case "(" -> open.push(')');
            case "[" -> open.push(']');
            case "{" -> open.push('}');
            case ")", "]", "}" -> {
                if (open.isEmpty()) {
                    throw SyntaxErrors.of("unexpected '" + operator + "'", mark(start));
                }
                char wanted = open.pop();
                if (wanted != operator.charAt(0)) {
                    throw SyntaxErrors.of(
                            "unexpected '" + operator + "', expected '" + wanted + "'",
                            mark(start));
                }
            }
            default -> {}
        }
    }

    private Mark mark(int offset) {
        return new Mark(source, offset);
    }

    private void add(
            Token.Type type, String tokenText, @Nullable Object value, int start, int end) {
        tokens.add(new Token(type, tokenText, value, start, end));
    }
}
