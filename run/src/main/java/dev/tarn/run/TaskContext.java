package dev.tarn.run;

import dev.tarn.model.AsOf;
import dev.tarn.model.PointInTime;
import dev.tarn.model.Problem;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.HookEnd;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Tables;
import dev.tarn.sql.statement.MacroExpansion;
import dev.tarn.sql.statement.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What a task may use: one state of the run's ref to read, a session, and a way to commit. */
public final class TaskContext implements AutoCloseable {
    private static final int VERSIONS_SEARCHED = 1_000;

    private final Ground ground;
    private final NodeScope scope;
    private final CatalogView view;
    private final EngineSession session;
    private final CatalogRelations relations;
    private volatile EngineSession followed;

    /** What all tasks of a run share. */
    record Ground(
            RunId run,
            RunRequest request,
            Catalog catalog,
            PastStates past,
            Tables tables,
            RunTables states,
            Engine engine,
            Clock clock,
            Cancellation cancellation,
            BatchLog batches,
            HookLog hooks,
            SessionWords words) {}

    TaskContext(Ground ground) {
        this(ground, NodeScope.fresh());
    }

    /**
     * @param scope what belongs to the work it is part of
     */
    TaskContext(Ground ground, NodeScope scope) {
        this.ground = ground;
        this.scope = scope;
        view = ground.catalog().read(RefName.of(ground.run()), AsOf.head());
        session = ground.engine().open(Engine.SessionOptions.TRUSTED);
        followed = session;
        relations =
                new CatalogRelations(
                        view,
                        ground.tables(),
                        ground.states(),
                        ground.request().substitutes(),
                        Optional.of(ground.past()));
        session.resolver(relations);
        ground.cancellation().watch(session);
        ground.words().tell(session);
        scope.words().tell(session);
        scope.sees().ifPresent(new InputFilter(this)::apply);
    }

    /** The same task with the run's ref as it is now. */
    public TaskContext again() {
        return new TaskContext(ground, scope);
    }

    NodeScope scope() {
        return scope;
    }

    /** Lets the queries of this work that come after it have a setting, where it is theirs. */
    void set(Statement.Setting setting) {
        if (ground.engine().sessionSettings().contains(setting.setting())) {
            session.execute(setting.text());
            scope.words().add(setting);
        }
    }

    /** Lets queries after it call a macro or cast to a type: those of the run, or of this work. */
    void learn(Statement.Vocabulary vocabulary) {
        SessionWords.attempt(vocabulary, session);
        boolean own =
                vocabulary.made()
                        ? vocabulary.lifetime() == Statement.Lifetime.TEMPORARY
                        : scope.words().knows(vocabulary.name().table());
        (own ? scope.words() : ground.words()).add(vocabulary);
    }

    /** Whether a query may mean something else than it would without what statements decided. */
    boolean isBent(SqlText query) {
        return ground.words().concern(query.sql()) || scope.words().concern(query.sql());
    }

    /**
     * A query that is kept, and asked later, without what is gone by then: the bodies of macros
     * stand in it.
     *
     * @throws TarnException when it needs anything else
     */
    SqlText lasting(SqlText query) {
        if (!ground.words().areIn(query.sql()) && !scope.words().areIn(query.sql())) {
            return query;
        }
        List<Statement.Vocabulary> vocabulary = new ArrayList<>(ground.words().vocabulary());
        vocabulary.addAll(scope.words().vocabulary());
        try (EngineSession later = ground.engine().open(Engine.SessionOptions.TRUSTED)) {
            later.resolver(relations);
            return new LastingQuery(session, later).of(query, new MacroExpansion(vocabulary));
        }
    }

    /**
     * Removes the tables that were made for the work only.
     *
     * @param work what it was, in a few words
     */
    void sweep(String work) {
        List<Change> unneeded = scope.swept(view);
        if (!unneeded.isEmpty()) {
            commit(unneeded, "drop temporary tables of " + work);
        }
    }

    public RunId run() {
        return ground.run();
    }

    public Project project() {
        return ground.request().project();
    }

    /** The nodes that the run executes. */
    public Set<NodeId> selected() {
        return ground.request().selected();
    }

    /** Whether everything is to be built anew. */
    public boolean full() {
        return ground.request().full();
    }

    /** How much of its inputs a node sees. */
    RunRequest.InputData data() {
        return ground.request().data();
    }

    /** Whether the run goes on where another one failed. */
    boolean retries() {
        return ground.request().retryOf().isPresent();
    }

    /** Whether what is there was made by the run that this one goes on from. */
    boolean isOfRetried(Optional<Versioned> there) {
        Optional<String> earlier = ground.request().retryOf().map(RunId::value);
        return earlier.isPresent()
                && there.map(v -> v.entry().attributes().get("run")).equals(earlier);
    }

    /** Keeps how the periods of a model ended, and what was wrong with those that failed. */
    void noteBatches(NodeId node, Batches ended, List<Problem> problems) {
        ground.batches().note(node, ended, problems);
    }

    /** Tables that are read in the place of others. */
    RunRequest.Substitutes substitutes() {
        return ground.request().substitutes();
    }

    /** Whether a check that would warn fails. */
    boolean warningsFail() {
        return ground.request().warningsFail();
    }

    boolean storeFailures() {
        return ground.request().storeFailures();
    }

    /** The run's ref as it was when the task began. */
    public CatalogView view() {
        return view;
    }

    /** What names in queries stand for, whatever the session was told since. */
    CatalogRelations relations() {
        return relations;
    }

    public EngineSession session() {
        return session;
    }

    public Tables tables() {
        return ground.tables();
    }

    public Clock clock() {
        return ground.clock();
    }

    /** Notes how a statement around the whole run ended. */
    public void ended(HookEnd hook) {
        ground.hooks().note(hook);
    }

    /** Writes tables from queries. */
    public TableWriter writer() {
        return writer(session);
    }

    /** Writes tables from queries of another session. */
    public TableWriter writer(EngineSession other) {
        return new TableWriter(other, ground.tables(), summary());
    }

    /** Stops the run; whoever opens a session of his own lets it be watched. */
    public Cancellation cancellation() {
        return ground.cancellation();
    }

    /** Shows the progress of another session as the task's own. */
    public void follow(EngineSession other) {
        followed = other;
    }

    /** Between 0 and 1 for the statement that runs now, where that is known. Any thread may ask. */
    OptionalDouble progress() {
        double known = followed.progress();
        return known < 0 ? OptionalDouble.empty() : OptionalDouble.of(known);
    }

    /** What every snapshot of this run says about its origin. */
    Map<String, String> summary() {
        return Map.of("tarn.run", ground.run().value());
    }

    /** Makes changes visible on the run's ref, in one step. */
    public void commit(List<Change> changes, String message) {
        ground.cancellation().check();
        scope.note(changes, view);
        CommitResult result =
                ground.catalog()
                        .commit(
                                new CommitRequest(
                                        RefName.of(ground.run()),
                                        changes,
                                        message,
                                        Optional.of(ground.run()),
                                        false,
                                        List.of(),
                                        List.of()));
        if (result instanceof CommitResult.Conflicted conflicted) {
            throw RunErrors.conflict(RefName.of(ground.run()), conflicted.conflicts());
        }
    }

    /**
     * Binds a query as one that somebody typed, who must not ask for everything that the project's
     * own code may.
     */
    void describeAsTyped(SqlText query) {
        try (EngineSession typed =
                ground.engine().open(new Engine.SessionOptions(Optional.empty(), true))) {
            typed.resolver(relations);
            typed.describe(query);
        }
    }

    /** A table or view as it was at another time, or is elsewhere. */
    Versioned then(TableName name, PointInTime point) {
        return ground.past().entry(view.ref(), name, point);
    }

    /** What the run's ref held just before a table or view was last dropped from it. */
    Optional<CatalogView> beforeDrop(TableName name) {
        return ground
                .catalog()
                .history(RefName.of(ground.run()), EntryKey.of(name), VERSIONS_SEARCHED)
                .stream()
                .filter(v -> v.value().isEmpty())
                .findFirst()
                .map(v -> new PublicationId(v.publication().id().value() - 1))
                .map(id ->
                        ground.catalog().read(RefName.of(ground.run()), new AsOf.Publication(id)));
    }

    @Override
    public void close() {
        ground.cancellation().release(session);
        session.close();
    }
}
