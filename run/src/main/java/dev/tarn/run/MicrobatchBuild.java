package dev.tarn.run;

import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Materialization.OnSchemaChange;
import dev.tarn.model.graph.Materialization.Strategy;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.run.Batches.Batch;
import dev.tarn.spi.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds a model period by period. Each sees only the rows of its inputs that fall into it, and
 * what the periods before it made. When the first fails, the others are not tried; when another one
 * fails, they are built without it.
 */
final class MicrobatchBuild {
    private final ModelTask task;
    private final Node.Model model;
    private final Strategy.Microbatch strategy;
    private final OnSchemaChange policy;
    private final TaskContext context;
    private final NodeCompiler compiler;
    private final List<Batch> done = new ArrayList<>();
    private final List<Batch> failed = new ArrayList<>();

    /** Why periods failed, and which of them for this reason. */
    private final Map<Problem, List<Batch>> reasons = new LinkedHashMap<>();

    private Optional<TablePointer> at;
    private Optional<Ready> ready = Optional.empty();
    private long rows;
    private long bytes;

    /**
     * @param there the table that rows are added to; empty for a new one
     */
    MicrobatchBuild(
            ModelTask task,
            Node.Model model,
            Strategy.Microbatch strategy,
            OnSchemaChange policy,
            TaskContext context,
            NodeCompiler compiler,
            Optional<TablePointer> there) {
        this.task = task;
        this.model = model;
        this.strategy = strategy;
        this.policy = policy;
        this.context = context;
        this.compiler = compiler;
        this.at = there;
    }

    /** What came of it. */
    record Built(
            TablePointer table, Batches batches, List<Problem> problems, long rows, long bytes) {}

    /** A query whose columns the table takes; it serves until a period's code is another. */
    private record Ready(String code, SqlText query) {}

    /**
     * Builds periods.
     *
     * @param adding whether code may be told that it adds to a table
     * @throws TarnException when no period could be built
     */
    Built run(List<Batch> batches, boolean adding) {
        for (Batch batch : batches) {
            if (done.isEmpty() && !failed.isEmpty()) {
                failed.add(batch);
                continue;
            }
            try {
                build(batch, adding && at.isPresent());
                done.add(batch);
            } catch (TarnException e) {
                context.cancellation().check();
                failed.add(batch);
                reasons.computeIfAbsent(e.problems().getFirst(), r -> new ArrayList<>()).add(batch);
            }
        }
        Batches ended = new Batches(done, failed);
        List<Problem> problems = new ArrayList<>();
        reasons.forEach((reason, of) -> problems.add(RunErrors.batchesFailed(model, of, reason)));
        context.noteBatches(model.id(), ended, problems);
        if (done.isEmpty() && !failed.isEmpty()) {
            throw new TarnException(problems);
        }
        return new Built(at.orElseThrow(), ended, problems, rows, bytes);
    }

    private static SqlText code(Node.Model model, boolean adds) {
        return adds ? model.incrementalSql().orElse(model.sql()) : model.sql();
    }

    private void build(Batch batch, boolean adds) {
        if (at.isPresent() && !strategy.key().isEmpty()) {
            throw RunErrors.batchesHaveNoKeys(model, strategy.key());
        }
        Node.Model now = compiler.batch(model, batch, adds, context);
        new InputFilter(context).period(now, batch);
        SqlText query = prepared(code(now, adds));
        TablePointer before = at.orElseThrow();
        TableWriter.Written written =
                new ReplacedRows(
                                context,
                                new PlacedTable(
                                        context.session(),
                                        context.tables(),
                                        model.relation(),
                                        before))
                        .where(
                                MicrobatchTask.within(
                                        Type.quoted(strategy.rules().eventTime()), batch),
                                strategy.predicates(),
                                query);
        at = Optional.of(written.pointer());
        rows += written.rows();
        bytes += written.bytes();
        show(written.pointer());
    }

    private SqlText prepared(SqlText code) {
        if (ready.isPresent() && at.isPresent() && ready.get().code().equals(code.sql())) {
            return ready.get().query();
        }
        Schema columns = context.session().describe(code);
        task.checkKey(columns);
        TablePointer table = at.orElseGet(() -> task.empty(columns, code));
        ModelTask.Prepared prepared =
                task.prepared(
                        table,
                        context.tables().state(table).definition().schema(),
                        columns,
                        code,
                        policy);
        at = Optional.of(prepared.base());
        ready = Optional.of(new Ready(code.sql(), prepared.query()));
        return prepared.query();
    }

    /** Lets the periods that come see what is there by now. */
    private void show(TablePointer table) {
        TableName name = model.relation();
        context.session()
                .define(
                        name,
                        new Relation.Table(
                                context.tables().state(table).definition().schema(),
                                predicates ->
                                        context.tables()
                                                .scan(table, Optional.empty(), predicates)));
    }
}
