package dev.tarn.run;

import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets a macro of the project build a model; its statements work on the run's ref. */
final class CustomTask {
    private final Node.Model model;
    private final NodeCompiler compiler;
    private final TaskContext context;

    CustomTask(Node.Model model, NodeCompiler compiler, TaskContext context) {
        this.model = model;
        this.compiler = compiler;
        this.context = context;
    }

    static boolean isFor(Node node) {
        return node instanceof Node.Model model
                && model.materialization() instanceof Materialization.Custom;
    }

    TaskResult run() {
        Map<String, String> origin = new HashMap<>(Provenance.of(model, context).attributes());
        // The macro may do something else each time: nothing is ever taken for unchanged.
        origin.remove(Provenance.FINGERPRINT);
        origin.remove(Provenance.INPUTS);
        long rows = compiler.materialize(model, context);
        try (TaskContext after = context.again()) {
            after.sweep(model.id().toString());
            after.view().find(EntryKey.of(model.relation())).ifPresent(v -> sign(after, v, origin));
        }
        return TaskResult.done(rows, 0).withMessage(model.materialization().word());
    }

    /** What stands under the model's name says which model made it. */
    private static void sign(TaskContext after, Versioned made, Map<String, String> origin) {
        Map<String, String> attributes = new HashMap<>(made.entry().attributes());
        attributes.putAll(origin);
        Entry signed = NameStatements.signed(made.entry(), attributes);
        if (!signed.equals(made.entry())) {
            after.commit(
                    List.of(Change.put(made.key(), signed, Expected.of(Optional.of(made)))),
                    "build " + origin.get("node"));
        }
    }
}
