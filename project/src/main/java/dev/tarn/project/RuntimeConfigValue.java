package dev.tarn.project;

import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What packages find behind {@code builtins.ref.config} and {@code adapter.config}: the project
 * that runs, or a package it has.
 */
final class RuntimeConfigValue implements PyObject {
    private final CompileScope scope;
    private final ProjectFile project;

    RuntimeConfigValue(CompileScope scope, ProjectFile project) {
        this.scope = scope;
        this.project = project;
    }

    @Override
    public @Nullable Object attribute(String name) {
        ProjectRequest request = scope.request();
        return switch (name) {
            case "project_name" -> project.name();
            case "version" -> project.version().orElse(null);
            case "project_root" -> request.root().toAbsolutePath().normalize().toString();
            case "profile_name" -> scope.target().get("profile_name");
            case "target_name" -> scope.target().get("name");
            case "credentials" -> new LinkedHashMap<>(scope.target());
            case "threads" -> scope.target().get("threads");
            case "model_paths" -> new ArrayList<Object>(project.modelPaths());
            case "macro_paths" -> new ArrayList<Object>(project.macroPaths());
            case "packages_install_path" -> scope.root().packagesPath();
            case "vars" -> provider();
            case "cli_vars" -> new LinkedHashMap<Object, @Nullable Object>(request.vars());
            case "args" -> Functions.arguments(request);
            case "dependencies" -> dependencies();
            case "models", "seeds", "sources", "snapshots" -> tree(name);
            case "quoting" -> quoting();
            case "query_comment", "packages" -> null;
            default -> Missing.VALUE;
        };
    }

    /** As for DuckDB: everything is quoted where the project does not say otherwise. */
    private Map<Object, @Nullable Object> quoting() {
        Map<Object, @Nullable Object> quoting = new LinkedHashMap<>();
        List.of("database", "schema", "identifier").forEach(part -> quoting.put(part, true));
        project.mapping()
                .find("quoting")
                .map(YamlValue.Entry::value)
                .filter(YamlValue.Mapping.class::isInstance)
                .ifPresent(said -> quoting.putAll(((YamlValue.Mapping) said).plain()));
        return quoting;
    }

    /** dbt has an object there, which gives its variables when it is asked. */
    private PyObject provider() {
        return name ->
                switch (name) {
                    case "to_dict" -> (PyCallable) a -> variables();
                    case "vars" -> variables();
                    default -> Missing.VALUE;
                };
    }

    private Map<Object, @Nullable Object> variables() {
        Map<Object, @Nullable Object> vars = new LinkedHashMap<>();
        project.vars().ifPresent(v -> vars.putAll(v.plain()));
        return vars;
    }

    private Map<Object, @Nullable Object> tree(String name) {
        YamlValue.Mapping tree = project.configs().get(name);
        return tree == null ? new LinkedHashMap<>() : tree.plain();
    }

    private Map<Object, Object> dependencies() {
        Map<Object, Object> dependencies = new LinkedHashMap<>();
        scope.packages().forEach((n, p) -> dependencies.put(n, new RuntimeConfigValue(scope, p)));
        return dependencies;
    }

    @Override
    public String typeName() {
        return "RuntimeConfig";
    }
}
