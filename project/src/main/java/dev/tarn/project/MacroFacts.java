package dev.tarn.project;

import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is said about macros, in the shape of dbt's manifest. */
final class MacroFacts {
    private final CompileScope scope;
    private final Map<String, Declared> described = new LinkedHashMap<>();

    MacroFacts(CompileScope scope) {
        this.scope = scope;
        for (Declared d : scope.declarations().of("macros")) {
            described.put("macro." + d.packageName() + "." + d.thing().name(), d);
        }
    }

    /** All macros by their ids. */
    Map<String, Map<Object, @Nullable Object>> all() {
        Map<String, Map<Object, @Nullable Object>> macros = new LinkedHashMap<>();
        for (String packageName : scope.macros().packageNames()) {
            scope.macros()
                    .macrosOf(packageName)
                    .forEach((name, macro) -> {
                        Map<Object, @Nullable Object> facts =
                                facts(packageName, name, FactTexts.inPackage(macro.place().file()));
                        facts.put("macro_sql", macro.block().text());
                        facts.put("depends_on", dependsOn(MacroCalls.ofMacro(scope, macro)));
                        Object languages = macro.block().settings().get("supported_languages");
                        facts.put(
                                "supported_languages",
                                macro.block().kind().equals("materialization")
                                        ? (languages instanceof List<?> ? languages : sqlOnly())
                                        : null);
                        macros.put(String.valueOf(facts.get("unique_id")), facts);
                    });
        }
        for (String name : MacroCalls.FUNCTIONS) {
            Map<Object, @Nullable Object> facts =
                    facts(MacroLibrary.INTERNAL, name, "macros/functions.sql");
            macros.putIfAbsent(String.valueOf(facts.get("unique_id")), facts);
        }
        return macros;
    }

    private static List<Object> sqlOnly() {
        return new ArrayList<>(List.of("sql"));
    }

    private Map<Object, @Nullable Object> facts(String packageName, String name, String file) {
        String id = "macro." + packageName + "." + name;
        Optional<Declared> patch = Optional.ofNullable(described.get(id));
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("name", name);
        facts.put("resource_type", "macro");
        facts.put("package_name", packageName);
        facts.put("path", file);
        facts.put("original_file_path", file);
        facts.put("unique_id", id);
        facts.put("macro_sql", "");
        facts.put("depends_on", dependsOn(List.of()));
        facts.put(
                "description",
                patch.flatMap(new Descriptions(scope, new Problems())::of).orElse(""));
        facts.put("meta", map(patch, "meta"));
        Map<Object, @Nullable Object> docs = new LinkedHashMap<>();
        docs.put("show", true);
        docs.put("node_color", null);
        docs.putAll(map(patch, "docs"));
        facts.put("docs", docs);
        facts.put(
                "patch_path",
                patch.map(d ->
                                (Object)
                                        (packageName
                                                + "://"
                                                + FactTexts.inPackage(d.thing().place().file())))
                        .orElse(null));
        facts.put("arguments", arguments(patch));
        facts.put("created_at", 0.0);
        facts.put("supported_languages", null);
        return facts;
    }

    private static Map<Object, @Nullable Object> dependsOn(List<String> macros) {
        Map<Object, @Nullable Object> depends = new LinkedHashMap<>();
        depends.put("macros", new ArrayList<Object>(macros));
        return depends;
    }

    private static Optional<Object> said(Optional<Declared> patch, String key) {
        return patch.flatMap(d -> d.thing().mapping().find(key))
                .flatMap(e -> Optional.ofNullable(e.value().plain()));
    }

    private static Map<Object, @Nullable Object> map(Optional<Declared> patch, String key) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        if (said(patch, key).orElse(null) instanceof Map<?, ?> given) {
            given.forEach(map::put);
        }
        return map;
    }

    /** Each has a type and a description, be they empty. */
    private static List<Object> arguments(Optional<Declared> patch) {
        List<Object> arguments = new ArrayList<>();
        if (said(patch, "arguments").orElse(null) instanceof List<?> list) {
            for (Object one : list) {
                Map<Object, @Nullable Object> argument = new LinkedHashMap<>();
                argument.put("name", one instanceof Map<?, ?> ? null : one);
                argument.put("type", null);
                argument.put("description", "");
                if (one instanceof Map<?, ?> given) {
                    given.forEach(argument::put);
                }
                arguments.add(argument);
            }
        }
        return arguments;
    }
}
