package dev.tarn.project;

import dev.tarn.jinja.Undefined;
import dev.tarn.model.Suggestion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a template names and nobody defines: prints as nothing, and says what may be meant. */
final class UnknownName extends Undefined {
    private static final List<String> WORDS =
            List.of(
                    "adapter",
                    "api",
                    "builtins",
                    "config",
                    "context",
                    "env_var",
                    "exceptions",
                    "execute",
                    "flags",
                    "graph",
                    "invocation_id",
                    "is_incremental",
                    "load_result",
                    "model",
                    "modules",
                    "metric",
                    "ref",
                    "run_query",
                    "run_started_at",
                    "selected_resources",
                    "source",
                    "statement",
                    "target",
                    "this",
                    "tojson",
                    "var");

    private final MacroLibrary macros;
    private final String packageName;

    /**
     * @param packageName of the template that names it
     */
    UnknownName(Undefined.Origin origin, MacroLibrary macros, String packageName) {
        super(origin);
        this.macros = macros;
        this.packageName = packageName;
    }

    @Override
    protected String describe() {
        return ofPackage()
                .map(p -> "Package '%s' has no macro '%s'.".formatted(p, origin().name()))
                .orElseGet(super::describe);
    }

    @Override
    protected @Nullable String hint() {
        if (!(origin().name() instanceof String name) || origin().message() != null) {
            return super.hint();
        }
        Optional<String> owner = ofPackage();
        if (owner.isPresent()) {
            return meant(name, callable(owner.get())).orElse(null);
        }
        return origin().isVariable() ? variable(name) : super.hint();
    }

    private String variable(String name) {
        for (String other : macros.packageNames()) {
            if (macros.in(other, name).isPresent()) {
                return "Package '%s' has such a macro: write %s.%s.".formatted(other, other, name);
            }
        }
        Set<String> known = callable(MacroLibrary.INTERNAL);
        known.addAll(callable(macros.rootPackage()));
        known.addAll(callable(packageName));
        known.addAll(macros.packageNames());
        known.addAll(WORDS);
        return meant(name, known)
                .orElse(
                        "If it comes from a package, name that in packages.yml and run `tarn"
                                + " deps`.");
    }

    private static Optional<String> meant(String name, Set<String> known) {
        return Suggestion.closest(name, known).map(n -> "Did you mean '" + n + "'?");
    }

    /** The package that was asked, if one was. */
    private Optional<String> ofPackage() {
        return origin().owner() instanceof NodeContext.PackageValue asked
                ? Optional.of(asked.name())
                : Optional.empty();
    }

    /** The macros of a package that templates call, which those for one database are not. */
    private Set<String> callable(String owner) {
        Set<String> names = new TreeSet<>();
        for (String name : macros.macrosOf(owner).keySet()) {
            if (!name.contains("__")
                    && !name.startsWith("test_")
                    && !name.startsWith("materialization_")) {
                names.add(name);
            }
        }
        return names;
    }
}
