package dev.tarn.project;

import dev.tarn.model.graph.Project;

/**
 * A compiled project.
 *
 * @param late finishes nodes whose code looks at data; in the project their code is not final
 */
public record Compilation(Project project, LateNodes late) {}
