package dev.tarn.run;

import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Materialization.Incremental;
import dev.tarn.model.graph.Materialization.OnSchemaChange;
import dev.tarn.model.graph.MergeRules;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.RowKey;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Builds a model's table or view on the run's ref. */
final class ModelTask {
    private final Node.Model model;
    private final TaskContext context;
    private final EntryKey key;
    private final Optional<Versioned> existing;
    private final NodeCompiler compiler;

    ModelTask(Node.Model model, TaskContext context) {
        this(model, context, NodeCompiler.NONE);
    }

    /**
     * @param compiler finishes the code of single periods
     */
    ModelTask(Node.Model model, TaskContext context, NodeCompiler compiler) {
        this.model = model;
        this.context = context;
        this.compiler = compiler;
        key = EntryKey.of(model.relation());
        existing = context.view().find(key);
    }

    /**
     * Whether what is there was made of the same code and inputs, so that nothing is to be done.
     */
    boolean isUnchanged() {
        return !context.full()
                && !hasHooks()
                && Provenance.of(model, context).isThatOf(existing)
                && wouldStay()
                && !readsItself();
    }

    /** Whether it would read the rows that it made the last time; of Python nobody can tell. */
    private boolean readsItself() {
        return model.materialization().isKept()
                && !model.isPython()
                && model.sql().sql().contains(model.relation().table())
                && context.session().reads(model.sql()).contains(model.relation());
    }

    /** Whether building the same again would leave the table as it is. */
    private boolean wouldStay() {
        if (model.materialization() instanceof Materialization.Stream stream) {
            return stream.rules().idleAfter().isEmpty();
        }
        if (!(model.materialization() instanceof Incremental incremental)
                || context.isOfRetried(existing)) {
            return true;
        }
        boolean sameCode =
                model.incrementalSql().filter(s -> !s.sql().equals(model.sql().sql())).isEmpty();
        boolean added =
                existing.filter(v -> v.entry().attributes().containsKey(Provenance.ADDED))
                        .isPresent();
        return (sameCode || added)
                && switch (incremental.strategy()) {
                    case Materialization.Strategy.Append a -> false;
                    case Materialization.Strategy.Merge m ->
                            !m.key().isEmpty()
                                    && m.predicates().isEmpty()
                                    && m.rules().equals(MergeRules.ALL);
                    case Materialization.Strategy.DeleteInsert d ->
                            !d.key().isEmpty() && d.predicates().isEmpty();
                    case Materialization.Strategy.OverwritePartitions o -> true;
                    case Materialization.Strategy.Microbatch b -> b.key().isEmpty();
                };
    }

    TaskResult run() {
        Provenance provenance = Provenance.of(model, context);
        if (isUnchanged()) {
            existing.filter(v -> provenance.saysElse(v.entry()))
                    .ifPresent(v -> commit(provenance.said(v.entry())));
            return TaskResult.unchanged("same code, same inputs");
        }
        return switch (model.materialization()) {
            case Materialization.Ephemeral e -> TaskResult.unchanged("part of what reads it");
            case Materialization.Function f -> function();
            case Materialization.TableFunction f -> tableFunction(f);
            case Materialization.View v -> view(provenance);
            case Materialization.Table t -> table(provenance);
            case Materialization.MaterializedView m -> materialized(provenance);
            case Materialization.Stream s ->
                    new StreamTask(model, s.rules(), this, context, anew())
                            .run(ordered(model.sql()), existing, provenance);
            case Materialization.Snapshot s ->
                    new SnapshotTask(model, s, context).run(existing, provenance, false);
            case Incremental i -> incremental(i, provenance);
            case Materialization.Custom c ->
                    throw new IllegalStateException("Built by its macro, not here");
        };
    }

    private boolean hasHooks() {
        return Hooks.has(model);
    }

    /** Whether a table that is there is built anew. */
    private boolean anew() {
        return model.rules().fullRefresh().orElse(context.full());
    }

    /** A contract decides the order of the columns, and how exact the numbers of a table are. */
    private SqlText ordered(SqlText query) {
        if (model.rules().contract().isEmpty() || model.schema().isEmpty()) {
            return query;
        }
        String columns =
                model.schema().get().fields().stream()
                        .map(this::promised)
                        .collect(Collectors.joining(", "));
        return Sql.around("select " + columns + " from (\n", query, "\n)");
    }

    private String promised(Field field) {
        String name = Type.quoted(field.name());
        boolean exact =
                field.type() instanceof Type.Decimal
                        && !(model.materialization() instanceof Materialization.View);
        return exact ? "cast(%s as %s) as %s".formatted(name, field.type().sql(), name) : name;
    }

    /** It is part of the queries that call it; here it shows that it can be. */
    private TaskResult function() {
        Schema unused = context.session().describe(model.sql());
        return new TaskResult(TaskStatus.SUCCEEDED, 0, 0, Optional.of("function"));
    }

    /** The same; what its parameters are is known where it is called. */
    private TaskResult tableFunction(Materialization.TableFunction function) {
        if (function.parameters().isEmpty()) {
            Schema unused = context.session().describe(model.sql());
        }
        return new TaskResult(TaskStatus.SUCCEEDED, 0, 0, Optional.of("table function"));
    }

    private TaskResult view(Provenance provenance) {
        SqlText query =
                context.lasting(
                        withoutRows(
                                new StandIns(context)
                                        .named(
                                                new InputFilter(context)
                                                        .written(model, ordered(model.sql())))));
        Schema schema = documented(context.session().describe(query));
        commit(new Entry.View(query.sql(), schema, provenance.attributes()));
        return new TaskResult(TaskStatus.SUCCEEDED, 0, 0, Optional.of("view"));
    }

    /** A view that a run without rows makes stays without rows. */
    private SqlText withoutRows(SqlText query) {
        return context.data().empty()
                ? Sql.around("select * from (\n", query, "\n) where false")
                : query;
    }

    private TaskResult table(Provenance provenance) {
        SqlText query = ordered(model.sql());
        Schema schema = context.session().describe(query);
        TableWriter.Written written =
                context.writer().replace(model.relation(), pointer(), definition(schema), query);
        new ConstraintCheck(model, context).check(written.pointer());
        commit(new Entry.Table(written.pointer(), provenance.attributes()));
        return TaskResult.done(written.rows(), written.bytes());
    }

    /** Follows what changed in its inputs, where the same query made what is there. */
    private TaskResult materialized(Provenance provenance) {
        SqlText query = context.lasting(ordered(model.sql()));
        Optional<Entry.Table> there =
                existing.map(Versioned::entry)
                        .filter(Entry.Table.class::isInstance)
                        .map(Entry.Table.class::cast)
                        .filter(t ->
                                MaterializedView.of(t)
                                        .filter(v -> v.sql().equals(query.sql()))
                                        .isPresent());
        ViewRefresh.Done done;
        try (TaskContext own = context.again()) {
            ViewRefresh refresh = new ViewRefresh(own);
            done =
                    there.isPresent() && !anew()
                            ? refresh.refresh(model.relation(), there.get(), false)
                            : refresh.make(
                                    model.relation(),
                                    pointer(),
                                    definition(own.session().describe(query)),
                                    new MaterializedView(
                                            query.sql(),
                                            "",
                                            Map.of(),
                                            MaterializedView.Refresh.WITH_INPUTS,
                                            ""));
        }
        new ConstraintCheck(model, context).check(done.entry().pointer());
        Map<String, String> attributes = new HashMap<>(done.entry().attributes());
        attributes.putAll(provenance.attributes());
        commit(new Entry.Table(done.entry().pointer(), attributes));
        return TaskResult.done(done.counts().total(), 0)
                .withMessage("materialized view, " + done.how());
    }

    private TaskResult incremental(Incremental incremental, Provenance provenance) {
        Optional<TablePointer> there = pointer().filter(p -> !anew());
        if (incremental.strategy() instanceof Materialization.Strategy.Microbatch batches) {
            return periods(incremental, batches, there, provenance);
        }
        if (there.isEmpty()) {
            return table(provenance);
        }
        SqlText query = ordered(model.incrementalSql().orElse(model.sql()));
        Schema now = context.session().describe(query);
        Schema old = context.tables().state(there.get()).definition().schema();
        checkKey(now);
        Prepared prepared = prepared(there.get(), old, now, query, incremental.onSchemaChange());
        TableWriter.Written written =
                new IncrementalRows(model, context, existing.orElseThrow())
                        .add(prepared.base(), prepared.query(), incremental.strategy());
        new ConstraintCheck(model, context).check(written.pointer());
        commit(new Entry.Table(written.pointer(), added(provenance)));
        return TaskResult.done(written.rows(), written.bytes())
                .withMessage("incremental " + strategyWord(incremental.strategy()));
    }

    /** What a table says of itself whose rows were added to those that were there. */
    private static Map<String, String> added(Provenance provenance) {
        Map<String, String> attributes = new HashMap<>(provenance.attributes());
        attributes.put(Provenance.ADDED, "true");
        return attributes;
    }

    /** Builds period by period. What was built stays when not every period could be. */
    private TaskResult periods(
            Incremental incremental,
            Materialization.Strategy.Microbatch microbatch,
            Optional<TablePointer> there,
            Provenance provenance) {
        List<Batches.Batch> missing = context.retries() ? Batches.missing(existing) : List.of();
        Optional<TablePointer> base = missing.isEmpty() ? there : pointer();
        List<Batches.Batch> batches =
                missing.isEmpty()
                        ? new MicrobatchTask(
                                        model,
                                        microbatch.rules(),
                                        context.data().periods(),
                                        context.clock().instant())
                                .batches(there.isPresent())
                        : missing;
        MicrobatchBuild.Built built =
                new MicrobatchBuild(
                                this,
                                model,
                                microbatch,
                                incremental.onSchemaChange(),
                                context,
                                compiler,
                                base)
                        .run(batches, !anew() || !missing.isEmpty());
        new ConstraintCheck(model, context).check(built.table());
        Map<String, String> attributes =
                new HashMap<>(there.isPresent() ? added(provenance) : provenance.attributes());
        boolean whole = built.problems().isEmpty();
        if (!whole) {
            attributes.remove(Provenance.FINGERPRINT);
            attributes.put(Batches.FAILED, built.batches().remembered());
        }
        commit(new Entry.Table(built.table(), attributes));
        if (whole) {
            return TaskResult.done(built.rows(), built.bytes())
                    .withMessage("%d batches".formatted(batches.size()));
        }
        return new TaskResult(
                TaskStatus.FAILED,
                built.rows(),
                built.bytes(),
                Optional.of(
                        built.batches().told()
                                + built.problems().stream()
                                        .map(p -> "\n" + p)
                                        .collect(Collectors.joining())));
    }

    /** A table with the columns of a query, and without rows. */
    TablePointer empty(Schema schema, SqlText query) {
        return context.writer()
                .replace(
                        model.relation(),
                        pointer(),
                        definition(schema),
                        Sql.around("select * from (", query, "\n) where false"))
                .pointer();
    }

    /** What matches columns by name leaves those alone that the query does not have. */
    private void requireAll(Schema old, Schema now) {
        boolean byName =
                model.materialization() instanceof Incremental i
                        && i.strategy() instanceof Materialization.Strategy.Merge;
        List<String> gone = old.names().stream().filter(n -> now.find(n).isEmpty()).toList();
        if (!byName && !gone.isEmpty()) {
            throw RunErrors.columnsGone(model, model.relation(), gone);
        }
    }

    /** The table ready to take the query's columns, and the query ready for the table. */
    record Prepared(TablePointer base, SqlText query) {}

    Prepared prepared(
            TablePointer base, Schema old, Schema now, SqlText query, OnSchemaChange policy) {
        if (old.sameColumns(now)) {
            return new Prepared(base, query);
        }
        List<SchemaChange> changes = new ArrayList<>();
        switch (policy) {
            case IGNORE -> requireAll(old, now);
            case FAIL -> {
                if (!sameShape(old, now)) {
                    throw RunErrors.columnsChanged(model, model.relation(), old, now);
                }
            }
            case APPEND_NEW_COLUMNS -> changes.addAll(SchemaDiff.added(old, now));
            case SYNC_ALL_COLUMNS -> {
                List<Field> losing = SchemaDiff.losing(old, now);
                if (!losing.isEmpty()) {
                    throw RunErrors.columnsLose(model, model.relation(), old, losing);
                }
                changes.addAll(SchemaDiff.drops(old, now));
                changes.addAll(SchemaDiff.growing(old, now));
            }
        }
        TablePointer evolved = context.writer().evolve(base, changes);
        Schema table = context.tables().state(evolved).definition().schema();
        List<String> unknown = now.names().stream().filter(n -> table.find(n).isEmpty()).toList();
        return new Prepared(evolved, unknown.isEmpty() ? query : without(query, unknown));
    }

    private static boolean sameShape(Schema old, Schema now) {
        return SchemaDiff.drops(old, now).isEmpty() && SchemaDiff.growing(old, now).isEmpty();
    }

    private static SqlText without(SqlText query, List<String> columns) {
        String excluded = String.join(", ", columns.stream().map(Type::quoted).toList());
        return Sql.around("select * exclude (" + excluded + ") from (", query, "\n)");
    }

    void checkKey(Schema now) {
        for (String part : model.materialization().key().parts()) {
            RowKey.column(part)
                    .filter(column -> now.find(column).isEmpty())
                    .ifPresent(column -> {
                        throw RunErrors.wrongKey(model, column, now);
                    });
        }
    }

    TableDefinition definition(Schema schema) {
        return new TableDefinition(
                documented(schema),
                model.partitioning(),
                model.sortOrder(),
                model.tableProperties());
    }

    private Schema documented(Schema schema) {
        Map<String, Node.ColumnDoc> docs = model.columns();
        return new Schema(
                schema.fields().stream()
                        .map(f -> {
                            Node.ColumnDoc doc = docs.get(f.name());
                            return doc == null || doc.description().isBlank()
                                    ? f
                                    : f.withDoc(doc.description());
                        })
                        .toList());
    }

    private Optional<TablePointer> pointer() {
        return existing.flatMap(Versioned::pointer);
    }

    private void commit(Entry entry) {
        context.commit(
                List.of(Change.put(key, entry, Expected.of(existing))), "build " + model.id());
    }

    private static String strategyWord(Materialization.Strategy strategy) {
        return switch (strategy) {
            case Materialization.Strategy.Append a -> "append";
            case Materialization.Strategy.Merge m -> "merge";
            case Materialization.Strategy.OverwritePartitions o -> "overwrite of partitions";
            case Materialization.Strategy.DeleteInsert d -> "delete and insert";
            case Materialization.Strategy.Microbatch b -> "microbatch";
        };
    }
}
