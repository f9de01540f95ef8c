package dev.tarn.app;

import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.ContractCheck;
import dev.tarn.project.LateNodes;
import dev.tarn.project.ProjectHooks;
import dev.tarn.run.Batches;
import dev.tarn.run.NodeCompiler;
import dev.tarn.run.TaskContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Compiles nodes whose templates look at data, on the ref of the run they are part of. */
final class LateCompiling implements NodeCompiler {
    private final LateNodes late;
    private final PythonModels python;
    private final Map<NodeId, Boolean> adding = new ConcurrentHashMap<>();

    LateCompiling(LateNodes late, PythonModels python) {
        this.late = late;
        this.python = python;
    }

    @Override
    public MadeRows rows(Node.Model model, TaskContext context) {
        return python.run(model, late.python(model.id()), context, addsToTable(model, context));
    }

    @Override
    public Node compile(Node node, TaskContext context) {
        if (late.asksForPeriod(node.id())) {
            return node;
        }
        Node ready = node;
        if (late.contains(node.id())) {
            try (RunDatabase database = new RunDatabase(context)) {
                ready = late.compile(node.id(), database, addsToTable(node, context));
            }
        }
        boolean headed = ready instanceof Node.Model m && m.rules().header().isPresent();
        return headed ? ready : columnsChecked(ready, context);
    }

    @Override
    public Node columnsChecked(Node node, TaskContext context) {
        return new ContractCheck(context.session()::describe).late(node);
    }

    @Override
    public Node.Model batch(
            Node.Model model, Batches.Batch batch, boolean adds, TaskContext context) {
        if (!late.asksForPeriod(model.id())
                || !(model.materialization() instanceof Materialization.Incremental incremental)
                || !(incremental.strategy()
                        instanceof Materialization.Strategy.Microbatch periods)) {
            return model;
        }
        Node ready;
        try (RunDatabase database = new RunDatabase(context)) {
            ready =
                    late.compile(
                            model.id(),
                            periods.rules().size(),
                            batch.start(),
                            batch.end(),
                            database,
                            adds);
        }
        return (Node.Model) new ContractCheck(context.session()::describe).late(ready);
    }

    @Override
    public long materialize(Node.Model model, TaskContext context) {
        try (RunDatabase database = new RunDatabase(context)) {
            return late.materialize(model, database, addsToTable(model, context));
        }
    }

    @Override
    public boolean judges(Node.Check check) {
        return !check.isUnit() && late.judges();
    }

    @Override
    public Judgement judge(Node.Check check, TaskContext context) {
        try (RunDatabase database = new RunDatabase(context)) {
            LateNodes.Judgement found = late.judge(check, database);
            return new Judgement(found.failures(), found.warn(), found.error());
        }
    }

    @Override
    public List<SqlText> before(Node node, TaskContext context) {
        if (!late.hasLateHooks(node.id())) {
            return NodeCompiler.super.before(node, context);
        }
        try (RunDatabase database = new RunDatabase(context)) {
            boolean adds = addsToTable(node, context);
            adding.put(node.id(), adds);
            late.before(node.id(), database, adds);
            return List.of();
        }
    }

    @Override
    public List<SqlText> after(Node node, TaskContext context) {
        if (!late.hasLateHooks(node.id())) {
            return NodeCompiler.super.after(node, context);
        }
        try (RunDatabase database = new RunDatabase(context)) {
            // The table is there by now, be it for the first time.
            Boolean adds = adding.get(node.id());
            late.after(node.id(), database, adds == null ? addsToTable(node, context) : adds);
            return List.of();
        }
    }

    @Override
    public List<SqlText> atStart(Project project, TaskContext context) {
        if (!(project.hooks() instanceof ProjectHooks hooks)) {
            return List.of();
        }
        try (RunDatabase database = new RunDatabase(context)) {
            return hooks.with(database, context.clock(), context::ended).atStart();
        }
    }

    @Override
    public List<SqlText> atEnd(
            Project project, Map<String, @Nullable Object> names, TaskContext context) {
        if (!(project.hooks() instanceof ProjectHooks hooks)) {
            return List.of();
        }
        try (RunDatabase database = new RunDatabase(context)) {
            return hooks.with(database, context.clock(), context::ended).atEnd(names);
        }
    }

    private static boolean addsToTable(Node node, TaskContext context) {
        return !context.full()
                && node instanceof Node.Model model
                && model.materialization().word().equals("incremental")
                && context.view()
                        .find(EntryKey.of(model.relation()))
                        .filter(v -> v.entry() instanceof Entry.Table)
                        .isPresent();
    }
}
