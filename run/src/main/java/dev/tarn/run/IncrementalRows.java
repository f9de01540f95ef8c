package dev.tarn.run;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Materialization.Strategy;
import dev.tarn.model.graph.MergeRules;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.RowKey;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.Name;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Statement.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Brings new rows into the table of an incremental model. */
final class IncrementalRows {
    private final Node.Model model;
    private final TaskContext context;
    private final Versioned existing;

    /**
     * @param existing what stands under the model's name
     */
    IncrementalRows(Node.Model model, TaskContext context, Versioned existing) {
        this.model = model;
        this.context = context;
        this.existing = existing;
    }

    /** Adds a query's rows to a state of the table. */
    TableWriter.Written add(TablePointer base, SqlText query, Strategy strategy) {
        return switch (strategy) {
            case Strategy.Append append -> context.writer().append(base, query);
            case Strategy.OverwritePartitions overwrite ->
                    context.writer().overwritePartitions(base, query);
            case Strategy.Merge merge -> merge(base, query, merge);
            case Strategy.DeleteInsert delete ->
                    delete.key().isEmpty()
                            ? context.writer().append(base, query)
                            : replace(base, query, delete);
            case Strategy.Microbatch batches ->
                    throw new IllegalStateException("Periods are written one by one");
        };
    }

    private TableWriter.Written replace(
            TablePointer base, SqlText query, Strategy.DeleteInsert strategy) {
        PlacedTable table =
                new PlacedTable(context.session(), context.tables(), model.relation(), base);
        return new ReplacedRows(context, table)
                .byKey(query, strategy.key().parts(), strategy.predicates());
    }

    /** The same as somebody would have who wrote the merge as a statement. */
    private TableWriter.Written merge(TablePointer base, SqlText query, Strategy.Merge merge) {
        if (merge.key().isEmpty() && merge.rules().insertIf().isEmpty()) {
            return context.writer().append(base, query);
        }
        Statement.Merge statement = statement(base, query, merge);
        StatementGround ground =
                new StatementGround(context, StatementExecutor.Author.PROJECT, statement);
        StatementTable found =
                new StatementTable(
                        model.relation(),
                        existing,
                        new Entry.Table(base, existing.entry().attributes()));
        TargetTable target = new TargetTable(ground, statement.target(), found);
        MergeStatement.Merged merged = new MergeStatement(ground, statement, target).merged();
        return new TableWriter.Written(
                merged.written().pointer(), merged.counts().total(), merged.written().bytes());
    }

    private Statement.Merge statement(TablePointer base, SqlText query, Strategy.Merge merge) {
        Schema table = context.tables().state(base).definition().schema();
        Schema now = context.session().describe(query);
        List<String> columns = now.names().stream().filter(c -> table.find(c).isPresent()).toList();
        for (String column : merge.rules().updated()) {
            if (now.find(RowKey.column(column).orElse(column)).isEmpty()) {
                throw RunErrors.wrongColumn(model, "merge_update_columns", column, now);
            }
        }
        List<Statement.When> whens = new ArrayList<>();
        List<Statement.Assignment> changes = changes(columns, merge.rules());
        if (!changes.isEmpty()) {
            whens.add(
                    new Statement.When(
                            Statement.Side.MATCHED,
                            merge.rules().updateIf().map(this::here),
                            new Action.Update(changes),
                            here("when matched")));
        }
        whens.add(
                new Statement.When(
                        Statement.Side.NOT_MATCHED,
                        merge.rules().insertIf().map(this::here),
                        new Action.Insert(
                                columns.stream().map(this::column).toList(),
                                columns.stream().map(this::ofNew).toList()),
                        here("when not matched")));
        TableName name = model.relation();
        return new Statement.Merge(
                here("merge"),
                Optional.empty(),
                new Statement.Target(
                        new Name(List.of(name.schema(), name.table()), here(name.toString())),
                        Optional.of(Strategy.OLD)),
                new Statement.Source(
                        Sql.around("(\n", query, "\n)"), Optional.empty(), Strategy.NEW, List.of()),
                new Statement.Match.On(here(matching(merge))),
                whens);
    }

    private static String matching(Strategy.Merge merge) {
        if (merge.key().isEmpty()) {
            return "false";
        }
        return String.join(
                " and ",
                Stream.concat(
                                merge.key().parts().stream()
                                        .map(part -> Type.quoted(RowKey.column(part).orElse(part)))
                                        .map(c ->
                                                "%s.%s = %s.%s"
                                                        .formatted(
                                                                Strategy.NEW, c, Strategy.OLD, c)),
                                merge.predicates().stream().map(p -> "(" + p + "\n)"))
                        .toList());
    }

    private List<Statement.Assignment> changes(List<String> columns, MergeRules rules) {
        List<Statement.Assignment> changes = new ArrayList<>();
        rules.expressions()
                .forEach((column, expression) ->
                        changes.add(
                                new Statement.Assignment(
                                        column(column),
                                        new Statement.Value.Expression(here(expression)))));
        for (String column : columns) {
            boolean wanted =
                    (rules.updated().isEmpty() || has(rules.updated(), column))
                            && !has(rules.kept(), column)
                            && !has(rules.expressions().keySet(), column);
            if (wanted) {
                changes.add(new Statement.Assignment(column(column), ofNew(column)));
            }
        }
        return changes;
    }

    private static boolean has(java.util.Collection<String> names, String name) {
        return names.stream().anyMatch(n -> RowKey.column(n).orElse(n).equalsIgnoreCase(name));
    }

    private Statement.ColumnRef column(String name) {
        String plain = RowKey.column(name).orElse(name);
        return new Statement.ColumnRef(List.of(plain), here(plain));
    }

    private Statement.Value ofNew(String column) {
        return new Statement.Value.Expression(here(Strategy.NEW + "." + Type.quoted(column)));
    }

    /** A text that stands for the model where something is told about it. */
    private SqlText here(String sql) {
        Place place = model.common().place();
        return new SqlText(sql, offset -> Optional.of(place));
    }
}
