package dev.tarn.project;

import dev.tarn.jinja.Missing;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a project: given with the request, else by the root project for the package,
 * else by the root project for all, else by the package itself.
 */
final class Variables {
    private final Map<String, @Nullable Object> given;
    private final ProjectFile root;
    private final Map<String, ProjectFile> packages;

    Variables(
            Map<String, @Nullable Object> given,
            ProjectFile root,
            Map<String, ProjectFile> packages) {
        this.given = given;
        this.root = root;
        this.packages = packages;
    }

    /** The value, or {@link Missing#VALUE}; the name of a package has all of its variables. */
    @Nullable Object find(String name, String packageName) {
        if (given.containsKey(name)) {
            return given.get(name);
        }
        for (Mapping scope : scopes(packageName)) {
            Optional<Entry> entry = scope.find(name);
            if (entry.isPresent()) {
                return entry.get().value().plain();
            }
        }
        return Missing.VALUE;
    }

    /** All names that a package can use. */
    Set<String> names(String packageName) {
        Set<String> names = new LinkedHashSet<>(given.keySet());
        for (Mapping scope : scopes(packageName)) {
            scope.entries().stream().filter(e -> !isScope(e)).forEach(e -> names.add(e.key()));
        }
        return names;
    }

    private List<Mapping> scopes(String packageName) {
        List<Mapping> scopes = new ArrayList<>();
        addScopes(root, packageName, scopes);
        ProjectFile own = packages.get(packageName);
        if (own != null && !own.name().equals(root.name())) {
            addScopes(own, packageName, scopes);
        }
        return scopes;
    }

    private static void addScopes(ProjectFile file, String packageName, List<Mapping> scopes) {
        Optional<Mapping> vars = file.vars();
        vars.flatMap(v -> v.find(packageName))
                .map(Entry::value)
                .filter(Mapping.class::isInstance)
                .ifPresent(m -> scopes.add((Mapping) m));
        vars.ifPresent(scopes::add);
    }

    /** Whether it has the variables of a package, rather than one that a message would name. */
    private boolean isScope(Entry entry) {
        return entry.value() instanceof Mapping && packages.containsKey(entry.key());
    }
}
