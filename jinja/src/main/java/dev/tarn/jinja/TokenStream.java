package dev.tarn.jinja;

import java.util.List;

/** The tokens of a template, with a position in them. */
final class TokenStream {
    private final TemplateSource source;
    private final List<Token> tokens;
    private int position;

    TokenStream(TemplateSource source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    Token peek() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token previous() {
        return tokens.get(Math.max(0, position - 1));
    }

    Token next() {
        Token token = current();
        if (token.type() != Token.Type.END) {
            position++;
        }
        return token;
    }

    Mark mark() {
        return mark(current());
    }

    Mark mark(Token token) {
        return new Mark(source, token.offset());
    }

    boolean at(Token.Type type) {
        return current().type() == type;
    }

    boolean atOperator(String operator) {
        return current().operator(operator);
    }

    boolean atName(String name) {
        return current().name(name);
    }

    boolean skipOperator(String operator) {
        boolean found = atOperator(operator);
        if (found) {
            position++;
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = atName(name);
        if (found) {
            position++;
        }
        return found;
    }

    Token expectOperator(String operator) {
        if (!atOperator(operator)) {
            throw SyntaxErrors.expected(operator, current(), mark());
        }
        return next();
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw SyntaxErrors.expected(name, current(), mark());
        }
    }

    Token expect(Token.Type type) {
        if (!at(type)) {
            throw SyntaxErrors.expected(type.words, current(), mark());
        }
        return next();
    }

    String name() {
        return expect(Token.Type.NAME).text();
    }

    JinjaException error(String reason) {
        return SyntaxErrors.of(reason, mark());
    }

    /** Returns where the tag that begins at an offset ends. */
    int endOfTag(int offset) {
        int i = position;
        while (tokens.get(i).offset() > offset) {
            i--;
        }
        while (tokens.get(i).type() != Token.Type.BLOCK_END) {
            i++;
        }
        return tokens.get(i).end();
    }

    /** Says whether a keyword follows before the current tag, bracket or list item ends. */
    boolean findsBeforeEnd(String keyword) {
        int depth = 0;
        for (int i = position; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.type()) {
                case VARIABLE_END, BLOCK_END, END -> {
                    return false;
                }
                case NAME -> {
                    if (depth == 0 && token.name(keyword)) {
                        return true;
                    }
                }
                case OPERATOR -> {
                    int change =
                            "([{".contains(token.text())
                                    ? 1
                                    : ")]}".contains(token.text()) ? -1 : 0;
                    depth += change;
                    if (depth < 0 || (depth == 0 && token.operator(","))) {
                        return false;
                    }
                }
                default -> {}
            }
        }
        return false;
    }
}
