package dev.tarn.app;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.project.CompileDatabase;
import dev.tarn.project.SessionDatabase;
import dev.tarn.run.CatalogRelations;
import dev.tarn.run.StatementExecutor;
import dev.tarn.run.TaskContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers templates that look at data while a run works, from the run's ref. What they change is
 * part of the run, and they see it at once.
 */
final class RunDatabase implements CompileDatabase, AutoCloseable {
    private final TaskContext first;
    private @Nullable TaskContext own;
    private SessionDatabase database;

    RunDatabase(TaskContext context) {
        first = context;
        database = over(context);
    }

    private SessionDatabase over(TaskContext context) {
        return new SessionDatabase(
                context.session(),
                Optional.of(new CatalogRelations(context.view(), context.tables())),
                this::change,
                first.selected().stream().map(NodeId::value).toList());
    }

    private long change(String sql) {
        return change(SqlText.of(sql));
    }

    private long change(SqlText sql) {
        long rows = StatementExecutor.of(first).execute(sql);
        close();
        TaskContext next = first.again();
        own = next;
        database = over(next);
        return rows;
    }

    @Override
    public synchronized Optional<Schema> columns(TableName relation) {
        return database.columns(relation);
    }

    @Override
    public synchronized Rows query(String sql) {
        return database.query(sql);
    }

    @Override
    public synchronized Schema describe(String sql) {
        return database.describe(sql);
    }

    @Override
    public synchronized Optional<Kind> kind(TableName relation) {
        return database.kind(relation);
    }

    @Override
    public synchronized List<TableName> relations() {
        return database.relations();
    }

    @Override
    public synchronized List<String> selected() {
        return database.selected();
    }

    @Override
    public synchronized long execute(SqlText statement) {
        return change(statement);
    }

    @Override
    public synchronized long execute(String sql) {
        return database.execute(sql);
    }

    @Override
    public void close() {
        TaskContext open = own;
        if (open != null) {
            open.close();
            own = null;
        }
    }
}
