package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Parses macros, call blocks and the block tags of a client. */
final class BlockParser {
    private final JinjaEnvironment environment;
    private final TemplateSource source;
    private final TokenStream tokens;
    private final ParseState state;
    private final ExpressionParser expressions;
    private final Parser parser;
    private final List<Block> found = new ArrayList<>();

    BlockParser(
            JinjaEnvironment environment,
            TemplateSource source,
            TokenStream tokens,
            ParseState state,
            ExpressionParser expressions,
            Parser parser) {
        this.environment = environment;
        this.source = source;
        this.tokens = tokens;
        this.state = state;
        this.expressions = expressions;
        this.parser = parser;
    }

    /** Returns the blocks of the top level. */
    List<Block> found() {
        return found;
    }

    Statement macro(Mark mark, boolean topLevel) {
        String name = tokens.name();
        MacroDefinition definition =
                definition("macro", name, mark, topLevel, Map.of(), this::parameters);
        return new MacroStatements.Define(definition);
    }

    void blockTag(BlockTag tag, Mark mark, boolean topLevel) {
        String name = tokens.name();
        switch (tag.header()) {
            case SIGNATURE ->
                    definition(tag.name(), name, mark, topLevel, Map.of(), this::parameters);
            case NAME -> definition(tag.name(), name, mark, topLevel, Map.of(), List::of);
            case SETTINGS -> {
                Map<String, Object> settings = settings();
                definition(tag.name(), name, mark, topLevel, settings, List::of);
            }
        }
    }

    /** Parses what follows a header; the body counts the special names it uses. */
    private MacroDefinition definition(
            String tag,
            String name,
            Mark mark,
            boolean topLevel,
            Map<String, Object> settings,
            Supplier<List<MacroDefinition.Formal>> header) {
        String outerBlock = state.block;
        if (topLevel) {
            state.block = name;
        }
        ParseState.Names names = state.enterMacro();
        boolean before = state.conditional(false);
        List<MacroDefinition.Formal> parameters = header.get();
        Body body = parser.body(tag, mark, "end" + tag);
        int bodyEnd = tokens.previous().offset();
        tokens.next();
        tokens.skipName(name);
        int end = tokens.current().end();
        parser.endTag();
        state.conditional(before);
        state.leaveMacro();
        state.block = outerBlock;
        MacroDefinition definition =
                new MacroDefinition(
                        mark, name, parameters, body, names.caller, names.varargs, names.kwargs);
        if (topLevel) {
            int bodyStart = bodyStart(mark);
            found.add(
                    new Block(
                            environment,
                            source,
                            tag,
                            definition,
                            settings,
                            source.span(mark.offset(), end),
                            source.span(bodyStart, Math.max(bodyStart, bodyEnd))));
        }
        return definition;
    }

    /** Finds where the body begins, which is behind the end of the opening tag. */
    private int bodyStart(Mark mark) {
        return tokens.endOfTag(mark.offset());
    }

    private List<MacroDefinition.Formal> parameters() {
        List<MacroDefinition.Formal> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        boolean defaults = false;
        while (!tokens.atOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.atOperator(")")) {
                    break;
                }
            }
            MacroDefinition.Formal formal = parameter();
            if (defaults && formal.otherwise() == null) {
                throw SyntaxErrors.of(
                        "non-default argument follows default argument",
                        new Mark(source, tokens.previous().offset()));
            }
            defaults |= formal.otherwise() != null;
            parameters.add(formal);
        }
        tokens.expectOperator(")");
        return List.copyOf(parameters);
    }

    private MacroDefinition.Formal parameter() {
        Mark mark = tokens.mark();
        String name = tokens.name();
        String type = null;
        if (environment.typedParameters() && tokens.skipOperator(":")) {
            int start = tokens.current().offset();
            type();
            type = source.text.substring(start, tokens.previous().end());
        }
        Expression otherwise = null;
        String text = null;
        if (tokens.skipOperator("=")) {
            int start = tokens.current().offset();
            otherwise = expressions.expression();
            text = source.text.substring(start, tokens.previous().end());
        }
        return new MacroDefinition.Formal(new Parameter(name, type, text, mark.place()), otherwise);
    }

    private void type() {
        tokens.name();
        while (tokens.skipOperator(".")) {
            tokens.name();
        }
        if (tokens.skipOperator("[")) {
            do {
                type();
            } while (tokens.skipOperator(","));
            tokens.expectOperator("]");
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        while (tokens.skipOperator(",")) {
            Mark mark = tokens.mark();
            String name = tokens.name();
            @Nullable Object value = true;
            if (tokens.skipOperator("=")) {
                Expression expression = expressions.expression();
                value = expression.constant();
                if (value == Missing.VALUE) {
                    throw SyntaxErrors.of(
                            "the value of '" + name + "' must be a constant", expression.mark);
                }
            }
            if (settings.put(name, value) != null) {
                throw SyntaxErrors.of("setting repeated: " + name, mark);
            }
        }
        return Collections.unmodifiableMap(settings);
    }

    Statement call(Mark mark) {
        List<MacroDefinition.Formal> parameters = tokens.atOperator("(") ? parameters() : List.of();
        Mark callMark = tokens.mark();
        if (!(expressions.expression() instanceof Calls.Call call)) {
            throw SyntaxErrors.of("expected call", callMark);
        }
        ParseState.Names names = state.enterMacro();
        boolean before = state.conditional(false);
        Body body = parser.body("call", mark, "endcall");
        state.conditional(before);
        state.leaveMacro();
        tokens.next();
        parser.endTag();
        MacroDefinition caller =
                new MacroDefinition(
                        mark,
                        "caller",
                        parameters,
                        body,
                        names.caller,
                        names.varargs,
                        names.kwargs);
        return new MacroStatements.CallBlock(mark, caller, call);
    }
}
