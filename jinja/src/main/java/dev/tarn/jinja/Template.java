package dev.tarn.jinja;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled template. Immutable, so any number of threads can render it at once. */
public final class Template {
    private final JinjaEnvironment environment;
    private final TemplateSource source;
    private final Parsed parsed;

    /** What the parser found. */
    record Parsed(
            Body body,
            List<Block> blocks,
            List<CallSite> calls,
            Map<String, BlockStatement> blockStatements) {}

    Template(JinjaEnvironment environment, TemplateSource source, Parsed parsed) {
        this.environment = environment;
        this.source = source;
        this.parsed = parsed;
    }

    public String name() {
        return source.name;
    }

    /** Returns the text that offsets refer to: the original with line breaks made uniform. */
    public String source() {
        return source.text;
    }

    /** Returns the macros and block tags of the top level, in order. */
    public List<Block> blocks() {
        return parsed.blocks();
    }

    /** Returns the macros of the top level, in order. */
    public List<Block> macros() {
        return parsed.blocks().stream().filter(block -> block.kind().equals("macro")).toList();
    }

    /** Returns the block of a kind and name. */
    public Optional<Block> block(String kind, String name) {
        return parsed.blocks().stream()
                .filter(block -> block.kind().equals(kind) && block.name().equals(name))
                .findFirst();
    }

    /**
     * Returns every call of a plain or dotted name, in order, whether it would be reached or not.
     */
    public List<CallSite> calls() {
        return parsed.calls();
    }

    /** Returns the calls of some functions. */
    public List<CallSite> calls(Set<String> functions) {
        return parsed.calls().stream().filter(call -> functions.contains(call.function())).toList();
    }

    public Rendered render(Context context) {
        Session session = new Session(environment.limits());
        Output out = new Output(session);
        run(context, session, out);
        return out.render(source);
    }

    /** Returns the value of a template that is one lone expression, and the text of any other. */
    public @Nullable Object evaluate(Context context) {
        List<Statement> statements = parsed.body().statements();
        if (statements.size() != 1 || !(statements.getFirst() instanceof Statements.Print print)) {
            return render(context).text();
        }
        Session session = new Session(environment.limits());
        Scope root = new Rendering(environment, context, session).root;
        @Nullable Object[] result = new Object[1];
        guard(print.mark, () -> result[0] = print.expression.evaluate(root));
        return result[0];
    }

    /** Executes the top level and returns its variables: macros, imports and what was set. */
    public Map<String, Object> exports(Context context) {
        Session session = new Session(environment.limits());
        return Collections.unmodifiableMap(run(context, session, new Output(session)).own());
    }

    private Scope run(Context context, Session session, Output out) {
        Rendering rendering = new Rendering(environment, context, session);
        guard(new Mark(source, 0), () -> execute(rendering, out));
        return rendering.root;
    }

    /** Turns what must not leave a template into errors of ours. */
    static void guard(Mark mark, Runnable work) {
        try {
            work.run();
        } catch (MacroReturn e) {
            throw ValueErrors.runtime("return() was used outside of a macro.").at(mark);
        } catch (StackOverflowError e) {
            throw LimitErrors.stack().at(mark);
        }
    }

    Map<String, BlockStatement> blockStatements() {
        return parsed.blockStatements();
    }

    /** Executes this template, and then those it extends. */
    void execute(Rendering rendering, Output out) {
        rendering.add(parsed.blockStatements());
        Template template = this;
        while (template != null) {
            template.executeOwn(rendering, out);
            template = rendering.takeParent();
        }
    }

    private void executeOwn(Rendering rendering, Output out) {
        Output unseen = new Output(rendering.root.session);
        for (Statement statement : parsed.body().statements()) {
            statement.execute(rendering.root, rendering.extended() ? unseen : out);
        }
    }

    @Override
    public String toString() {
        return "template " + source.name;
    }
}
