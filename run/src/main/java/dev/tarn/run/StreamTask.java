package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Materialization.OnSchemaChange;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.StreamRules;
import dev.tarn.model.graph.StreamRules.Late;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes a stream one batch further: new rows of its inputs, the rows it kept, how far it read and
 * what it tells become visible in one step, so that each row counts once whatever happens.
 */
final class StreamTask {
    /** What the tables beside a stream are called. */
    static final String STATE = "__state";

    static final String LATE = "__late";

    private final Node.Model model;
    private final StreamRules rules;
    private final ModelTask task;
    private final TaskContext context;
    private final boolean anew;
    private final List<Change> changes = new ArrayList<>();

    StreamTask(
            Node.Model model,
            StreamRules rules,
            ModelTask task,
            TaskContext context,
            boolean anew) {
        this.model = model;
        this.rules = rules;
        this.task = task;
        this.context = context;
        this.anew = anew;
    }

    TaskResult run(SqlText sql, Optional<Versioned> existing, Provenance provenance) {
        if (!context.data().sample().equals(RunRequest.Period.OPEN)) {
            throw StreamErrors.partOfInputs(model);
        }
        StreamPlan plan = StreamPlan.of(model, sql, rules, context);
        Optional<StreamMemory> memory =
                existing.map(Versioned::entry).filter(e -> !anew).flatMap(StreamMemory::of);
        memory.map(StreamMemory::definition)
                .filter(before -> !before.equals(plan.definition()))
                .ifPresent(before -> {
                    throw StreamErrors.otherDefinition(model, before, plan.definition());
                });
        StreamBatch batch = new StreamBatch(plan, rules, context, memory);
        List<StreamInput> inputs = new ArrayList<>();
        for (int i = 0; i < plan.inputs().size(); i++) {
            int at = i;
            StreamInput input =
                    new StreamInput(
                            model,
                            rules,
                            context,
                            plan.inputs().get(i),
                            memory.map(m -> m.inputs().get(at)));
            inputs.add(input);
            batch.take(i, input.define(), memory.flatMap(m -> pointer(beside(STATE, at))));
        }
        batch.work();
        if (memory.isPresent()
                && batch.taken() == 0
                && batch.watermark().equals(memory.get().watermark())
                && provenance.isThatOf(existing)) {
            return TaskResult.unchanged("nothing new");
        }
        TableWriter.Written written = told(plan, batch, existing, memory.isPresent());
        for (int i = 0; i < plan.inputs().size(); i++) {
            keep(batch, i, provenance);
            keepLate(batch, i, provenance);
        }
        List<StreamMemory.Input> read = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            read.add(inputs.get(i).now(batch.marks(i)));
        }
        StreamMemory next = new StreamMemory(plan.definition(), read, batch.watermark());
        changes.add(
                Change.put(
                        EntryKey.of(model.relation()),
                        new Entry.Table(written.pointer(), next.in(provenance.attributes())),
                        Expected.of(existing)));
        new ConstraintCheck(model, context).check(written.pointer());
        context.commit(changes, "stream " + model.id());
        return TaskResult.done(written.rows(), written.bytes())
                .withMessage(message(batch, batch.watermark()));
    }

    private static String message(StreamBatch batch, OptionalLong watermark) {
        String late =
                batch.late() == 0 ? "" : String.format(Locale.ROOT, ", %,d late", batch.late());
        String time =
                watermark.isEmpty()
                        ? ""
                        : ", watermark " + StreamSql.instant(watermark.getAsLong());
        return String.format(
                Locale.ROOT,
                "stream, %,d in, %,d out%s%s",
                batch.taken(),
                batch.told(),
                late,
                time);
    }

    /** The table with what this batch tells, and without what it tells otherwise. */
    private TableWriter.Written told(
            StreamPlan plan, StreamBatch batch, Optional<Versioned> existing, boolean goesOn) {
        SqlText rows = SqlText.of("select * from " + StreamBatch.RESULT);
        Optional<TablePointer> there = existing.flatMap(Versioned::pointer);
        Schema columns = context.session().describe(rows);
        if (!goesOn || there.isEmpty()) {
            return context.writer()
                    .replace(model.relation(), there, task.definition(columns), rows);
        }
        Schema old = context.tables().state(there.get()).definition().schema();
        ModelTask.Prepared ready =
                task.prepared(there.get(), old, columns, rows, OnSchemaChange.FAIL);
        if (!batch.replaces()) {
            return context.writer().append(ready.base(), ready.query());
        }
        String match =
                StreamSql.window(plan.inputs().getFirst().call()).stream()
                        .map(c ->
                                "g.%s is not distinct from %s"
                                        .formatted(
                                                Type.quoted("g_" + c),
                                                Type.quoted(StreamBatch.shown(plan, c))))
                        .collect(Collectors.joining(" and "));
        return context.writer()
                .take(
                        model.relation(),
                        ready.base(),
                        "exists (select 1 from %s as g where %s)"
                                .formatted(StreamBatch.REPLACED, match))
                .remove(Optional.of(ready.query()));
    }

    private void keep(StreamBatch batch, int input, Provenance provenance) {
        if (!batch.keepsRows()) {
            return;
        }
        TableName name = beside(STATE, input);
        Optional<TablePointer> there = pointer(name);
        TablePointer kept =
                there.isPresent() && batch.onlyAdds(input)
                        ? context.writer().append(there.get(), batch.added(input)).pointer()
                        : replaced(name, there, batch.kept(input));
        put(name, kept, "state", provenance);
    }

    private void keepLate(StreamBatch batch, int input, Provenance provenance) {
        TableName name = beside(LATE, input);
        Optional<TablePointer> there = pointer(name);
        boolean none = batch.late(input) == 0 && !(anew && there.isPresent());
        if (rules.late() == Late.DROP || none) {
            return;
        }
        SqlText rows = batch.lateRows(input);
        TablePointer kept =
                there.isPresent() && !anew
                        ? context.writer().append(grown(there.get(), rows), rows).pointer()
                        : replaced(name, there, rows);
        put(name, kept, "late", provenance);
    }

    /** The table with all columns of a query. */
    private TablePointer grown(TablePointer base, SqlText rows) {
        Schema old = context.tables().state(base).definition().schema();
        Schema now = context.session().describe(rows);
        return old.sameColumns(now)
                ? base
                : context.writer().evolve(base, SchemaDiff.growing(old, now));
    }

    private TablePointer replaced(TableName name, Optional<TablePointer> there, SqlText rows) {
        Schema columns = context.session().describe(rows).withoutIds();
        return context.writer()
                .replace(
                        name,
                        there,
                        new TableDefinition(columns, List.of(), List.of(), Map.of()),
                        rows)
                .pointer();
    }

    private void put(TableName name, TablePointer pointer, String what, Provenance provenance) {
        Map<String, String> attributes = new HashMap<>();
        for (String kept : List.of("node", "run")) {
            attributes.put(kept, provenance.attributes().getOrDefault(kept, ""));
        }
        changes.add(
                Change.put(
                        EntryKey.of(name),
                        new Entry.Table(pointer, StreamMemory.part(what, attributes)),
                        Expected.of(context.view().find(EntryKey.of(name)))));
    }

    private Optional<TablePointer> pointer(TableName name) {
        return context.view().find(EntryKey.of(name)).flatMap(Versioned::pointer);
    }

    private TableName beside(String what, int input) {
        Function<String, TableName> named =
                suffix ->
                        new TableName(model.relation().schema(), model.relation().table() + suffix);
        return named.apply(input == 0 ? what : what + "_" + (input + 1));
    }
}
