package dev.tarn.app;

import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.project.LateNodes;
import dev.tarn.project.SessionDatabase;
import dev.tarn.run.CatalogRelations;
import dev.tarn.run.NodeCompiler;
import dev.tarn.run.TaskContext;
import java.util.Optional;

/** Compiles nodes whose templates look at data, on the ref of the run they are part of. */
final class LateCompiling implements NodeCompiler {
    private final LateNodes late;

    LateCompiling(LateNodes late) {
        this.late = late;
    }

    @Override
    public Node compile(Node node, TaskContext context) {
        if (!late.contains(node.id())) {
            return node;
        }
        SessionDatabase database =
                new SessionDatabase(
                        context.session(),
                        Optional.of(new CatalogRelations(context.view(), context.tables())),
                        new TemplateStatements(context));
        return late.compile(node.id(), database, addsToTable(node, context));
    }

    private static boolean addsToTable(Node node, TaskContext context) {
        return !context.full()
                && node instanceof Node.Model model
                && model.materialization() instanceof Materialization.Incremental
                && context.view()
                        .find(EntryKey.of(model.relation()))
                        .filter(v -> v.entry() instanceof Entry.Table)
                        .isPresent();
    }
}
