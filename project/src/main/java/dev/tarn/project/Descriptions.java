package dev.tarn.project;

import dev.tarn.jinja.Context;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Missing;
import dev.tarn.model.Place;
import dev.tarn.project.Declarations.Declared;
import dev.tarn.project.PropertyFile.Words;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What people say about things, with docs blocks filled in. No macros are known to it and no nodes,
 * as in dbt.
 */
final class Descriptions {
    private static final List<String> KINDS =
            List.of("exposures", "groups", "macros", "metrics", "saved_queries", "semantic_models");
    private static final Set<String> KNOWN =
            Set.of(
                    "doc",
                    "var",
                    "env_var",
                    "target",
                    "project_name",
                    "dbt_version",
                    "invocation_id",
                    "run_started_at",
                    "modules",
                    "flags",
                    "log",
                    "print",
                    "return",
                    "exceptions",
                    "tojson",
                    "fromjson",
                    "toyaml",
                    "fromyaml",
                    "set",
                    "zip",
                    "local_md5");

    private final CompileScope scope;
    private final Problems problems;

    /**
     * @param problems takes what is wrong in them
     */
    Descriptions(CompileScope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** Looks at those of what nobody builds; the others are seen when their nodes are made. */
    void check() {
        for (String kind : KINDS) {
            scope.declarations().of(kind).forEach(this::of);
        }
    }

    /**
     * @param packageName of the file that says it
     */
    String of(Words words, String packageName) {
        return of(
                new YamlValue.Scalar(words.place(), words.description(), words.description()),
                packageName);
    }

    /**
     * @param place of the thing that it is said about
     */
    String of(String text, Place place, String packageName) {
        return of(new YamlValue.Scalar(place, text, text), packageName);
    }

    /** What is said about something that nobody builds; empty when nothing is. */
    Optional<String> of(Declared declared) {
        return declared.thing()
                .mapping()
                .find("description")
                .map(YamlValue.Entry::value)
                .filter(YamlValue.Scalar.class::isInstance)
                .map(YamlValue.Scalar.class::cast)
                .filter(s -> s.plain() instanceof String)
                .map(s -> of(s, declared.packageName()));
    }

    private String of(YamlValue.Scalar scalar, String packageName) {
        if (!YamlRendering.isTemplate(scalar.text())) {
            return scalar.text();
        }
        NodeContext all = NodeContext.executing(scope, packageName, Optional.empty());
        Context context = name -> KNOWN.contains(name) ? all.resolve(name) : Missing.VALUE;
        try {
            return scope.jinja().parse(scalar.place().file(), scalar.text()).render(context).text();
        } catch (JinjaException e) {
            problems.add(EarlyContext.inYaml(e, scalar));
            return scalar.text();
        }
    }
}
