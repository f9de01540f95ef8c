package dev.tarn.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Parses a template: its text, output and statements. */
final class Parser {
    private static final List<String> TAGS =
            List.of(
                    "if",
                    "for",
                    "set",
                    "do",
                    "print",
                    "macro",
                    "call",
                    "filter",
                    "with",
                    "block",
                    "extends",
                    "include",
                    "import",
                    "from",
                    "autoescape",
                    "raw");

    private final JinjaEnvironment environment;
    private final TemplateSource source;
    private final TokenStream tokens;
    private final ParseState state = new ParseState();
    private final ExpressionParser expressions;
    private final TargetParser targets;
    private final BlockParser blocks;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<String, BlockStatement> blockStatements = new LinkedHashMap<>();
    private final boolean forBlocks;

    /** A tag that waits for its end. */
    private record Open(String tag, List<String> wanted, Mark mark) {}

    /**
     * @param forBlocks whether only the blocks of the file count, so that unknown tags beside them
     *     do not matter
     */
    Parser(JinjaEnvironment environment, TemplateSource source, boolean forBlocks) {
        this.environment = environment;
        this.forBlocks = forBlocks;
        this.source = source;
        this.tokens =
                new TokenStream(source, new Lexer(source, environment.lexerOptions()).tokens());
        this.expressions = new ExpressionParser(environment, tokens, state);
        this.targets = new TargetParser(tokens);
        this.blocks = new BlockParser(environment, source, tokens, state, expressions, this);
    }

    Template.Parsed parse() {
        Body body = statements();
        return new Template.Parsed(
                body,
                List.copyOf(blocks.found()),
                List.copyOf(state.calls),
                Map.copyOf(blockStatements));
    }

    /**
     * Parses up to a tag that the innermost open block waits for; leaves its name as next token.
     */
    private Body statements() {
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            Mark mark = tokens.mark();
            switch (token.type()) {
                case DATA -> {
                    statements.add(new Statements.Text(mark, tokens.next().text()));
                }
                case VARIABLE_BEGIN -> {
                    tokens.next();
                    Expression value = expressions.tuple();
                    tokens.expect(Token.Type.VARIABLE_END);
                    statements.add(new Statements.Print(mark, value));
                }
                case BLOCK_BEGIN -> {
                    tokens.next();
                    if (!tokens.at(Token.Type.NAME)) {
                        throw SyntaxErrors.of("tag name expected", tokens.mark());
                    }
                    if (!open.isEmpty() && open.peek().wanted().contains(tokens.current().text())) {
                        return new Body(statements);
                    }
                    state.nest(mark);
                    Statement statement = statement(mark);
                    state.unnest();
                    if (statement != null) {
                        statements.add(statement);
                    }
                }
                default -> {
                    if (!open.isEmpty()) {
                        Open block = open.peek();
                        throw SyntaxErrors.unclosed(block.wanted(), block.tag(), block.mark());
                    }
                    return new Body(statements);
                }
            }
        }
    }

    /** Parses the rest of a tag and the body up to one of some other tags. */
    Body body(String tag, Mark mark, String... wanted) {
        tokens.skipOperator(":");
        tokens.expect(Token.Type.BLOCK_END);
        open.push(new Open(tag, List.of(wanted), mark));
        Body body = statements();
        open.pop();
        return body;
    }

    /** Parses a body that one tag ends, with that tag. */
    private Body wholeBody(String tag, Mark mark) {
        Body body = body(tag, mark, "end" + tag);
        tokens.next();
        endTag();
        return body;
    }

    void endTag() {
        tokens.expect(Token.Type.BLOCK_END);
    }

    private @Nullable Statement statement(Mark mark) {
        Token tag = tokens.next();
        return switch (tag.text()) {
            case "if" -> ifStatement(mark);
            case "for" -> forLoop(mark);
            case "set" -> set(mark);
            case "do" -> new Statements.Do(mark, lastTuple());
            case "print" -> print(mark);
            case "macro" -> blocks.macro(mark, open.isEmpty());
            case "call" -> blocks.call(mark);
            case "filter" -> filter(mark);
            case "with" -> with(mark);
            case "block" -> block(mark);
            case "extends" -> extendsTemplate(mark);
            case "include" -> include(mark);
            case "import" -> importTemplate(mark);
            case "from" -> fromImport(mark);
            case "autoescape" -> autoescape(mark);
            default -> other(tag, mark);
        };
    }

    private @Nullable Statement other(Token tag, Mark mark) {
        BlockTag blockTag = environment.blockTag(tag.text());
        if (blockTag != null) {
            blocks.blockTag(blockTag, mark, open.isEmpty());
            return null;
        }
        if (environment.loopControls()) {
            if (tag.text().equals("break")) {
                endTag();
                return new Statements.Jump(mark, Statement.Flow.BREAK);
            }
            if (tag.text().equals("continue")) {
                endTag();
                return new Statements.Jump(mark, Statement.Flow.CONTINUE);
            }
        }
        if (forBlocks && open.isEmpty() && !tag.text().startsWith("end")) {
            while (!tokens.at(Token.Type.BLOCK_END) && !tokens.at(Token.Type.END)) {
                tokens.next();
            }
            endTag();
            return null;
        }
        throw unknownTag(tag);
    }

    private JinjaException unknownTag(Token tag) {
        Mark place = tokens.mark(tag);
        List<String> wanted = open.isEmpty() ? List.of() : open.peek().wanted();
        for (Open block : open) {
            if (block.wanted().contains(tag.text())) {
                return SyntaxErrors.misplacedTag(tag.text(), open.getFirst().tag(), wanted, place);
            }
        }
        TreeSet<String> known = new TreeSet<>(TAGS);
        known.addAll(environment.blockTagNames());
        known.addAll(wanted);
        String opening = open.isEmpty() ? "" : open.getFirst().tag();
        return SyntaxErrors.unknownTag(tag.text(), known, wanted, opening, place);
    }

    private Statement print(Mark mark) {
        List<Statement> parts = new ArrayList<>();
        do {
            parts.add(new Statements.Print(mark, expressions.expression()));
        } while (tokens.skipOperator(","));
        endTag();
        return new Statements.Group(mark, new Body(parts));
    }

    private Expression lastTuple() {
        Expression value = expressions.tuple();
        endTag();
        return value;
    }

    private Statement ifStatement(Mark mark) {
        List<Statements.Branch> branches = new ArrayList<>();
        Body otherwise = Body.EMPTY;
        boolean before = state.conditional();
        while (true) {
            state.conditional(before);
            Expression condition = expressions.tupleBefore(null);
            state.conditional(true);
            Body body = body("if", mark, "elif", "else", "endif");
            branches.add(new Statements.Branch(condition, body));
            String tag = tokens.next().text();
            if (tag.equals("elif")) {
                continue;
            }
            if (tag.equals("else")) {
                otherwise = body("if", mark, "endif");
                tokens.next();
            }
            endTag();
            state.conditional(before);
            return new Statements.If(mark, branches, otherwise);
        }
    }

    private Statement forLoop(Mark mark) {
        Statements.Target target = targets.loopTarget();
        tokens.expectName("in");
        Expression sequence = expressions.tupleBefore("recursive");
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        boolean before = state.conditional(false);
        boolean[] usesLoop = state.enterLoop();
        Body body = body("for", mark, "endfor", "else");
        state.leaveLoop();
        Body otherwise = Body.EMPTY;
        if (tokens.next().text().equals("else")) {
            otherwise = body("for", mark, "endfor");
            tokens.next();
        }
        endTag();
        state.conditional(before);
        return new ForLoop(
                mark, target, sequence, condition, body, otherwise, usesLoop[0] || recursive);
    }

    private Statement set(Mark mark) {
        Statements.Target target = targets.assignmentTarget();
        if (tokens.skipOperator("=")) {
            return new Statements.Assign(mark, target, lastTuple());
        }
        List<Calls.FilterCall> filters =
                tokens.skipOperator("|") ? expressions.primaries().filterChain() : List.of();
        boolean before = state.conditional(false);
        Body body = wholeBody("set", mark);
        state.conditional(before);
        return new Statements.AssignBlock(mark, target, filters, body);
    }

    private Statement filter(Mark mark) {
        List<Calls.FilterCall> filters = expressions.primaries().filterChain();
        boolean before = state.conditional(false);
        Body body = wholeBody("filter", mark);
        state.conditional(before);
        return new Statements.FilterBlock(mark, filters, body);
    }

    private Statement with(Mark mark) {
        List<Statements.Target> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.at(Token.Type.BLOCK_END)) {
            if (!names.isEmpty()) {
                tokens.expectOperator(",");
            }
            names.add(targets.parameterTarget());
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        boolean before = state.conditional(false);
        Body body = wholeBody("with", mark);
        state.conditional(before);
        return new Statements.With(mark, names, values, body);
    }

    private Statement autoescape(Mark mark) {
        expressions.expression();
        return new Statements.Group(mark, wholeBody("autoescape", mark));
    }

    private Statement block(Mark mark) {
        Mark nameMark = tokens.mark();
        String name = tokens.name();
        if (tokens.atOperator("-")) {
            throw tokens.error(
                    "Block names in Jinja have to be valid Python identifiers and may not contain"
                            + " hyphens, use an underscore instead.");
        }
        boolean scoped = tokens.skipName("scoped");
        boolean required = tokens.skipName("required");
        boolean before = state.conditional(false);
        Body body = body("block", mark, "endblock");
        state.conditional(before);
        tokens.next();
        tokens.skipName(name);
        endTag();
        BlockStatement block = new BlockStatement(mark, name, body, scoped, required);
        if (blockStatements.put(name, block) != null) {
            throw SyntaxErrors.of("block '" + name + "' defined twice", nameMark);
        }
        return block;
    }

    private Statement extendsTemplate(Mark mark) {
        Expression template = expressions.expression();
        endTag();
        return new Imports.Extends(mark, template);
    }

    private Statement include(Mark mark) {
        Expression template = expressions.expression();
        boolean ignore = false;
        if (tokens.atName("ignore") && tokens.peek().name("missing")) {
            tokens.next();
            tokens.next();
            ignore = true;
        }
        boolean withContext = context(true);
        endTag();
        state.useLoop();
        return new Imports.Include(mark, template, ignore, withContext);
    }

    /** Parses {@code with context} or {@code without context}, if it is there. */
    private boolean context(boolean otherwise) {
        boolean with = tokens.atName("with");
        if ((with || tokens.atName("without")) && tokens.peek().name("context")) {
            tokens.next();
            tokens.next();
            return with;
        }
        return otherwise;
    }

    private Statement importTemplate(Mark mark) {
        Expression template = expressions.expression();
        tokens.expectName("as");
        String target = tokens.name();
        boolean withContext = context(false);
        endTag();
        return new Imports.Import(mark, template, target, withContext);
    }

    private Statement fromImport(Mark mark) {
        Expression template = expressions.expression();
        tokens.expectName("import");
        List<Imports.Imported> names = new ArrayList<>();
        boolean withContext = false;
        while (!tokens.at(Token.Type.BLOCK_END)) {
            if (!names.isEmpty()) {
                boolean comma = tokens.skipOperator(",");
                if (contextFollows()) {
                    withContext = context(false);
                    break;
                }
                if (!comma) {
                    tokens.expectOperator(",");
                }
                if (tokens.at(Token.Type.BLOCK_END)) {
                    break;
                }
            }
            names.add(imported());
        }
        if (names.isEmpty()) {
            tokens.expect(Token.Type.NAME);
        }
        endTag();
        return new Imports.FromImport(mark, template, names, withContext);
    }

    private boolean contextFollows() {
        return (tokens.atName("with") || tokens.atName("without")) && tokens.peek().name("context");
    }

    private Imports.Imported imported() {
        Mark mark = tokens.mark();
        String name = tokens.name();
        if (name.startsWith("_")) {
            throw SyntaxErrors.of("names starting with an underline can not be imported", mark);
        }
        String alias = tokens.skipName("as") ? tokens.name() : name;
        return new Imports.Imported(name, alias, mark);
    }

    TemplateSource source() {
        return source;
    }
}
