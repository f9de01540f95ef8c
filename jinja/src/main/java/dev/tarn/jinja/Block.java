package dev.tarn.jinja;

import java.util.List;
import java.util.Map;

/** A macro, or a use of a client's block tag, at the top level of a template. Immutable. */
public final class Block {
    private final JinjaEnvironment environment;
    private final TemplateSource source;
    private final String kind;
    private final MacroDefinition definition;
    private final Map<String, Object> settings;
    private final Span span;
    private final Span bodySpan;

    Block(
            JinjaEnvironment environment,
            TemplateSource source,
            String kind,
            MacroDefinition definition,
            Map<String, Object> settings,
            Span span,
            Span bodySpan) {
        this.environment = environment;
        this.source = source;
        this.kind = kind;
        this.definition = definition;
        this.settings = settings;
        this.span = span;
        this.bodySpan = bodySpan;
    }

    /** Returns "macro" or the name of the block tag. */
    public String kind() {
        return kind;
    }

    public String name() {
        return definition.name();
    }

    public List<Parameter> parameters() {
        return definition.parameters().stream().map(MacroDefinition.Formal::described).toList();
    }

    /** Returns the constants of the header; a bare flag is true. */
    public Map<String, Object> settings() {
        return settings;
    }

    /** Returns the whole block with its tags. */
    public Span span() {
        return span;
    }

    /** Returns what stands between the tags. */
    public Span bodySpan() {
        return bodySpan;
    }

    /** Returns the whole block with its tags as text. */
    public String text() {
        return source.text.substring(span.startOffset(), span.endOffset());
    }

    public String bodyText() {
        return source.text.substring(bodySpan.startOffset(), bodySpan.endOffset());
    }

    /** Returns the block as a macro whose free names come from a context. */
    public MacroValue bind(Context context) {
        Session session = new Session(environment.limits());
        return new MacroValue(definition, new Rendering(environment, context, session).root, null);
    }

    /** Renders the body as if it were a template of its own. */
    public Rendered render(Context context) {
        Session session = new Session(environment.limits());
        Output out = new Output(session);
        Scope root = new Rendering(environment, context, session).root;
        Template.guard(definition.mark(), () -> definition.body().run(root, out));
        return out.render(source);
    }

    @Override
    public String toString() {
        return kind + " " + name() + " at " + span.start();
    }
}
