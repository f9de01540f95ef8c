package dev.tarn.duckdb;

import dev.tarn.spi.RelationResolver;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.duckdb.DuckDBConnection;

/**
 * What a session works in: a connection, a database in memory of its own, and the relations made in
 * it. Used by one session at a time.
 */
final class Workspace implements AutoCloseable {
    final StatementRunner runner;
    final SessionRelations relations;
    final TableWriter writer;
    final RowStager stager;
    final KeyMatcher matcher;
    final FeedFunction.Registrations feeds;
    final ArrowFiles arrow;
    final ShapeGround shapes;
    final RepeatedKeys repeated;
    private final StatementReader reader;
    private final String database;
    private final Duration timeout;
    private final Set<String> approved = new HashSet<>();
    private int uses = 1;

    /**
     * What all workspaces of an engine share.
     *
     * @param root the connection that others are copies of
     */
    record Shared(
            DuckDBConnection root,
            ScheduledExecutorService timer,
            WideStatements wide,
            Reading reading,
            StatementReader reader,
            AccessCheck access,
            PlanCheck plans) {}

    private Workspace(
            Shared shared,
            DuckDBConnection connection,
            String database,
            Duration timeout,
            ShapeGround shapes) {
        this.reader = shared.reader();
        this.database = database;
        this.timeout = timeout;
        this.runner = new StatementRunner(connection, timeout, shared.timer(), shared.wide());
        this.relations = new SessionRelations(database, runner, shared.reader(), shared.reading());
        this.writer = new TableWriter(runner);
        this.stager = new RowStager(database, runner, shared.reading().loads());
        this.matcher = new KeyMatcher(runner, shared.reading());
        this.feeds = shared.reading().feeds().registrations();
        this.arrow = new ArrowFiles(connection);
        this.shapes = shapes;
        this.repeated = new RepeatedKeys(this, shared.reader());
    }

    static Workspace open(Shared shared, String database, Duration timeout, ShapeGround shapes) {
        try {
            DuckDBConnection connection = shared.root().duplicate();
            String name = Sql.name(database);
            try (Statement statement = connection.createStatement()) {
                statement.execute("ATTACH ':memory:' AS " + name);
                statement.execute("USE " + name + ".main");
                statement.execute("SET enable_progress_bar = true");
                statement.execute("SET enable_progress_bar_print = false");
            }
            return new Workspace(shared, connection, database, timeout, shapes);
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }

    /** Whether it shows what a new one would show to a session with this resolver. */
    boolean serves(RelationResolver resolver, Duration wantedTimeout) {
        return relations.resolvedBy(resolver) && allows(wantedTimeout);
    }

    boolean allows(Duration wantedTimeout) {
        return timeout.equals(wantedTimeout);
    }

    /** Makes it ready for another session that has another resolver. */
    void reuse(RelationResolver resolver) {
        uses++;
        relations.moveTo(resolver);
    }

    /** Makes it ready for another session; what is planned is planned again. */
    void reuse() {
        uses++;
        relations.planAgain();
    }

    int uses() {
        return uses;
    }

    /** Whether this text was found harmless over the relations there are here. */
    boolean hasApproved(String sql) {
        return approved.contains(sql);
    }

    /** Only while relations are those of the resolver, which never change. */
    void approve(String sql) {
        approved.add(sql);
    }

    /** Whether another session may go on here, as far as queries can say. */
    boolean isAsItWas() {
        return !relations.hasTravelled() && runner.isSound();
    }

    @Override
    public void close() {
        try {
            reader.forget(runner.connection());
            shapes.close();
            runner.update("USE memory", Source.OURS);
            relations.close();
            runner.update("DETACH " + Sql.name(database), Source.OURS);
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        } finally {
            feeds.close();
            stager.close();
            runner.close();
            arrow.close();
        }
    }
}
