package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.QueryLineage;
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
import dev.tarn.sql.PlanLineage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/** A session: a connection and a database in memory of its own, which holds its relations. */
final class DuckDbSession implements EngineSession {
    private static final TableName KEYS = new TableName("main", "__tarn_keys");

    private final String database;
    private final StatementRunner runner;
    private final StatementReader reader;
    private final SessionRelations relations;
    private final TableWriter writer;
    private final RowStager stager;
    private final KeyMatcher matcher;
    private final DeletedRowsFunction.Registrations deletions;
    private final AccessCheck access;
    private final PlanCheck plans;
    private final ShapeGround shapes;
    private final boolean readOnly;
    private boolean closed;
    private long staging;

    /** What a session is made of. */
    record Parts(
            DuckDBConnection root,
            Supplier<String> databases,
            Duration timeout,
            boolean readOnly,
            ScheduledExecutorService timer,
            DeletedRowsFunction deletedRows,
            StatementReader reader,
            AccessCheck access,
            PlanCheck plans) {
        /** The same for a session that is not asked by anybody but ourselves. */
        Parts trusted() {
            return new Parts(
                    root, databases, timeout, false, timer, deletedRows, reader, access, plans);
        }
    }

    private DuckDbSession(Parts parts, String database, DuckDBConnection connection) {
        this.database = database;
        this.runner = new StatementRunner(connection, parts.timeout(), parts.timer());
        this.reader = parts.reader();
        this.access = parts.access();
        this.readOnly = parts.readOnly();
        this.plans = parts.plans();
        this.shapes = new ShapeGround(() -> open(parts.trusted()));
        this.deletions = parts.deletedRows().registrations();
        ParquetScan scans = new ParquetScan(deletions);
        this.relations = new SessionRelations(database, runner, reader, scans);
        this.writer = new TableWriter(runner);
        this.stager = new RowStager(database, runner);
        this.matcher = new KeyMatcher(runner, scans);
    }

    static DuckDbSession open(Parts parts) {
        try {
            DuckDBConnection connection = parts.root().duplicate();
            String database = parts.databases().get();
            String name = Sql.name(database);
            try (Statement statement = connection.createStatement()) {
                statement.execute("ATTACH ':memory:' AS " + name);
                statement.execute("USE " + name + ".main");
                statement.execute("SET enable_progress_bar = true");
                statement.execute("SET enable_progress_bar_print = false");
            }
            return new DuckDbSession(parts, database, connection);
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }

    @Override
    public void resolver(RelationResolver resolver) {
        relations.resolver(resolver);
    }

    @Override
    public void define(TableName name, Relation relation) {
        relations.define(name, relation);
    }

    @Override
    public Set<TableName> reads(SqlText query) {
        return relations.named(query);
    }

    @Override
    public Schema describe(SqlText query) {
        Source source = bindable(query);
        try (DuckDBPreparedStatement prepared = prepare(query, source)) {
            return Columns.of(prepared.getMetaData(), query.locate(0)).schema();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, source);
        }
    }

    @Override
    public QueryLineage lineage(SqlText query) {
        int width = describe(query).fields().size();
        return switch (plan(query)) {
            case BoundPlan.Known known -> PlanLineage.of(known.root(), width);
            case BoundPlan.Untold untold -> QueryLineage.notKnown(width, untold.reason());
        };
    }

    /** The plan of a query, or the error in it. */
    BoundPlan plan(SqlText query) {
        Source source = source(query);
        try {
            BoundPlan plan = BoundPlan.of(runner.connection(), query.sql());
            if (plan instanceof BoundPlan.Untold) {
                prepare(query, source).close();
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
            relations.discover(query);
        }
        return source;
    }

    private Source source(SqlText text) {
        return Source.of(text).reading(relations.knownTo(relations.prepare(text)));
    }

    private void allow(SqlText query) {
        try {
            boolean plain =
                    access.check(
                            runner.connection(),
                            query,
                            reference -> relations.find(reference, query),
                            relations::names);
            Map<TableName, Relation> reached = relations.reached(query);
            if (!plain || reached.values().stream().anyMatch(Relation.View.class::isInstance)) {
                plans.check(query, reached, relations.searchPath(), shapes);
            }
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.of(query));
        }
    }

    /** Whether the parser hands out the query's tree. */
    private boolean oneQuery(SqlText query) {
        try {
            if (reader.read(runner.connection(), query.sql())
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
            return false;
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.of(query));
        }
    }

    private DuckDBPreparedStatement prepare(SqlText query, Source source) {
        return runner.prepare(query.sql(), source);
    }

    @Override
    public QueryResult query(SqlText query) {
        Source source = bindable(query);
        DuckDBPreparedStatement prepared = prepare(query, source);
        try {
            Columns columns = Columns.of(prepared.getMetaData(), query.locate(0));
            return new QueryRows(runner, runner.start(prepared, source), columns, query.sql());
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, source);
        }
    }

    @Override
    public List<WrittenFile> write(SqlText query, WriteTarget target) {
        Schema schema = describe(query);
        return writer.write(query, schema, target, bindable(query));
    }

    @Override
    public long export(SqlText query, Path file) {
        Source source = bindable(query);
        describe(query);
        String head = "COPY (\n";
        String tail =
                "\n) TO "
                        + Sql.literal(file.toAbsolutePath().toString())
                        + " (FORMAT parquet, COMPRESSION zstd, RETURN_STATS)";
        return runner.query(
                head + Statements.trimmed(query.sql()) + tail, source.after(head), this::exported);
    }

    private long exported(java.sql.ResultSet rows) throws SQLException {
        return rows.next() ? rows.getLong("count") : 0;
    }

    private long count(java.sql.ResultSet rows) throws SQLException {
        return rows.next() ? rows.getLong(1) : 0;
    }

    @Override
    public List<RowPositions> matches(
            TableName table, SqlText query, List<String> keys, String condition) {
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
        runner.update(head + Statements.trimmed(query.sql()) + "\n)", bindable(query).after(head));
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
            runner.update("DROP TABLE " + staged, Source.OURS);
        }
    }

    private static boolean sameType(Schema columns, Field field) {
        return columns.find(field.name()).filter(c -> c.type().equals(field.type())).isPresent();
    }

    @Override
    public long stage(TableName name, SqlText query) {
        describe(query);
        Source source = bindable(query);
        relations.schema(name.schema());
        TableName fresh = fresh(name);
        String head = "CREATE TABLE " + relations.full(fresh) + " AS\n";
        runner.update(head + Statements.trimmed(query.sql()) + "\n", source.after(head));
        rename(fresh, name);
        return runner.query(
                "SELECT count(*) FROM " + relations.full(name), Source.OURS, this::count);
    }

    @Override
    public long stage(
            TableName name, Schema schema, Iterable<List<? extends @Nullable Object>> rows) {
        relations.schema(name.schema());
        TableName fresh = fresh(name);
        try {
            long count = stager.fill(fresh, schema, rows);
            rename(fresh, name);
            return count;
        } catch (TarnException e) {
            runner.update("DROP TABLE IF EXISTS " + relations.full(fresh), Source.OURS);
            throw e;
        }
    }

    /** A name to build a table under, for the query may read what the table will replace. */
    private TableName fresh(TableName name) {
        return new TableName(name.schema(), "__tarn_staging_" + ++staging);
    }

    private void rename(TableName from, TableName to) {
        relations.forget(to);
        runner.update(
                "ALTER TABLE " + relations.full(from) + " RENAME TO " + Sql.name(to.table()),
                Source.OURS);
        relations.staged(to);
    }

    @Override
    public void execute(String statement) {
        if (readOnly) {
            throw RefusedSql.execute();
        }
        SqlText text = SqlText.of(statement);
        Source source = source(text);
        try {
            runner.update(statement, source);
        } catch (TarnException e) {
            if (e.code() != ErrorCode.TABLE_NOT_FOUND || !relations.discover(text)) {
                throw e;
            }
            runner.update(statement, source);
        }
    }

    @Override
    public String explain(SqlText query, boolean analyze) {
        Source source = bindable(query);
        describe(query);
        String head = analyze ? "EXPLAIN ANALYZE " : "EXPLAIN ";
        return runner.query(
                head + query.sql(),
                source.after(head),
                rows -> {
                    StringBuilder plan = new StringBuilder();
                    while (rows.next()) {
                        plan.append(rows.getString(2)).append('\n');
                    }
                    return plan.toString();
                });
    }

    @Override
    public double progress() {
        return runner.progress();
    }

    @Override
    public void cancel() {
        runner.cancel();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            shapes.close();
            runner.update("USE memory", Source.OURS);
            runner.update("DETACH " + Sql.name(database), Source.OURS);
        } finally {
            deletions.close();
            runner.close();
        }
    }
}
