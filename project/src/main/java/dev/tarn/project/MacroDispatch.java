package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.PyCallable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code adapter.dispatch}: finds the macro for this database, in the packages of a search order,
 * {@code duckdb__name} before {@code default__name}.
 */
final class MacroDispatch implements PyCallable {
    private static final List<String> PREFIXES = List.of(AdapterValue.TYPE + "__", "default__");

    private final NodeContext context;

    MacroDispatch(NodeContext context) {
        this.context = context;
    }

    @Override
    public Object call(Arguments a) {
        String name = a.requireText(0, "macro_name");
        String namespace = a.text(1, "macro_namespace", null);
        if (name.indexOf('.') > 0) {
            namespace = name.substring(0, name.indexOf('.'));
            name = name.substring(name.indexOf('.') + 1);
        }
        List<String> tried = new ArrayList<>();
        for (String place : searchOrder(namespace)) {
            for (String prefix : PREFIXES) {
                String full = prefix + name;
                tried.add(place.isEmpty() ? full : place + "." + full);
                Optional<MacroLibrary.Macro> found =
                        place.isEmpty()
                                ? context.scope().macros().find(full, context.packageName())
                                : context.scope().macros().in(place, full);
                if (found.isPresent()) {
                    return context.bind(found.get());
                }
            }
        }
        throw TemplateErrors.noDispatch(name, namespace == null ? "(any)" : namespace, tried);
    }

    private List<String> searchOrder(@Nullable String namespace) {
        if (namespace == null) {
            return List.of("");
        }
        List<String> declared = context.scope().root().dispatch().get(namespace);
        if (declared != null && !declared.isEmpty()) {
            return declared;
        }
        if (!context.scope().macros().hasPackage(namespace)) {
            return List.of("");
        }
        String root = context.scope().root().name();
        return namespace.equals(root) ? List.of(root) : List.of(root, namespace);
    }

    /** The macro of an incremental strategy: {@code get_incremental_merge_sql}, or one's own. */
    Object strategy(Arguments a) {
        String strategy = a.requireText(1, "strategy").replace('+', '_').replace(" ", "_");
        String name = "get_incremental_" + strategy + "_sql";
        return context.scope()
                .macros()
                .find(name, context.packageName())
                .map(context::bind)
                .orElseThrow(() -> TemplateErrors.noStrategy(strategy, name));
    }
}
