package dev.tarn.app;

import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.Run;
import dev.tarn.project.PackageInstaller;
import dev.tarn.project.PreviousState;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.HttpProtocol;
import dev.tarn.spi.Span;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.StatementParser;
import dev.tarn.storage.SecretRef;
import dev.tarn.upkeep.TablePlan;
import dev.tarn.upkeep.TableUpkeep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a user can do, one method each. The command line, and whatever else will face users, calls
 * these and nothing below them. Nothing heavy is loaded before a method needs it. Safe for use by
 * many threads.
 */
public final class Tarn implements AutoCloseable {
    private final Wiring wiring;
    private final Building building;
    private final boolean owner;
    private @Nullable Jobs jobs;
    private @Nullable Alerts alerts;

    Tarn(Wiring wiring, Building building, boolean owner) {
        this.wiring = wiring;
        this.building = building;
        this.owner = owner;
    }

    /**
     * Opens a project's warehouse. Does not touch the disk yet but for the settings.
     *
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID}, {@code UNKNOWN_KEY} and others
     *     for mistakes in {@code tarn.yml}, all of them
     */
    public static Tarn open(OpenRequest request) {
        Settings settings = SettingsReader.read(request);
        Wiring wiring = new Wiring(request, settings);
        return new Tarn(wiring, new Building(request, wiring), true);
    }

    /** The same warehouse while this one is open, with a project that is not compiled yet. */
    public Tarn again() {
        return new Tarn(wiring, building.again(), false);
    }

    /** The project's jobs and their runs. */
    public synchronized Jobs jobs() {
        if (jobs == null) {
            jobs = new Jobs(building.request(), wiring);
        }
        return jobs;
    }

    /** What is wrong, and who hears of it. */
    public synchronized Alerts alerts() {
        if (alerts == null) {
            alerts = new Alerts(building, wiring, jobs());
        }
        return alerts;
    }

    /** The effective settings, each with its origin. */
    public Settings settings() {
        return wiring.settings();
    }

    /** The project, compiled but not yet bound against the columns of its inputs. */
    public Project project() {
        return building.compiled();
    }

    /**
     * The project with the columns of its models known.
     *
     * @throws dev.tarn.model.TarnException with every mistake in every model
     */
    public Project bound() {
        return building.bound(RefName.MAIN);
    }

    /** The columns of models with their types and where they come from, as far as is known. */
    public Map<NodeId, List<ColumnFacts>> columnFacts() {
        return building.columns(RefName.MAIN, ColumnFacts::of);
    }

    /**
     * The nodes with their code; code that depends on data is compiled on what is published.
     *
     * @param asBuilt whether the code counts with which this instance built them, if it did
     * @throws dev.tarn.model.TarnException with everything that is wrong in such code
     */
    public List<Node> complete(List<Node> nodes, boolean asBuilt) {
        return building.complete(nodes, asBuilt);
    }

    /** Says what is about to be done, so that templates know it from the beginning. */
    public void prepare(BuildRequest request) {
        building.tell(request);
    }

    /** What renders templates that no node is made of. */
    public Operations operations() {
        return new Operations(building, wiring);
    }

    /**
     * Calls a macro in a run of its own; what it changes is published at its end.
     *
     * @return its result as text
     */
    public String operate(
            String command,
            String macro,
            Map<String, @Nullable Object> arguments,
            Cancellation cancellation) {
        return new Operations(building, wiring).call(command, macro, arguments, cancellation);
    }

    /** As {@link #select(List, List, Set)}, with what is rarely said. */
    public List<Node> select(
            List<String> select, List<String> exclude, Set<NodeKind> kinds, BuildOptions options) {
        return building.select(select, exclude, kinds, options);
    }

    /** How old the newest rows of sources are, where their tables say how old they may be. */
    public List<Freshness.Finding> freshness(List<String> select, List<String> exclude) {
        return new Freshness(building, wiring).look(select, exclude);
    }

    /** Puts the tables of an earlier project's nodes under the names of this one's, at no cost. */
    public List<TableName> copyFrom(PreviousState state, List<Node> nodes, boolean replace) {
        return new Copying(wiring).copy(state, nodes, replace);
    }

    /** The folders that the project wants removed when it is cleaned. */
    public CleanTargets cleanTargets() {
        return building.cleanTargets();
    }

    /** The ids of everything that is selected: nodes, exposures and the semantic layer. */
    public List<NodeId> selectIds(List<String> select, List<String> exclude, BuildOptions options) {
        return building.selectIds(select, exclude, options);
    }

    /** Decides which versions of packages are meant, without installing them. */
    public List<PackageInstaller.Installed> lockPackages() {
        return building.lockPackages();
    }

    /** Installs the packages the project asks for; returns those that are there now. */
    public List<PackageInstaller.Installed> installPackages(boolean upgrade) {
        return building.installPackages(upgrade);
    }

    /**
     * Where columns come from and go to, by the code of the project.
     *
     * @param what a model, seed or source, by name or table, alone or with a column behind a dot
     * @param depth how many steps to follow; 0 for all of a column, and one of a whole node
     */
    public LineageReport lineage(String what, Set<LineageReport.Direction> directions, int depth) {
        return building.columns(
                RefName.MAIN, graph -> new LineageTracing(graph, directions, depth).trace(what));
    }

    /** The selected nodes in the order of the graph. */
    public List<Node> select(List<String> select, List<String> exclude, Set<NodeKind> kinds) {
        return building.select(select, exclude, kinds);
    }

    /**
     * The nodes that a selection means.
     *
     * @param warnings is told which terms mean nothing in this project
     */
    public List<Node> select(String select, String exclude, Consumer<Problem> warnings) {
        return building.select(select, exclude, warnings);
    }

    /** Executes nodes as one run: everything becomes visible on the target at once, or nothing. */
    public RunReport build(BuildRequest request, RunListener listener, Cancellation cancellation) {
        return building.build(request, listener, cancellation);
    }

    /**
     * Lands what is new in sources: each batch of a connector in a run of its own, so that what was
     * read is published before the next is begun.
     *
     * @param follow whether to go on with what comes, until it is cancelled; a source that cannot
     *     be reached is tried again
     * @return the last run that published something; else the last run
     */
    public RunReport ingest(
            BuildRequest request, boolean follow, RunListener listener, Cancellation cancellation) {
        building.tell(request);
        boolean connected =
                Ingesting.concerns(
                        building.select(
                                request.select(),
                                request.exclude(),
                                request.kinds(),
                                request.options()));
        return connected || follow
                ? new Ingesting(building, wiring).ingest(request, follow, listener, cancellation)
                : new Ingesting(building, wiring).once(request, listener, cancellation);
    }

    /** How far sources have been read, and going back. */
    public Sources sources() {
        return new Sources(building, wiring, looking(), asking());
    }

    /** The newest run that published nothing, if no newer one published. */
    public Optional<Run> lastFailed() {
        return overview().lastFailed();
    }

    /** Answers a query over one state of the warehouse. The answer must be closed. */
    public Answer query(String sql, At at, Cancellation cancellation) {
        return query(SqlText.of(sql), at, cancellation);
    }

    /** The same for a text that knows its places, for errors. */
    public Answer query(SqlText sql, At at, Cancellation cancellation) {
        return wiring.tracer()
                .during(
                        "query",
                        Span.Kind.INTERNAL,
                        "",
                        span -> {
                            CatalogView view = looking().view(at);
                            span.attribute("tarn.ref", view.ref().value())
                                    .attribute("tarn.publication", view.asOf().value())
                                    .follows("publication " + view.asOf().value());
                            return asking().query(sql, view, true, cancellation);
                        });
    }

    /** Rows of a query of the project, which may do what its nodes may, after its header. */
    public Answer preview(Optional<SqlText> header, SqlText sql, Cancellation stop) {
        List<SqlText> start = project().hooks().wordsFor(sql);
        return asking().preview(start, header, sql, looking().view(At.MAIN), stop);
    }

    /** Answers a query anew even if an earlier one's rows are kept; they are not kept either. */
    public Answer queryAnew(String sql, At at, Cancellation cancellation) {
        return asking().query(SqlText.of(sql), looking().view(at), false, cancellation);
    }

    /**
     * Executes statements on a ref, as one run: all of them are published together, or none.
     *
     * @param text may hold several, with semicolons between them; it knows where it comes from
     */
    public Executed execute(SqlText text, RefName ref, Cancellation cancellation) {
        return new Executing(wiring).execute(text, ref, cancellation);
    }

    /** Whether a text only asks, so that {@link #query} can answer it. */
    public static boolean isQuery(String sql) {
        return StatementParser.parse(SqlText.of(sql)).stream()
                .allMatch(Statement.Query.class::isInstance);
    }

    /** Writes a query's rows to a Parquet file; returns how many. */
    public long export(String sql, At at, Path file, Cancellation cancellation) {
        return asking().export(sql, looking().view(at), file, cancellation);
    }

    /** How a query would run, or ran. */
    public String explain(String sql, At at, boolean analyze) {
        return asking().explain(sql, looking().view(at), analyze);
    }

    /** Whether the result cache would answer a query, and why not. */
    public CacheNote cacheNote(String sql, At at) {
        return asking().note(sql, looking().view(at));
    }

    /** Forgets the rows of earlier queries; returns the bytes they took. */
    public long forgetResults(boolean dryRun) {
        return wiring.results().forget(dryRun);
    }

    public List<TableListing> tables(At at) {
        return looking().tables(at);
    }

    public List<TableName> tableNames(At at) {
        return overview().relations(at).stream().map(v -> TableName.parse(v.key().name())).toList();
    }

    /**
     * The table or view that somebody means by {@code schema.table}, or by {@code table} where only
     * one schema has it.
     */
    public TableName named(String text, At at) {
        return new Names(looking(), this::project).named(text, at);
    }

    public TableReport table(TableName name, At at) {
        return looking().table(name, at);
    }

    /** The states a table or view has had on a ref, newest first. */
    public List<Catalog.EntryVersion> history(TableName name, RefName ref, int limit) {
        return looking().history(name, ref, limit);
    }

    /** What became visible on a ref, newest first. */
    public List<Publication> publications(RefName ref, int limit) {
        return wiring.catalog().history(ref, limit);
    }

    /** Newest first. */
    public List<Run> runs(int limit) {
        return wiring.runs().runs(limit);
    }

    public RunDetails run(RunId id) {
        return overview().run(id);
    }

    /** How everything stands, for whoever looks all the time. */
    public Overview overview() {
        return new Overview(looking(), wiring.runs());
    }

    public List<Ref> refs() {
        return wiring.catalog().refs();
    }

    /**
     * Shows the newest version of a table that somebody else writes under a name; attaching it
     * again from the same place shows what is newest then.
     *
     * @return what is shown, and empty if it was shown already
     */
    public AttachedTable attach(RefName ref, TableName name, ExternalSpec spec) {
        return AttachedTable.of(
                new Attaching(wiring.catalog(), building.externals(), wiring.tables())
                        .attach(ref, name, spec));
    }

    /**
     * Makes a table of others one of the warehouse's own, in place: its data files stay, and rows
     * and columns are compared before anything is visible.
     *
     * @throws dev.tarn.model.TarnException {@code UNSUPPORTED} for what Iceberg cannot say of its
     *     files; nothing has changed then
     */
    public AdoptedTable adopt(RefName ref, TableName name, ExternalSpec spec) {
        return new Adopting(
                        wiring.catalog(),
                        building.externals(),
                        wiring.tables(),
                        wiring.adopter(),
                        wiring.engine())
                .adopt(ref, name, spec);
    }

    /** Branches and tags, and the states that tables had. */
    public States states() {
        return new States(wiring, looking(), asking());
    }

    /** Who is told what changes in tables. */
    public Feeds feeds() {
        return building.feeds();
    }

    /** What upkeep would do to tables, and what that would gain. */
    public List<TablePlan> maintenancePlan(MaintainRequest request) {
        return building.maintaining().plan(request);
    }

    /** What upkeep would forget and remove in the warehouse. */
    public MaintainReport maintenanceForecast(MaintainRequest request) {
        return building.maintaining().forecast(request);
    }

    /**
     * Looks after tables and the warehouse. Whoever schedules it calls this as well.
     *
     * @param listener hears of each table when it is done
     * @param stopped asked between pieces of work
     * @throws dev.tarn.model.TarnException {@code COMMIT_CONFLICT} when another process is at it
     */
    public MaintainReport maintain(
            MaintainRequest request, Consumer<TableUpkeep> listener, BooleanSupplier stopped) {
        return building.maintaining().maintain(request, listener, stopped);
    }

    /** Removes files of tables that nothing can reach any more. */
    public Housekeeping.Report clean(boolean dryRun) {
        return building.housekeeping().clean(dryRun);
    }

    /**
     * Forgets what earlier compiles remembered.
     *
     * @return the bytes it took
     */
    public long forgetCompiles(boolean dryRun) {
        return building.memory().forget(dryRun);
    }

    /**
     * The warehouse as an Iceberg REST catalog; every ref is a warehouse of its own there.
     *
     * @param anyLocation whether clients may have tables outside of the warehouse's place
     */
    public HttpProtocol icebergRest(boolean anyLocation) {
        return new Protocols(wiring).icebergRest(anyLocation);
    }

    /** Takes rows that are sent to sources with {@code connector: push}. It must be closed. */
    public Pushing pushing() {
        return new Pushing(this, building, wiring);
    }

    /** The same protocol; how long requests take is counted, and told to whoever traces. */
    public HttpProtocol watched(String mount, HttpProtocol protocol) {
        return new WatchedProtocol(mount, protocol, wiring.tracer(), wiring.requests());
    }

    /**
     * Asks the store of the warehouse whether it answers.
     *
     * @throws dev.tarn.model.TarnException {@code STORAGE_FAILED} and others if it does not
     */
    public void askStorage() {
        Optional<?> unused = wiring.storage().find(wiring.settings().warehouse() + "/ready");
    }

    /** What was asked of protocols so far. */
    public RequestCounts requests() {
        return wiring.requests();
    }

    /** Where servers of this project say that they are there. */
    public ServerNotes serverNotes() {
        return new ServerNotes(
                settings().workDirectory(), new ServerFacts(building.request(), settings()));
    }

    /**
     * A secret by its reference, {@code env:NAME} or {@code file:PATH}. Not to be kept or shown.
     */
    public String secret(String reference) {
        return SecretRef.parse(reference, wiring.environment()).resolve();
    }

    private Looking looking() {
        return new Looking(wiring.catalog(), wiring.runs(), wiring.tables());
    }

    private Asking asking() {
        return new Asking(
                wiring.engine(),
                wiring.tables(),
                wiring.past(),
                new Recalling(wiring.results(), wiring.principal()));
    }

    @Override
    public void close() {
        building.memory().save();
        if (owner) {
            wiring.close();
        }
    }
}
