package dev.tarn.jinja;

import java.util.List;

/** {@code {% block name %}}: a part that templates which extend this one can replace. */
final class BlockStatement extends Statement {
    private final String name;
    private final Body body;
    private final boolean scoped;
    private final boolean required;

    BlockStatement(Mark mark, String name, Body body, boolean scoped, boolean required) {
        super(mark);
        this.name = name;
        this.body = body;
        this.scoped = scoped;
        this.required = required;
    }

    @Override
    Flow execute(Scope scope, Output out) {
        if (scope.rendering.extended()) {
            return Flow.NEXT;
        }
        List<BlockStatement> versions = scope.rendering.blocks(name);
        BlockStatement first = versions.isEmpty() ? this : versions.getFirst();
        if (first.required) {
            throw ValueErrors.runtime("Required block '" + name + "' not found").at(mark);
        }
        first.render(scoped ? scope : scope.rendering.root, 0, scope.session, out);
        return Flow.NEXT;
    }

    /** Renders this version of the block; the level says how many versions replace it. */
    void render(Scope outer, int level, Session session, Output out) {
        Scope inner = outer.child(session);
        inner.set("super", BlockReferences.above(outer, name, level + 1));
        session.enter();
        try {
            body.run(inner, out);
        } finally {
            session.leave();
        }
    }
}
