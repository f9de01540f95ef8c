package dev.tarn.app;

import dev.tarn.ingest.FileIngest;
import dev.tarn.ingest.StreamLanding;
import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.Schema;
import dev.tarn.project.ColumnGraph;
import dev.tarn.project.Compilation;
import dev.tarn.project.LateNodes;
import dev.tarn.project.PackageInstaller;
import dev.tarn.project.ProjectBinder;
import dev.tarn.project.ProjectBinder.Bound;
import dev.tarn.project.ProjectCompiler;
import dev.tarn.project.ProjectRequest;
import dev.tarn.project.Selection;
import dev.tarn.run.Cancellation;
import dev.tarn.run.NodeCompiler;
import dev.tarn.run.NodeLineage;
import dev.tarn.run.Publishing;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.run.RunRequest;
import dev.tarn.run.RunSettings;
import dev.tarn.run.Runner;
import dev.tarn.run.SourceLoader;
import dev.tarn.run.TakeOver;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compiles a project, binds it, and runs it. */
final class Building {
    /** Names the interpreter for Python models. */
    private static final String PYTHON = "TARN_PYTHON";

    private final OpenRequest request;
    private final Wiring wiring;
    private final CompileMemory memory;
    private @Nullable Compilation compilation;
    private Map<String, Object> flags = Map.of();
    private boolean keepGoing;

    Building(OpenRequest request, Wiring wiring) {
        this.request = request;
        this.wiring = wiring;
        this.memory = new CompileMemory(wiring.settings().workDirectory(), request.compileCache());
    }

    OpenRequest request() {
        return request;
    }

    /** One that has compiled nothing yet. */
    Building again() {
        return new Building(request, wiring);
    }

    CompileMemory memory() {
        return memory;
    }

    Project compiled() {
        return compilation().project();
    }

    synchronized Compilation compilation() {
        if (compilation == null) {
            compilation = ProjectCompiler.compilation(projectRequest());
        }
        return compilation;
    }

    List<PackageInstaller.Installed> lockPackages() {
        return PackageInstaller.lock(projectRequest());
    }

    List<PackageInstaller.Installed> installPackages(boolean upgrade) {
        return PackageInstaller.install(projectRequest(), upgrade);
    }

    /** What templates are told about what is being done; code may depend on it. */
    synchronized void tell(BuildRequest build) {
        Map<String, Object> told =
                Map.of(
                        "WHICH", build.command().split(" ", 2)[0],
                        "FULL_REFRESH", build.full(),
                        "STORE_FAILURES", build.storeFailures());
        if (!told.equals(flags) || keepGoing != build.options().keepGoing()) {
            flags = told;
            keepGoing = build.options().keepGoing();
            compilation = null;
        }
    }

    /** The nodes with their code, even if that depends on data: on what is published. */
    List<Node> complete(List<Node> nodes, boolean asBuilt) {
        LateNodes late = compilation().late();
        List<Node> complete = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try (LateDatabase database = new LateDatabase(wiring, RefName.MAIN)) {
            for (Node node : nodes) {
                try {
                    complete.add(late.complete(node, database, asBuilt));
                } catch (TarnException e) {
                    problems.addAll(e.problems());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
        return complete;
    }

    List<Node> select(List<String> select, List<String> exclude, Set<NodeKind> kinds) {
        return select(select, exclude, kinds, BuildOptions.NONE);
    }

    List<Node> select(
            List<String> select, List<String> exclude, Set<NodeKind> kinds, BuildOptions options) {
        Project project = compiled();
        if (options.only().isPresent()) {
            return project.nodes().values().stream()
                    .filter(n -> options.only().get().contains(n.id()))
                    .toList();
        }
        Selection selection = selection(select, exclude, options);
        Set<NodeId> chosen =
                new LinkedHashSet<>(
                        selection.select(
                                project, problem -> request.notes().accept(problem.toString())));
        return project.nodes().values().stream()
                .filter(n -> chosen.contains(n.id()))
                .filter(n -> kinds.contains(NodeKind.of(n)))
                .toList();
    }

    List<Node> select(String select, String exclude, Consumer<Problem> warnings) {
        Project project = compiled();
        return Selection.parse(select, exclude).select(project, warnings).stream()
                .flatMap(id -> project.find(id).stream())
                .toList();
    }

    private Selection selection(List<String> select, List<String> exclude, BuildOptions options) {
        Selection selection =
                options.selector()
                        .map(name -> Selection.named(name, projectRequest()))
                        .or(() ->
                                select.isEmpty() && exclude.isEmpty()
                                        ? Selection.standard(projectRequest())
                                        : Optional.empty())
                        .orElseGet(() -> Selection.parse(select, exclude))
                        .with(options.indirect());
        return options.state().map(selection::comparedWith).orElse(selection);
    }

    /** The ids of everything that is selected: nodes, exposures and the semantic layer. */
    List<NodeId> selectIds(List<String> select, List<String> exclude, BuildOptions options) {
        return selection(select, exclude, options)
                .everything(compiled(), problem -> request.notes().accept(problem.toString()));
    }

    /** Binds every model against what its inputs are on a ref, or are about to become. */
    Project bound(RefName ref) {
        return boundWithColumns(ref).project();
    }

    /** Where columns come from; binds the project and asks about its nodes. */
    <T> T columns(RefName ref, Function<ColumnGraph, T> question) {
        try (ColumnGraph graph = new ColumnGraph(boundWithColumns(ref), this::session)) {
            return question.apply(graph);
        }
    }

    private EngineSession session() {
        return wiring.engine().open(Engine.SessionOptions.TRUSTED);
    }

    private Bound boundWithColumns(RefName ref) {
        if (sources().isEmpty()) {
            return bound(id -> Optional.empty(), false);
        }
        try (Ingestion ingestion = ingestion(Set.of())) {
            return bound(sourceColumns(ref, ingestion, source -> true), false);
        }
    }

    private Bound bound(Function<NodeId, Optional<Schema>> sourceColumns, boolean lenient) {
        ProjectBinder.Request binding =
                new ProjectBinder.Request(
                        this::session,
                        Runtime.getRuntime().availableProcessors(),
                        memory.cache(),
                        sourceColumns,
                        compilation().late().ids(),
                        lenient,
                        problem -> request.notes().accept(problem.toString()));
        try {
            return ProjectBinder.bind(compiled(), binding);
        } finally {
            memory.save();
        }
    }

    private Bound bound(BuildRequest build, Set<NodeId> selected, Ingestion ingestion) {
        Predicate<Node.Source> lands = source -> selected.contains(source.id());
        return ingestion.withHeld(
                () -> bound(sourceColumns(build.target(), ingestion, lands), build.keepGoing()));
    }

    private SourceColumns sourceColumns(
            RefName ref, Ingestion ingestion, Predicate<Node.Source> lands) {
        return new SourceColumns(
                compiled(),
                wiring.catalog().read(ref, AsOf.head()),
                wiring.tables(),
                ingestion,
                lands,
                wiring.settings().run().nodesAtOnce(compiled()));
    }

    private List<Node.Source> sources() {
        return compiled().nodes().values().stream()
                .filter(Node.Source.class::isInstance)
                .map(Node.Source.class::cast)
                .toList();
    }

    /** Whether what a run finished need not be done again. */
    private boolean holds(RunId run, BuildRequest build) {
        return TakeOver.holds(wiring.catalog(), run, build.target());
    }

    RunReport build(BuildRequest build, RunListener listener, Cancellation cancellation) {
        tell(build);
        Set<NodeId> selected =
                FileQueries.behind(
                        compiled(),
                        build.retryOf()
                                .filter(r -> build.options().only().isEmpty() || !holds(r, build))
                                .map(this::nodesOf)
                                .filter(nodes -> !nodes.isEmpty())
                                .orElseGet(() -> nodes(build)));
        if (selected.isEmpty() && build.options().only().isEmpty()) {
            throw new TarnException(
                    ErrorCode.SELECTION_INVALID,
                    "Nothing is selected. `tarn ls` lists the nodes there are.");
        }
        try (Ingestion ingestion = ingestion(build.landsAnew() ? selected : Set.of());
                ColumnGraph graph =
                        new ColumnGraph(
                                Stoppable.during(
                                        cancellation, () -> bound(build, selected, ingestion)),
                                this::session)) {
            Project project = graph.project();
            FileCopies copies = new FileCopies(wiring, request.projectDirectory());
            copies.requirePlaces(project, selected);
            boolean debris = lostRuns();
            housekeeping().sweepStaging();
            wiring.mirroring().tell();
            RunReport report =
                    runner(ingestion, graph::edges, build.options().publishing())
                            .run(
                                    new RunRequest(
                                            project,
                                            selected,
                                            build.target(),
                                            build.command(),
                                            build.full(),
                                            build.storeFailures(),
                                            build.retryOf(),
                                            build.options().data(),
                                            build.options().failFast(),
                                            Deferral.substitutes(
                                                    project, selected, build.options()),
                                            build.options().warningsFail(),
                                            build.options().beside(project)),
                                    wiring.observed(listener),
                                    cancellation);
            if (report.run().status() == RunStatus.PUBLISHED) {
                ingestion.published();
            }
            if (debris) {
                housekeeping().clean(false);
            }
            if (build.target().equals(RefName.MAIN)) {
                copies.follow(project, selected);
            }
            maintaining().afterBuild(project, report, cancellation::isCancelled);
            return report;
        }
    }

    CleanTargets cleanTargets() {
        return CleanTargets.of(projectRequest(), wiring.settings());
    }

    private Set<NodeId> nodes(BuildRequest build) {
        return select(build.select(), build.exclude(), build.kinds(), build.options()).stream()
                .map(Node::id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What an earlier run was about, as far as the project still has it. */
    private Set<NodeId> nodesOf(RunId earlier) {
        Project project = compiled();
        return wiring.runs().tasks(earlier).stream()
                .map(task -> new NodeId(task.node()))
                .filter(id -> project.find(id).isPresent())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Runner runner(
            Ingestion ingestion, NodeLineage columns, Optional<Publishing> publishing) {
        RunSettings settings = wiring.settings().run();
        return runner(
                ingestion,
                new LateCompiling(compilation().late(), python()),
                columns,
                settings.withPublishing(publishing.orElse(settings.publishing())));
    }

    private PythonModels python() {
        Settings settings = wiring.settings();
        String named = environment().get(PYTHON);
        return new PythonModels(
                named == null || named.isBlank() ? settings.python().orElse("python3") : named,
                settings.workDirectory().resolve("python"),
                request.projectDirectory(),
                settings.engine().queryTimeout().orElse(Duration.ofHours(1)),
                request.log());
    }

    Runner runner(SourceLoader ingestion, NodeCompiler compiler, NodeLineage columns) {
        return runner(ingestion, compiler, columns, wiring.settings().run());
    }

    private Runner runner(
            SourceLoader ingestion,
            NodeCompiler compiler,
            NodeLineage columns,
            RunSettings settings) {
        return new Runner(
                wiring.catalog(),
                wiring.runs(),
                wiring.tables(),
                wiring.engine(),
                wiring.clock(),
                new SplittableRandom(),
                settings,
                Optional.of(ingestion),
                compiler,
                columns);
    }

    Housekeeping housekeeping() {
        return new Housekeeping(
                wiring.catalog(),
                wiring.runs(),
                wiring.tables(),
                wiring.storage(),
                wiring.tablesRoot(),
                wiring.viewsRoot(),
                wiring.staging(),
                wiring.settings().upkeep().orphanAge(),
                wiring.clock());
    }

    Maintaining maintaining() {
        return new Maintaining(wiring, housekeeping());
    }

    /** Declares silent runs lost; says whether there were any, for they leave files behind. */
    private boolean lostRuns() {
        Instant now = wiring.clock().instant();
        List<Run> lost =
                wiring.runs().markLost(now.minus(wiring.settings().run().lostAfter()), now);
        lost.forEach(run ->
                request.notes()
                        .accept(
                                "Run %s vanished without an end; nothing of it was published."
                                        .formatted(run.id())));
        return !lost.isEmpty();
    }

    Externals externals() {
        return new Externals(wiring.tables(), request.projectDirectory());
    }

    Ingestion ingestion(Set<NodeId> anew) {
        return ingestion(anew, connected(anew, Integer.MAX_VALUE, false));
    }

    Ingestion ingestion(Set<NodeId> anew, ConnectedIngestion connected) {
        return new Ingestion(
                new FileIngest(wiring.storage(), wiring.readers(), wiring.clock()),
                wiring.engine(),
                wiring.tables(),
                request.projectDirectory(),
                request.notes(),
                anew,
                externals(),
                connected);
    }

    ConnectedIngestion connected(Set<NodeId> anew, int batchesPerRun, boolean linger) {
        return connected(connectors(), anew, batchesPerRun, linger);
    }

    Feeds feeds() {
        return new Feeds(wiring, environment(), request.projectDirectory());
    }

    Connectors connectors() {
        return new Connectors(
                environment(),
                request.projectDirectory(),
                wiring.settings().workDirectory(),
                wiring.clock());
    }

    ConnectedIngestion connected(
            Connectors connectors, Set<NodeId> anew, int batchesPerRun, boolean linger) {
        return new ConnectedIngestion(
                connectors,
                wiring.engine(),
                wiring.tables(),
                wiring.clock(),
                this::publishedPositions,
                anew,
                batchesPerRun,
                linger);
    }

    /** Where all sources of a connector stand on the main branch. */
    private List<Map<String, String>> publishedPositions(String connector) {
        CatalogView view = wiring.catalog().read(RefName.MAIN, AsOf.head());
        return sources().stream()
                .filter(s -> ConnectedIngestion.connector(s).equals(Optional.of(connector)))
                .map(s -> StreamLanding.positions(s, view))
                .toList();
    }

    /** The process's environment; what it lacks is looked for in the project's {@code .env}. */
    private Map<String, String> environment() {
        Map<String, String> all =
                new HashMap<>(DotEnv.read(request.projectDirectory().resolve(".env")));
        all.putAll(request.environment());
        return all;
    }

    private ProjectRequest projectRequest() {
        Map<String, String> environment = environment();
        ProjectRequest asked = basicRequest(environment);
        String target = environment.get(OpenRequest.TARGET);
        ProjectRequest aimed = target == null ? asked : asked.withTargetName(target);
        return memory.cache().map(aimed::withCache).orElse(aimed);
    }

    private ProjectRequest basicRequest(Map<String, String> environment) {
        return ProjectRequest.of(request.projectDirectory(), request.clock())
                .withVars(request.vars())
                .withEnvironment(ProjectRequest.Environment.of(environment))
                .withInvocationId(UUID.randomUUID().toString())
                .withNotes(problem -> request.notes().accept(problem.toString()))
                .withLog(request.log())
                .withFlags(request.flags(flags))
                .withFailLate(keepGoing);
    }
}
