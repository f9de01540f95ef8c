package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses the operands of expressions and what may follow them: members, calls, filters, tests. */
final class PrimaryParser {
    private final JinjaEnvironment environment;
    private final TokenStream tokens;
    private final ParseState state;
    private final ExpressionParser expressions;

    PrimaryParser(
            JinjaEnvironment environment,
            TokenStream tokens,
            ParseState state,
            ExpressionParser expressions) {
        this.environment = environment;
        this.tokens = tokens;
        this.state = state;
        this.expressions = expressions;
    }

    Expression primary() {
        Token token = tokens.current();
        Mark mark = tokens.mark();
        return switch (token.type()) {
            case NAME -> name(tokens.next(), mark);
            case STRING -> string(mark);
            case INTEGER, FLOAT -> new Displays.Constant(mark, tokens.next().value());
            case OPERATOR -> display(token, mark);
            case END -> throw SyntaxErrors.of("unexpected end of template", mark);
            default -> throw tokens.error("unexpected '" + token.describe() + "'");
        };
    }

    private Expression name(Token token, Mark mark) {
        return switch (token.text()) {
            case "true", "True" -> new Displays.Constant(mark, true);
            case "false", "False" -> new Displays.Constant(mark, false);
            case "none", "None" -> new Displays.Constant(mark, null);
            default -> {
                state.use(token.text());
                yield new References.Name(mark, token.text());
            }
        };
    }

    private Expression string(Mark mark) {
        StringBuilder text = new StringBuilder();
        while (tokens.at(Token.Type.STRING)) {
            text.append(tokens.next().value());
        }
        return new Displays.Constant(mark, text.toString());
    }

    private Expression display(Token token, Mark mark) {
        return switch (token.text()) {
            case "(" -> {
                tokens.next();
                Expression value = expressions.tuple(true, true, null);
                tokens.expectOperator(")");
                yield value;
            }
            case "[" -> {
                tokens.next();
                yield new Displays.Items(mark, list("]"), false);
            }
            case "{" -> {
                tokens.next();
                yield dict(mark);
            }
            default -> throw tokens.error("unexpected '" + token.describe() + "'");
        };
    }

    private List<Expression> list(String end) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.atOperator(end)) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
            }
            if (tokens.atOperator(end)) {
                break;
            }
            items.add(expressions.expression());
        }
        tokens.expectOperator(end);
        return items;
    }

    private Expression dict(Mark mark) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.atOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
            }
            if (tokens.atOperator("}")) {
                break;
            }
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
        }
        tokens.expectOperator("}");
        return new Displays.Dict(mark, keys, values);
    }

    /** Parses members and calls behind a value. */
    Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skipOperator(".")) {
                value = member(value);
            } else if (tokens.atOperator("[")) {
                value = subscript(value);
            } else if (tokens.atOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression member(Expression object) {
        Mark mark = tokens.mark();
        Token token = tokens.current();
        if (token.type() == Token.Type.NAME) {
            tokens.next();
            return new References.Attribute(mark, object, token.text());
        }
        if (token.type() == Token.Type.INTEGER) {
            tokens.next();
            return new References.Item(mark, object, new Displays.Constant(mark, token.value()));
        }
        throw tokens.error("expected name or number");
    }

    private Expression subscript(Expression object) {
        Mark bracket = tokens.mark(tokens.next());
        Mark mark = tokens.mark();
        List<Expression> keys = new ArrayList<>();
        while (!tokens.atOperator("]")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
            }
            if (keys.isEmpty() && tokens.atOperator(":")) {
                return slice(bracket, object, null);
            }
            Expression key = expressions.expression();
            if (keys.isEmpty() && tokens.atOperator(":")) {
                return slice(bracket, object, key);
            }
            keys.add(key);
        }
        if (keys.isEmpty()) {
            throw tokens.error("expected subscript expression");
        }
        tokens.expectOperator("]");
        return new References.Item(
                mark,
                object,
                keys.size() == 1 ? keys.getFirst() : new Displays.Items(mark, keys, true));
    }

    private Expression slice(Mark mark, Expression object, @Nullable Expression start) {
        tokens.expectOperator(":");
        Expression stop = bound();
        Expression step = tokens.skipOperator(":") ? bound() : null;
        tokens.expectOperator("]");
        return new References.Slice(mark, object, start, stop, step);
    }

    private @Nullable Expression bound() {
        return tokens.atOperator("]") || tokens.atOperator(":") ? null : expressions.expression();
    }

    private Calls.Call call(Expression function) {
        Calls.ArgumentList arguments = arguments();
        String name = function.dottedName();
        if (name != null) {
            state.calls.add(site(name, function.mark, arguments));
        }
        return new Calls.Call(function, arguments);
    }

    private CallSite site(String name, Mark mark, Calls.ArgumentList arguments) {
        List<Object> positional = new ArrayList<>();
        arguments.positional().forEach(argument -> positional.add(argument.constant()));
        Map<String, Object> keywords = new LinkedHashMap<>();
        arguments
                .keywords()
                .forEach((keyword, argument) -> keywords.put(keyword, argument.constant()));
        return new CallSite(
                name,
                Collections.unmodifiableList(positional),
                Collections.unmodifiableMap(keywords),
                arguments.rest() == null && arguments.restKeywords() == null,
                mark.place(),
                state.block);
    }

    Calls.ArgumentList arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> keywords = new LinkedHashMap<>();
        Expression rest = null;
        Expression restKeywords = null;
        boolean first = true;
        while (!tokens.atOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.atOperator(")")) {
                    break;
                }
            }
            first = false;
            Mark mark = tokens.mark();
            boolean valid;
            if (tokens.skipOperator("*")) {
                valid = rest == null && restKeywords == null;
                rest = expressions.expression();
            } else if (tokens.skipOperator("**")) {
                valid = restKeywords == null;
                restKeywords = expressions.expression();
            } else if (tokens.at(Token.Type.NAME) && tokens.peek().operator("=")) {
                valid = restKeywords == null;
                String name = tokens.name();
                tokens.next();
                if (keywords.put(name, expressions.expression()) != null) {
                    throw SyntaxErrors.of("keyword argument repeated: " + name, mark);
                }
            } else {
                valid = rest == null && restKeywords == null && keywords.isEmpty();
                positional.add(expressions.expression());
            }
            if (!valid) {
                throw SyntaxErrors.of("invalid syntax for function call expression", mark);
            }
        }
        tokens.expectOperator(")");
        return new Calls.ArgumentList(positional, keywords, rest, restKeywords);
    }

    /** Parses filters, tests and calls behind a value. */
    Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skipOperator("|")) {
                value = filter(value);
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.atOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    /** Parses filters that apply to a block's text, joined by bars. */
    List<Calls.FilterCall> filterChain() {
        List<Calls.FilterCall> filters = new ArrayList<>();
        do {
            filters.add(filter(null));
        } while (tokens.skipOperator("|"));
        return filters;
    }

    private Calls.FilterCall filter(@Nullable Expression value) {
        Mark mark = tokens.mark();
        String name = dotted();
        Builtins.FilterBody filter = environment.filter(name);
        if (filter == null && !state.conditional()) {
            throw SyntaxErrors.unknownFilter(name, environment.filterNames(), mark);
        }
        Calls.ArgumentList arguments =
                tokens.atOperator("(") ? arguments() : Calls.ArgumentList.EMPTY;
        return new Calls.FilterCall(mark, value, name, filter, arguments);
    }

    private String dotted() {
        StringBuilder name = new StringBuilder(tokens.name());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.name());
        }
        return name.toString();
    }

    private Expression test(Expression value) {
        Token not = tokens.current();
        boolean negated = tokens.skipName("not");
        Mark mark = tokens.mark();
        String name = dotted();
        Builtins.TestBody test = environment.test(name);
        if (test == null && !state.conditional()) {
            throw SyntaxErrors.unknownTest(name, environment.testNames(), mark);
        }
        Calls.ArgumentList arguments = Calls.ArgumentList.EMPTY;
        if (tokens.atOperator("(")) {
            arguments = arguments();
        } else if (startsArgument()) {
            if (tokens.atName("is")) {
                throw tokens.error("You cannot chain multiple tests with is");
            }
            Expression argument = postfix(primary());
            arguments = new Calls.ArgumentList(List.of(argument), Map.of(), null, null);
        }
        Expression result = new Calls.TestCall(mark, value, name, test, arguments);
        return negated ? new Operators.Not(tokens.mark(not), result) : result;
    }

    private boolean startsArgument() {
        Token token = tokens.current();
        return switch (token.type()) {
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.operator("[") || token.operator("{");
            case NAME ->
                    !(token.name("else")
                            || token.name("or")
                            || token.name("and")
                            || token.name("if")
                            || (token.name("not") && tokens.peek().name("in"))
                            || token.name("in"));
            default -> false;
        };
    }
}
