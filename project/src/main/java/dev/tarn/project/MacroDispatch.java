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
        Optional<MacroLibrary.Macro> found =
                find(context.scope(), context.packageName(), name, namespace);
        if (found.isPresent()) {
            return context.bind(found.get());
        }
        List<String> tried = new ArrayList<>();
        for (String place : searchOrder(context.scope(), namespace)) {
            for (String prefix : PREFIXES) {
                tried.add(place.isEmpty() ? prefix + name : place + "." + prefix + name);
            }
        }
        throw TemplateErrors.noDispatch(name, namespace == null ? "(any)" : namespace, tried);
    }

    /** The version of a macro for this engine that a package gets; empty when there is none. */
    static Optional<MacroLibrary.Macro> find(
            CompileScope scope, String packageName, String name, @Nullable String namespace) {
        for (String place : searchOrder(scope, namespace)) {
            for (String prefix : PREFIXES) {
                Optional<MacroLibrary.Macro> found =
                        place.isEmpty()
                                ? scope.macros().find(prefix + name, packageName)
                                : scope.macros().in(place, prefix + name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** What a project puts in the place of a macro of the engine; empty when it does not. */
    Optional<MacroLibrary.Macro> override(String name) {
        CompileScope scope = context.scope();
        String root = scope.root().name();
        return scope.macros()
                .find(name, root)
                .filter(MacroDispatch::isForeign)
                .or(() ->
                        find(scope, root, name, MacroLibrary.INTERNAL)
                                .filter(MacroDispatch::isForeign));
    }

    private static boolean isForeign(MacroLibrary.Macro macro) {
        return !macro.packageName().equals(MacroLibrary.INTERNAL);
    }

    private static List<String> searchOrder(CompileScope scope, @Nullable String namespace) {
        if (namespace == null) {
            return List.of("");
        }
        List<String> declared = scope.root().dispatch().get(namespace);
        if (declared != null && !declared.isEmpty()) {
            return declared;
        }
        if (!scope.macros().hasPackage(namespace)) {
            return List.of("");
        }
        String root = scope.root().name();
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
