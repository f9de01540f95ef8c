package dev.tarn.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code self}: the blocks of a template, to call by name. */
final class BlockReferences implements PyObject {
    private final Rendering rendering;

    BlockReferences(Rendering rendering) {
        this.rendering = rendering;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return rendering.blocks(name).isEmpty() ? Missing.VALUE : above(rendering.root, name, 0);
    }

    @Override
    public String typeName() {
        return "TemplateReference";
    }

    /** Returns a version of a block as something to call. */
    static Object above(Scope scope, String name, int level) {
        List<BlockStatement> versions = scope.rendering.blocks(name);
        if (level >= versions.size()) {
            return scope.undefined(
                    Undefined.Origin.special("there is no parent block called '" + name + "'."));
        }
        return (PyCallable)
                arguments -> {
                    Session session =
                            arguments.session() == null ? scope.session : arguments.session();
                    Output out = new Output(session);
                    versions.get(level).render(scope, level, session, out);
                    return out.finish();
                };
    }
}
