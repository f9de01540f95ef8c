package dev.tarn.project;

import dev.tarn.jinja.Values;
import dev.tarn.model.Problem;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import dev.tarn.model.table.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks whether the columns that a property file describes are there, where that is kept. */
final class DescribedColumns {
    private DescribedColumns() {}

    /** What is to be told of those that are not. */
    static Optional<Problem> missing(Project project, Node.Model model, Schema columns) {
        Object persisted = project.manifest().config(model.id()).get("persist_docs");
        if (!(persisted instanceof Map<?, ?> map) || !Values.truthy(map.get("columns"))) {
            return Optional.empty();
        }
        List<String> missing =
                model.columns().keySet().stream().filter(c -> columns.find(c).isEmpty()).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        BindErrors.describedInVain(
                                model.common().place(), model.relation(), missing));
    }
}
