package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What belongs to the rendering of one template: its context, and its blocks with inheritance. */
final class Rendering {
    final JinjaEnvironment environment;
    final UndefinedFactory undefined;
    final Scope root;
    private final Context context;
    private final Map<String, List<BlockStatement>> blocks = new HashMap<>();
    private @Nullable Template parent;

    /** Starts a rendering from nothing but a context. */
    Rendering(JinjaEnvironment environment, Context context, Session session) {
        this.environment = environment;
        this.context = context;
        UndefinedFactory own = context.undefined();
        this.undefined = own == null ? environment.undefined() : own;
        this.root = Scope.root(this, session);
    }

    /** Starts a rendering that sees the variables of another template. */
    Rendering(Scope outer) {
        this.environment = outer.rendering.environment;
        this.context = outer.rendering.context;
        this.undefined = outer.rendering.undefined;
        this.root = outer.child(this);
    }

    @Nullable Object resolve(String name) {
        Object value = context.resolve(name);
        if (value != Missing.VALUE) {
            return value;
        }
        return name.equals("self") ? new BlockReferences(this) : environment.global(name);
    }

    /** Adds the blocks of a template below those that are known already. */
    void add(Map<String, BlockStatement> more) {
        more.forEach((name, block) ->
                blocks.computeIfAbsent(name, unused -> new ArrayList<>()).add(block));
    }

    List<BlockStatement> blocks(String name) {
        return blocks.getOrDefault(name, List.of());
    }

    void extend(Template template) {
        parent = template;
        add(template.blockStatements());
    }

    boolean extended() {
        return parent != null;
    }

    /** Returns the template to go on with, and forgets it. */
    @Nullable Template takeParent() {
        Template taken = parent;
        parent = null;
        return taken;
    }
}
