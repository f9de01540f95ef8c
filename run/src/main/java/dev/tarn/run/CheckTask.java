package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.run.NodeCompiler.Judgement;
import dev.tarn.spi.QueryResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a check on what the run has staged. */
final class CheckTask {
    /** Where tables of failing rows go. */
    static final String FAILURES_SCHEMA = "checks";

    private final Node.Check check;
    private final TaskContext context;
    private final NodeCompiler compiler;
    private final int sampleRows;

    CheckTask(Node.Check check, TaskContext context, NodeCompiler compiler, int sampleRows) {
        this.check = check;
        this.context = context;
        this.compiler = compiler;
        this.sampleRows = sampleRows;
    }

    /** What a check came to. */
    record Outcome(TaskResult result, Verdict verdict, Optional<RunReport.Finding> finding) {}

    Outcome run() {
        EntryKey key = EntryKey.verdict(check.id().value());
        Optional<Versioned> standing = context.view().find(key);
        String basis =
                check.common().fingerprint()
                        + " "
                        + (check.isUnit() ? "" : Provenance.inputs(check, context));
        boolean byMacro = compiler.judges(check);
        if (!context.full()
                && !byMacro
                && standing.map(Versioned::entry).orElse(null) instanceof Entry.Judgement judged
                && judged.basis().equals(basis)
                && judged.verdict().outcome() == Verdict.Outcome.PASSED) {
            return new Outcome(
                    TaskResult.unchanged("passed before"), judged.verdict(), Optional.empty());
        }
        Judgement count = byMacro ? judged() : count();
        Verdict.Outcome outcome = outcome(count);
        Optional<String> kept = Optional.empty();
        List<Change> changes = new ArrayList<>();
        if (!byMacro
                && !check.isUnit()
                && check.rules().storeFailures().orElse(context.storeFailures())) {
            // Of a test that passes, too: no rows stay from the time when it failed.
            String name = keep(changes).toString();
            kept = outcome == Verdict.Outcome.PASSED ? Optional.empty() : Optional.of(name);
        }
        Verdict verdict =
                new Verdict(check.id().value(), subject(), outcome, count.failures(), kept);
        changes.add(Change.put(key, new Entry.Judgement(verdict, basis), Expected.anything()));
        context.commit(changes, "check " + check.id());
        return new Outcome(result(verdict), verdict, finding(verdict));
    }

    /** What a macro keeps, it keeps itself. */
    private Judgement judged() {
        Judgement judged = compiler.judge(check, context);
        try (TaskContext after = context.again()) {
            after.sweep(check.id().toString());
        }
        return judged;
    }

    private Judgement count() {
        Node.CheckRules rules = check.rules();
        String limit = rules.limit().map(n -> "\nlimit " + n).orElse("");
        SqlText sql =
                Sql.around(
                        "select failures, (failures %s), (failures %s) from (select %s as failures from (\n"
                                .formatted(rules.errorIf(), rules.warnIf(), rules.failCalc()),
                        check.sql(),
                        limit + "\n) as failing_rows) as counted");
        try (QueryResult rows = context.session().query(sql)) {
            rows.next();
            Object failures = rows.value(0);
            return new Judgement(
                    whole(failures)
                            .orElseThrow(() ->
                                    RunErrors.failuresAreNoNumber(
                                            check, rules.failCalc(), failures)),
                    Boolean.TRUE.equals(rows.value(2)),
                    Boolean.TRUE.equals(rows.value(1)));
        }
    }

    /** A count of rows: nothing, or a part of one, tells neither of success nor of failure. */
    private static Optional<Long> whole(@Nullable Object failures) {
        try {
            return failures instanceof Number
                    ? Optional.of(new BigDecimal(failures.toString()).longValueExact())
                    : Optional.empty();
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Verdict.Outcome outcome(Judgement count) {
        if (check.rules().severity() == Node.Severity.ERROR && count.error()) {
            return Verdict.Outcome.FAILED;
        }
        if (!count.warn()) {
            return Verdict.Outcome.PASSED;
        }
        return context.warningsFail() ? Verdict.Outcome.FAILED : Verdict.Outcome.WARNED;
    }

    private static TaskResult result(Verdict verdict) {
        return switch (verdict.outcome()) {
            case PASSED -> TaskResult.done(0, 0);
            case WARNED ->
                    new TaskResult(
                            TaskStatus.WARNED,
                            verdict.failures(),
                            0,
                            Optional.of(failing(verdict.failures())));
            case FAILED ->
                    new TaskResult(
                            TaskStatus.FAILED,
                            verdict.failures(),
                            0,
                            Optional.of(failing(verdict.failures())));
        };
    }

    private static String failing(long failures) {
        return failures == 1 ? "1 failing row" : failures + " failing rows";
    }

    private String subject() {
        return check.attachedTo()
                .or(() -> check.dependsOn().stream().findFirst())
                .flatMap(id -> context.project().find(id))
                .flatMap(Identities::relation)
                .map(TableName::toString)
                .orElse(check.name());
    }

    private TableName keep(List<Change> changes) {
        TableName name =
                check.rules().kept().orElseGet(() -> new TableName(FAILURES_SCHEMA, check.name()));
        EntryKey key = EntryKey.of(name);
        Optional<Versioned> existing = context.view().find(key);
        SqlText rows =
                check.rules().limit().isPresent()
                        ? Sql.around(
                                "select * from (\n",
                                check.sql(),
                                "\n) limit " + check.rules().limit().get())
                        : check.sql();
        Schema schema = context.session().describe(check.sql());
        if (check.rules().asView()) {
            changes.add(
                    Change.put(
                            key,
                            new Entry.View(
                                    new StandIns(context).named(rows).sql(),
                                    schema,
                                    Provenance.of(check, context).attributes()),
                            Expected.of(existing)));
            return name;
        }
        TableDefinition definition = TableDefinition.of(schema);
        TableWriter.Written written =
                context.writer()
                        .replace(name, existing.flatMap(Versioned::pointer), definition, rows);
        changes.add(
                Change.put(
                        key,
                        new Entry.Table(
                                written.pointer(), Provenance.of(check, context).attributes()),
                        Expected.of(existing)));
        return name;
    }

    private Optional<RunReport.Finding> finding(Verdict verdict) {
        if (verdict.outcome() == Verdict.Outcome.PASSED) {
            return Optional.empty();
        }
        SqlText sample = Sql.around("select * from (\n", check.sql(), "\n) limit " + sampleRows);
        try (QueryResult rows = context.session().query(sample)) {
            List<List<@Nullable Object>> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.row());
            }
            return Optional.of(
                    new RunReport.Finding(check.name(), verdict, rows.schema().names(), found));
        }
    }
}
