package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses expressions: operators by falling precedence. */
final class ExpressionParser {
    private static final Set<String> ORDER = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;
    private final ParseState state;
    private final PrimaryParser primaries;

    ExpressionParser(JinjaEnvironment environment, TokenStream tokens, ParseState state) {
        this.tokens = tokens;
        this.state = state;
        this.primaries = new PrimaryParser(environment, tokens, state, this);
    }

    PrimaryParser primaries() {
        return primaries;
    }

    /** Parses an expression, which may be a tuple without parentheses. */
    Expression tuple() {
        return tuple(true, false, null);
    }

    /** Parses the same without conditional expressions, up to a keyword. */
    Expression tupleBefore(@Nullable String keyword) {
        return tuple(false, false, keyword);
    }

    Expression tuple(boolean conditional, boolean parenthesised, @Nullable String keyword) {
        Mark mark = tokens.mark();
        List<Expression> items = new ArrayList<>();
        boolean tuple = false;
        while (true) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
            }
            if (endsTuple(keyword)) {
                break;
            }
            items.add(conditional ? expression() : or());
            if (!tokens.atOperator(",")) {
                break;
            }
            tuple = true;
        }
        if (!tuple && items.size() == 1) {
            return items.getFirst();
        }
        if (!tuple && !parenthesised) {
            throw tokens.error("Expected an expression, got '" + tokens.current().describe() + "'");
        }
        return new Displays.Items(mark, items, true);
    }

    private boolean endsTuple(@Nullable String keyword) {
        return tokens.at(Token.Type.VARIABLE_END)
                || tokens.at(Token.Type.BLOCK_END)
                || tokens.atOperator(")")
                || (keyword != null && tokens.atName(keyword));
    }

    Expression expression() {
        state.nest(tokens.mark());
        Mark mark = tokens.mark();
        boolean before = state.conditional();
        boolean guarded = before || conditionFollows();
        state.conditional(guarded);
        Expression value = or();
        while (tokens.skipName("if")) {
            state.conditional(true);
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression() : null;
            value = new Operators.Conditional(mark, condition, value, otherwise);
        }
        state.conditional(before);
        state.unnest();
        return value;
    }

    /** Looks ahead for an {@code if} that belongs to the expression that starts here. */
    private boolean conditionFollows() {
        return tokens.findsBeforeEnd("if");
    }

    private Expression or() {
        Expression left = and();
        while (tokens.atName("or")) {
            Mark mark = tokens.mark(tokens.next());
            left = new Operators.Logic(mark, false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.atName("and")) {
            Mark mark = tokens.mark(tokens.next());
            left = new Operators.Logic(mark, true, left, not());
        }
        return left;
    }

    private Expression not() {
        if (tokens.atName("not")) {
            Mark mark = tokens.mark(tokens.next());
            state.nest(mark);
            Expression operand = not();
            state.unnest();
            return new Operators.Not(mark, operand);
        }
        return comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<Operators.Link> links = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            String operator;
            if (token.type() == Token.Type.OPERATOR && ORDER.contains(token.text())) {
                operator = tokens.next().text();
            } else if (tokens.skipName("in")) {
                operator = "in";
            } else if (tokens.atName("not") && tokens.peek().name("in")) {
                tokens.next();
                tokens.next();
                operator = "not in";
            } else {
                return links.isEmpty()
                        ? first
                        : new Operators.Comparisons(first.mark, first, links);
            }
            links.add(new Operators.Link(tokens.mark(token), operator, sum()));
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.atOperator("+") || tokens.atOperator("-")) {
            Token operator = tokens.next();
            left =
                    new Operators.Binary(
                            tokens.mark(operator), operator.text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.atOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>();
        parts.add(first);
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Operators.Concatenation(first.mark, parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.atOperator("*")
                || tokens.atOperator("/")
                || tokens.atOperator("//")
                || tokens.atOperator("%")) {
            Token operator = tokens.next();
            left = new Operators.Binary(tokens.mark(operator), operator.text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.atOperator("**")) {
            Mark mark = tokens.mark(tokens.next());
            left = new Operators.Binary(mark, "**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression value;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            Token sign = tokens.next();
            state.nest(tokens.mark(sign));
            value = new Operators.Sign(tokens.mark(sign), sign.text(), unary(false));
            state.unnest();
        } else {
            value = primaries.primary();
        }
        value = primaries.postfix(value);
        return withFilters ? primaries.filters(value) : value;
    }
}
