package dev.tarn.sql.statement;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Statement.ColumnRef;
import dev.tarn.sql.statement.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Walks over the tokens of one statement. */
final class Cursor {
    private static final Token END = new Token(Kind.SIGN, "", 0);

    private final SqlText text;
    private final List<Token> tokens;
    private final int limit;
    private int at;

    Cursor(SqlText text, List<Token> tokens, int from, int to) {
        this.text = text;
        this.tokens = tokens;
        this.at = from;
        this.limit = to;
    }

    SqlText text() {
        return text;
    }

    int at() {
        return at;
    }

    void moveTo(int index) {
        at = index;
    }

    boolean atEnd() {
        return at >= limit;
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        return at + ahead < limit ? tokens.get(at + ahead) : END;
    }

    Token next() {
        Token token = peek();
        at = Math.min(limit, at + 1);
        return token;
    }

    /** Whether these words stand here. */
    boolean have(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (!peek(i).is(words[i])) {
                return false;
            }
        }
        return true;
    }

    /** Passes these words, if they stand here. */
    boolean skip(String... words) {
        boolean here = have(words);
        at += here ? words.length : 0;
        return here;
    }

    void expect(String... words) {
        for (String word : words) {
            if (!skip(word)) {
                boolean sign = !Character.isLetter(word.charAt(0));
                throw expected(sign ? "'" + word + "'" : word.toUpperCase(java.util.Locale.ROOT));
            }
        }
    }

    TarnException expected(String wanted) {
        return SyntaxErrors.expected(text, offset(), wanted, peek().text());
    }

    TarnException unsupported(String what, String instead) {
        return SyntaxErrors.unsupported(text, offset(), what, instead);
    }

    TarnException invalid(String message) {
        return SyntaxErrors.told(ErrorCode.SQL_INVALID, text, offset(), message);
    }

    /** Where the next token begins in the text. */
    int offset() {
        return at < limit ? tokens.get(at).start() : endOf(limit);
    }

    private int endOf(int index) {
        return index == 0 ? 0 : tokens.get(Math.min(index, tokens.size()) - 1).end();
    }

    String identifier(String what) {
        if (!peek().isName()) {
            throw expected(what);
        }
        return next().name();
    }

    Name name(String what) {
        int start = at;
        List<String> parts = path(what);
        if (parts.size() > 3) {
            at = start;
            throw invalid("The name of a relation has at most three parts: catalog.schema.table.");
        }
        return new Name(parts, fragment(start, at));
    }

    ColumnRef column() {
        int start = at;
        List<String> parts = path("the name of a column");
        return new ColumnRef(parts, fragment(start, at));
    }

    private List<String> path(String what) {
        List<String> parts = new ArrayList<>();
        do {
            parts.add(identifier(what));
        } while (skip("."));
        return parts;
    }

    /** A list in parentheses of columns. */
    List<ColumnRef> columns() {
        expect("(");
        List<ColumnRef> columns = new ArrayList<>();
        do {
            columns.add(column());
        } while (skip(","));
        expect(")");
        return columns;
    }

    String string(String what) {
        if (peek().kind() != Kind.TEXT) {
            throw expected(what);
        }
        return next().value();
    }

    /** The text from one token to the one before another. */
    SqlText fragment(int from, int to) {
        int start = from < tokens.size() ? tokens.get(from).start() : text.sql().length();
        int end = to > from ? tokens.get(to - 1).end() : start;
        return new SqlText(text.sql().substring(start, end), o -> text.locate(start + o));
    }

    /** What is left, as text. */
    SqlText rest(String what) {
        if (atEnd()) {
            throw expected(what);
        }
        int start = at;
        at = limit;
        return fragment(start, limit);
    }

    /** The text up to one of some words outside of parentheses and CASE; it must not be empty. */
    SqlText until(String what, String... stops) {
        int start = at;
        at = find(Set.of(stops));
        if (at == start) {
            throw expected(what);
        }
        return fragment(start, at);
    }

    /** The index of the next of some words outside of parentheses and CASE, or the end. */
    int find(Set<String> stops) {
        int depth = 0;
        int cases = 0;
        int open = at;
        for (int i = at; i < limit; i++) {
            Token token = tokens.get(i);
            boolean outside = depth == 0 && cases == 0;
            if (outside && stops.stream().anyMatch(token::is) && !distinct(i)) {
                return i;
            }
            if (token.is("(") || token.is("[") || token.is("{")) {
                open = depth == 0 ? i : open;
                depth++;
            } else if (token.is(")") || token.is("]") || token.is("}")) {
                if (depth == 0) {
                    return i;
                }
                depth--;
            } else if (token.is("case")) {
                cases++;
            } else if (token.is("end") && cases > 0) {
                cases--;
            }
        }
        if (depth > 0) {
            throw SyntaxErrors.unended(text, tokens.get(open).start(), "parenthesis");
        }
        return limit;
    }

    /** Whether a FROM belongs to IS DISTINCT FROM. */
    private boolean distinct(int index) {
        return tokens.get(index).is("from") && index > 0 && tokens.get(index - 1).is("distinct");
    }

    /** Passes a parenthesis with all that is in it. */
    SqlText group() {
        int start = at;
        if (!have("(")) {
            throw expected("(");
        }
        int depth = 0;
        for (int i = at; i < limit; i++) {
            Token token = tokens.get(i);
            if (token.is("(")) {
                depth++;
            } else if (token.is(")")) {
                depth--;
                if (depth == 0) {
                    at = i + 1;
                    return fragment(start, at);
                }
            }
        }
        throw SyntaxErrors.unended(text, offset(), "parenthesis");
    }

    /** Passes what says of a table when it is meant; whether there was such a thing. */
    boolean skipTime() {
        int end = Math.min(limit, TimeTravel.end(text, tokens, at));
        boolean here = end > at;
        at = end;
        return here;
    }

    void end() {
        if (!atEnd()) {
            throw expected("the end of the statement");
        }
    }
}
