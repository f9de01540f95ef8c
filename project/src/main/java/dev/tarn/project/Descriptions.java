package dev.tarn.project;

import dev.tarn.jinja.JinjaException;
import dev.tarn.project.PropertyFile.Words;

/** What people say about things, with docs blocks filled in. */
final class Descriptions {
    private final CompileScope scope;
    private final Problems problems;

    /**
     * @param problems takes what is wrong in them
     */
    Descriptions(CompileScope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /**
     * @param packageName of the file that says it
     */
    String of(Words words, String packageName) {
        if (!YamlRendering.isTemplate(words.description())) {
            return words.description();
        }
        YamlValue.Scalar scalar =
                new YamlValue.Scalar(words.place(), words.description(), words.description());
        try {
            return scope.jinja()
                    .parse(words.place().file(), words.description())
                    .render(new NodeContext(scope, packageName))
                    .text();
        } catch (JinjaException e) {
            problems.add(EarlyContext.inYaml(e, scalar));
            return words.description();
        }
    }
}
