package dev.tarn.app;

import dev.tarn.ingest.FileIngest;
import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.run.Run;
import dev.tarn.model.table.Schema;
import dev.tarn.project.Compilation;
import dev.tarn.project.LateNodes;
import dev.tarn.project.PackageInstaller;
import dev.tarn.project.ProjectBinder;
import dev.tarn.project.ProjectCompiler;
import dev.tarn.project.ProjectRequest;
import dev.tarn.project.Selection;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.run.RunRequest;
import dev.tarn.run.Runner;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compiles a project, binds it, and runs it. */
final class Building {
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

    CompileMemory memory() {
        return memory;
    }

    Project compiled() {
        return compilation().project();
    }

    private synchronized Compilation compilation() {
        if (compilation == null) {
            compilation = ProjectCompiler.compilation(projectRequest());
        }
        return compilation;
    }

    List<PackageInstaller.Installed> installPackages(boolean upgrade) {
        return PackageInstaller.install(projectRequest(), upgrade);
    }

    /** What templates are told about what is being done; code may depend on it. */
    private synchronized void tell(BuildRequest build) {
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
    List<Node> complete(List<Node> nodes) {
        LateNodes late = compilation().late();
        List<Node> complete = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try (LateDatabase database = new LateDatabase(wiring, RefName.MAIN)) {
            for (Node node : nodes) {
                try {
                    complete.add(
                            late.contains(node.id())
                                    ? late.compile(node.id(), database, false)
                                    : node);
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
        Project project = compiled();
        Set<NodeId> chosen =
                new LinkedHashSet<>(
                        Selection.parse(select, exclude)
                                .select(
                                        project,
                                        problem -> request.notes().accept(problem.toString())));
        return project.nodes().values().stream()
                .filter(n -> chosen.contains(n.id()))
                .filter(n -> kinds.contains(NodeKind.of(n)))
                .toList();
    }

    /** Binds every model against what its inputs are on a ref, or are about to become. */
    Project bound(RefName ref) {
        if (sources().isEmpty()) {
            return bound(id -> Optional.empty());
        }
        try (Ingestion ingestion = ingestion(Set.of())) {
            return bound(sourceColumns(ref, ingestion));
        }
    }

    /** What is wrong is told now, and again when the node that is wrong fails. */
    private Project boundWhereRight(Function<NodeId, Optional<Schema>> sourceColumns) {
        try {
            return bound(sourceColumns);
        } catch (TarnException e) {
            e.problems().forEach(p -> request.notes().accept(p.toString()));
            return compiled();
        }
    }

    private Project bound(Function<NodeId, Optional<Schema>> sourceColumns) {
        ProjectBinder.Request binding =
                new ProjectBinder.Request(
                        () -> wiring.engine().open(Engine.SessionOptions.TRUSTED),
                        Runtime.getRuntime().availableProcessors(),
                        memory.cache(),
                        sourceColumns,
                        compilation().late().ids(),
                        problem -> request.notes().accept(problem.toString()));
        try {
            return ProjectBinder.bind(compiled(), binding).project();
        } finally {
            memory.save();
        }
    }

    /** The columns of sources as they are on a ref, or are about to become. */
    private Function<NodeId, Optional<Schema>> sourceColumns(RefName ref, Ingestion ingestion) {
        CatalogView view = wiring.catalog().read(ref, AsOf.head());
        ingestion.lookAhead(
                sources().stream().filter(s -> s.ingest().isPresent()).toList(),
                view,
                wiring.settings().run().parallelism());
        return id -> compiled().find(id).flatMap(n -> columns(n, view, ingestion));
    }

    private List<Node.Source> sources() {
        return compiled().nodes().values().stream()
                .filter(Node.Source.class::isInstance)
                .map(Node.Source.class::cast)
                .toList();
    }

    RunReport build(BuildRequest build, RunListener listener, Cancellation cancellation) {
        tell(build);
        Set<NodeId> selected =
                build.retryOf()
                        .map(this::nodesOf)
                        .filter(nodes -> !nodes.isEmpty())
                        .orElseGet(() -> nodes(build));
        if (selected.isEmpty()) {
            throw new TarnException(
                    ErrorCode.SELECTION_INVALID,
                    "Nothing is selected. `tarn ls` lists the nodes there are.");
        }
        try (Ingestion ingestion = ingestion(build.landsAnew() ? selected : Set.of())) {
            Function<NodeId, Optional<Schema>> columns = sourceColumns(build.target(), ingestion);
            Project project =
                    build.options().keepGoing() ? boundWhereRight(columns) : bound(columns);
            boolean debris = lostRuns();
            housekeeping().sweepStaging();
            RunReport report =
                    runner(ingestion)
                            .run(
                                    new RunRequest(
                                            project,
                                            selected,
                                            build.target(),
                                            build.command(),
                                            build.full(),
                                            build.storeFailures(),
                                            build.retryOf()),
                                    listener,
                                    cancellation);
            if (debris) {
                housekeeping().clean(false);
            }
            return report;
        }
    }

    private Set<NodeId> nodes(BuildRequest build) {
        return select(build.select(), build.exclude(), build.kinds()).stream()
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

    private Runner runner(Ingestion ingestion) {
        return new Runner(
                wiring.catalog(),
                wiring.runs(),
                wiring.tables(),
                wiring.engine(),
                wiring.clock(),
                new SplittableRandom(),
                wiring.settings().run(),
                Optional.of(ingestion),
                new LateCompiling(compilation().late()));
    }

    Housekeeping housekeeping() {
        return new Housekeeping(
                wiring.catalog(),
                wiring.runs(),
                wiring.tables(),
                wiring.storage(),
                wiring.tablesRoot(),
                wiring.staging(),
                wiring.clock());
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

    private Ingestion ingestion(Set<NodeId> anew) {
        return new Ingestion(
                new FileIngest(wiring.storage(), wiring.readers(), wiring.clock()),
                wiring.engine(),
                wiring.tables(),
                request.projectDirectory(),
                request.notes(),
                anew);
    }

    private Optional<Schema> columns(Node node, CatalogView view, Ingestion ingestion) {
        if (node instanceof Node.Source source && source.ingest().isPresent()) {
            return ingestion.columnsAhead(source, view);
        }
        return relation(node)
                .flatMap(name -> view.find(EntryKey.of(name)))
                .flatMap(found ->
                        switch (found.entry()) {
                            case Entry.Table table ->
                                    Optional.of(
                                            wiring.tables()
                                                    .state(table.pointer())
                                                    .definition()
                                                    .schema());
                            case Entry.View v -> Optional.of(v.schema());
                            case Entry.Position p -> Optional.<Schema>empty();
                            case Entry.Judgement j -> Optional.<Schema>empty();
                        });
    }

    /** Only sources: what a project makes itself is bound from its code. */
    private static Optional<TableName> relation(Node node) {
        return node instanceof Node.Source source
                ? Optional.of(source.relation())
                : Optional.empty();
    }

    private ProjectRequest projectRequest() {
        ProjectRequest all =
                ProjectRequest.of(request.projectDirectory(), request.clock())
                        .withVars(request.vars())
                        .withEnvironment(name -> request.environment().get(name))
                        .withInvocationId(UUID.randomUUID().toString())
                        .withNotes(problem -> request.notes().accept(problem.toString()))
                        .withLog(request.notes())
                        .withFlags(flags)
                        .withFailLate(keepGoing);
        return memory.cache().map(all::withCache).orElse(all);
    }
}
