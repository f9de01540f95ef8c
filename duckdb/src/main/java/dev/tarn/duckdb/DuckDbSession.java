package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.QueryLineage;
import dev.tarn.model.graph.QueryTraits;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import dev.tarn.spi.RowSink;
import dev.tarn.spi.TextFeed;
import dev.tarn.sql.PlanLineage;
import dev.tarn.sql.statement.TimeTravel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * A session. It opens a workspace when it first needs one, or goes on in one that another session
 * of its kind has left, if nothing but queries ran in it. Sessions for queries only share what they
 * know of texts too, so their relations must be the same.
 */
final class DuckDbSession implements EngineSession {
    private static final TableName KEYS = new TableName("main", "__tarn_keys");

    private final Workspaces workspaces;
    private final StatementReader reader;
    private final AccessCheck access;
    private final PlanCheck plans;
    private final Duration timeout;
    private final boolean readOnly;
    private final Object lock = new Object();
    private @Nullable Workspace workspace;
    private @Nullable Described described;
    private int changes;
    private boolean closed;
    private long staging;
    private int told; // by sinks: what several told is in no order

    DuckDbSession(
            Workspaces workspaces, Workspace.Shared shared, Duration timeout, boolean readOnly) {
        this.workspaces = workspaces;
        this.reader = shared.reader();
        this.access = shared.access();
        this.plans = shared.plans();
        this.timeout = timeout;
        this.readOnly = readOnly;
    }

    Workspace workspace() {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("The session is closed");
            }
            Workspace open = workspace;
            if (open == null) {
                open = workspaces.open(timeout);
                workspace = open;
            }
            return open;
        }
    }

    private SqlText meant(SqlText asked) {
        return readOnly ? relations().timeless(asked) : relations().meant(asked);
    }

    private StatementRunner runner() {
        return workspace().runner;
    }

    private SessionRelations relations() {
        return workspace().relations;
    }

    /** The relations, to be changed so that no other session may go on with them. */
    private SessionRelations changedRelations() {
        changes++;
        return relations();
    }

    @Override
    public void resolver(RelationResolver resolver) {
        synchronized (lock) {
            if (workspace == null && !closed) {
                workspace =
                        (readOnly
                                        ? workspaces.left(resolver, timeout)
                                        : workspaces.leftTrusted(resolver, timeout))
                                .orElse(null);
                if (workspace != null) {
                    return;
                }
            }
        }
        described = null;
        relations().resolver(resolver);
    }

    @Override
    public void define(TableName name, Relation relation) {
        changedRelations().define(name, relation);
    }

    @Override
    public Set<TableName> reads(SqlText asked) {
        return relations().named(relations().timeless(asked));
    }

    @Override
    public boolean isClosed(SqlText query) {
        if (TimeTravel.of(query).isPresent()) {
            return false;
        }
        try {
            return reader.read(runner().connection(), query.sql())
                            instanceof StatementReader.Statement.Queries queries
                    && queries.plain()
                    && access.knows(queries.functions())
                    && queries.references().stream().allMatch(TableReference::qualified);
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.of(query));
        }
    }

    @Override
    public Schema describe(SqlText asked) {
        SqlText query = meant(asked);
        Described last = described;
        if (last == null || !last.isOf(query.sql(), changes)) {
            last = new Described(query.sql(), changes, columns(query, !readOnly));
            described = last;
        }
        return last.columns();
    }

    private Schema columns(SqlText query, boolean casts) {
        Source source = bindable(query);
        try (DuckDBPreparedStatement prepared = runner().prepare(query.sql(), source)) {
            Schema columns = Columns.of(prepared.getMetaData(), query.locate(0)).schema();
            if (casts) {
                CastCheck.check(runner().connection(), source);
            }
            return columns;
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, source);
        }
    }

    @Override
    public QueryLineage lineage(SqlText asked) {
        SqlText query = meant(asked);
        int width = columns(query, false).fields().size();
        return switch (plan(query)) {
            case BoundPlan.Known known -> PlanLineage.of(known.root(), width);
            case BoundPlan.Untold untold -> QueryLineage.notKnown(width, untold.reason());
        };
    }

    @Override
    public QueryTraits traits(SqlText asked) {
        SqlText query = meant(asked);
        bindable(query);
        return QueryJudgement.of(query, workspace());
    }

    /** The plan of a query, or the error in it. */
    BoundPlan plan(SqlText query) {
        Source source = source(query);
        try {
            BoundPlan plan = BoundPlan.of(runner().connection(), query.sql());
            if (plan instanceof BoundPlan.Untold) {
                runner().prepare(query.sql(), source).close();
            }
            return plan;
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, source);
        }
    }

    /** Makes what a query reads, and checks that it is one query. */
    private Source bindable(SqlText query) {
        boolean readable = oneQuery(query);
        if (readOnly) {
            allow(query);
        }
        Source source = source(query);
        if (!readable) {
            relations().discover(query);
        }
        return source;
    }

    private Source source(SqlText text) {
        workspace().arrow.renew();
        SessionRelations relations = relations();
        return Source.of(text).reading(relations.knownTo(relations.prepare(text)));
    }

    private void allow(SqlText query) {
        Workspace here = workspace();
        if (changes == 0 && here.hasApproved(query.sql())) {
            return;
        }
        SessionRelations relations = here.relations;
        try {
            boolean plain =
                    access.check(
                            reader.parsed(here.runner.connection(), query.sql()),
                            query,
                            reference -> relations.resolve(reference, query),
                            relations::names);
            Map<TableName, Relation> reached = relations.reached(query);
            if (!plain || reached.values().stream().anyMatch(Relation.View.class::isInstance)) {
                plans.check(query, reached, relations.searchPath(), here.shapes);
            }
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.of(query));
        }
        if (changes == 0) {
            here.approve(query.sql());
        }
    }

    /** Whether the parser hands out the query's tree. */
    private boolean oneQuery(SqlText query) {
        try {
            if (reader.read(runner().connection(), query.sql())
                    instanceof StatementReader.Statement.Queries queries) {
                if (readOnly) {
                    return true;
                }
                if (queries.count() == 0) {
                    throw EngineErrors.notAQuery(query.locate(0));
                }
                if (queries.count() > 1) {
                    throw EngineErrors.severalStatements(query.locate(0));
                }
                return true;
            }
            if (!readOnly && Statements.areSeveral(query.sql())) {
                throw EngineErrors.severalStatements(query.locate(0));
            }
            return false;
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.of(query));
        }
    }

    @Override
    public QueryResult query(SqlText asked) {
        SqlText query = meant(asked);
        Source source = bindable(query);
        DuckDBPreparedStatement prepared = runner().prepare(query.sql(), source);
        try {
            Columns columns = Columns.of(prepared.getMetaData(), query.locate(0));
            return new QueryRows(runner(), runner().start(prepared, source), columns, query.sql());
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, source);
        }
    }

    @Override
    public List<WrittenFile> write(SqlText asked, WriteTarget target) {
        SqlText query = meant(asked);
        Schema schema = describe(query);
        Workspace here = workspace();
        return here.repeated.using(
                query, text -> here.writer.write(text, schema, target, bindable(text), told < 2));
    }

    @Override
    public long export(SqlText asked, Path file) {
        SqlText query = meant(asked);
        Source source = bindable(query);
        describe(query);
        String head = "COPY (\n";
        String name = Sql.literal(file.toAbsolutePath().toString());
        String tail = "\n) TO " + name + " (FORMAT parquet, COMPRESSION zstd, RETURN_STATS)";
        return runner().query(
                        head + Statements.trimmed(query.sql()) + tail,
                        source.after(head),
                        DuckDbSession::count);
    }

    private static long count(java.sql.ResultSet rows) throws SQLException {
        return rows.next() ? rows.getLong("count") : 0;
    }

    @Override
    public List<RowPositions> matches(
            TableName table, SqlText asked, List<String> keys, String condition) {
        SessionRelations relations = relations();
        SqlText query = meant(asked);
        KeyMatcher matcher = workspace().matcher;
        TableScan all =
                relations.scan(table, List.of()).orElseThrow(() -> EngineErrors.notATable(table));
        Schema columns = describe(query);
        for (String key : keys) {
            if (columns.find(key).isEmpty()) {
                throw EngineErrors.keyNotFound(key, "the query", columns.names());
            }
            if (all.schema().find(key).isEmpty()) {
                throw EngineErrors.keyNotFound(key, table.toString(), all.schema().names());
            }
        }
        String staged = relations.full(KEYS);
        String head =
                "CREATE OR REPLACE TABLE " + staged + " AS SELECT " + Sql.names(keys) + " FROM (\n";
        runner().update(
                        head + Statements.trimmed(query.sql()) + "\n)",
                        bindable(query).after(head));
        try {
            matcher.refuseDoubles(table, staged, keys);
            List<Field> same =
                    keys.stream()
                            .flatMap(k -> all.schema().find(k).stream())
                            .filter(f -> sameType(columns, f))
                            .toList();
            TableScan scan = relations.scan(table, matcher.bounds(staged, same)).orElse(all);
            return matcher.find(scan, staged, keys, Source.OURS, condition);
        } finally {
            runner().update("DROP TABLE " + staged, Source.OURS);
        }
    }

    private static boolean sameType(Schema columns, Field field) {
        return columns.find(field.name()).filter(c -> c.type().equals(field.type())).isPresent();
    }

    @Override
    public List<RowPositions> positions(TableName table, SqlText asked) {
        SqlText query = meant(asked);
        String head = "SELECT DISTINCT * FROM (\n";
        Source source = bindable(query).after(head);
        FileNumbers numbers = relations().entry(table).numbers;
        return PositionCollector.collect(
                runner(),
                head + Statements.trimmed(query.sql()) + "\n) ORDER BY 1, 2",
                source,
                numbers::location);
    }

    @Override
    public long stage(TableName name, SqlText asked) {
        SqlText query = meant(asked);
        describe(query);
        Source source = bindable(query);
        SessionRelations relations = changedRelations();
        relations.schema(name.schema());
        TableName fresh = fresh(name);
        String head = "CREATE TABLE " + relations.full(fresh) + " AS\n";
        runner().update(head + Statements.trimmed(query.sql()) + "\n", source.after(head));
        rename(fresh, name);
        return runner().query(
                        "SELECT count(*) AS count FROM " + relations.full(name),
                        Source.OURS,
                        DuckDbSession::count);
    }

    @Override
    public long stage(
            TableName name, Schema schema, Iterable<List<? extends @Nullable Object>> rows) {
        SessionRelations relations = changedRelations();
        relations.schema(name.schema());
        TableName fresh = fresh(name);
        try {
            long count = workspace().stager.fill(fresh, schema, rows);
            rename(fresh, name);
            return count;
        } catch (TarnException e) {
            runner().update("DROP TABLE IF EXISTS " + relations.full(fresh), Source.OURS);
            throw e;
        }
    }

    @Override
    public RowSink sink(TableName name, Schema schema) {
        SessionRelations relations = changedRelations();
        relations.schema(name.schema());
        relations.forget(name);
        told++;
        RowSink sink = workspace().stager.sink(name, schema);
        relations.fed(name);
        return sink;
    }

    @Override
    public void feed(TableName name, TextFeed feed) {
        view(name, workspace().feeds.select(feed));
    }

    @Override
    public void feed(TableName name, Path arrow) {
        view(name, "FROM " + workspace().arrow.relation(arrow));
    }

    private void view(TableName name, String select) {
        SessionRelations relations = changedRelations();
        relations.schema(name.schema());
        relations.forget(name);
        runner().update("CREATE VIEW " + relations.full(name) + " AS " + select, Source.OURS);
        relations.fed(name);
    }

    /** A name to build a table under, for the query may read what the table will replace. */
    private TableName fresh(TableName name) {
        return new TableName(name.schema(), "__tarn_staging_" + ++staging);
    }

    private void rename(TableName from, TableName to) {
        SessionRelations relations = changedRelations();
        relations.forget(to);
        String rename = "ALTER TABLE " + relations.full(from) + " RENAME TO ";
        runner().update(rename + Sql.name(to.table()), Source.OURS);
        relations.staged(to);
    }

    @Override
    public void execute(SqlText statement) {
        if (readOnly) {
            throw RefusedSql.execute();
        }
        changes++;
        Source source = source(statement);
        try {
            runner().update(statement.sql(), source);
        } catch (TarnException e) {
            if (e.code() != ErrorCode.TABLE_NOT_FOUND || !relations().discover(statement)) {
                throw e;
            }
            runner().update(statement.sql(), source);
        }
    }

    @Override
    public String explain(SqlText asked, boolean analyze) {
        SqlText query = meant(asked);
        Source source = bindable(query);
        describe(query);
        String head = analyze ? "EXPLAIN ANALYZE " : "EXPLAIN ";
        String files = FilesRead.told(relations(), query);
        return runner().query(
                        head + query.sql(),
                        source.after(head),
                        rows -> {
                            StringBuilder plan = new StringBuilder();
                            while (rows.next()) {
                                plan.append(rows.getString(2)).append('\n');
                            }
                            return plan.append(files).toString();
                        });
    }

    @Override
    public double progress() {
        synchronized (lock) {
            return workspace == null ? -1 : workspace.runner.progress();
        }
    }

    @Override
    public void cancel() {
        synchronized (lock) {
            if (workspace != null) {
                workspace.runner.cancel();
            }
        }
    }

    @Override
    public void close() {
        Workspace last;
        synchronized (lock) {
            closed = true;
            last = workspace;
            workspace = null;
        }
        if (last != null && changes == 0 && last.isAsItWas()) {
            workspaces.leave(last, readOnly);
        } else if (last != null) {
            last.close();
        }
    }
}
