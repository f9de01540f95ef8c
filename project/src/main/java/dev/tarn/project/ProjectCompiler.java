package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * Compiles a project folder into the graph: reads all files, learns settings and references from
 * the templates, decides where nodes go, then gets their SQL.
 */
public final class ProjectCompiler {
    private final ProjectRequest request;
    private final Problems problems = new Problems();

    private ProjectCompiler(ProjectRequest request) {
        this.request = request;
    }

    /**
     * Compiles a project.
     *
     * @throws TarnException with everything that is wrong, each at its place
     */
    public static Project compile(ProjectRequest request) {
        return compilation(request).project();
    }

    /**
     * Compiles a project, and keeps what is needed to finish the nodes whose code looks at data.
     *
     * @throws TarnException with everything that is wrong, each at its place
     */
    public static Compilation compilation(ProjectRequest request) {
        return new ProjectCompiler(request).compile();
    }

    private Compilation compile() {
        ProjectLoader loader = new ProjectLoader(request, problems);
        CompileScope scope = loader.load();
        scope.declarations().unusedPatches().forEach(request.notes());
        DraftRenderer renderer = new DraftRenderer(scope, problems);
        new Rivals(scope, problems).settle(renderer);
        each(scope.nodes().drafts(), renderer::read);
        new UnusedSettings(scope).tell(request.notes());
        removeDisabled(scope);
        List<Draft> drafts = scope.nodes().drafts();
        SpacedNames.check(scope, drafts, problems, request.notes());
        new MisspeltSettings(scope).tell(drafts, request.notes());
        each(drafts, renderer::name);
        new SourceTables(scope.nodes()).settle(drafts);
        refuseSameRelations(scope, drafts);
        drafts.forEach(d -> ContractReader.checkTypes(d, problems));
        drafts.forEach(d -> DocsColor.check(d, problems));
        drafts.forEach(d -> ForeignKeys.read(d, problems));
        drafts.forEach(d -> link(scope, d));
        each(scope.nodes().drafts(), renderer::compile);
        new QueryComment(scope, problems).check();
        new SemanticCheck(scope, problems).check();
        new Descriptions(scope, problems).check();
        Materializations materializations = Materializations.of(scope);
        materializations.refuse(problems);
        drafts.forEach(d -> materializations.obstacle(d).ifPresent(request.notes()));
        drafts.forEach(d -> materializations.misunderstood(d).forEach(request.notes()));
        Project project = graph(scope, loader.aim());
        return new Compilation(project, LateNodes.of(scope));
    }

    /**
     * The folders that a project calls {@code clean-targets}; without a word, that of artifacts.
     */
    public static List<String> cleanTargets(ProjectRequest request) {
        Problems problems = new Problems();
        ProjectFile file = file(request, problems);
        List<String> said =
                file.mapping()
                        .find("clean-targets")
                        .map(e -> YamlSection.texts("'clean-targets'", e.value(), problems))
                        .orElse(List.of());
        problems.throwIfAny();
        return said.isEmpty()
                ? List.of(ProjectFolders.of(request).getOrDefault("target-path", "target"))
                : said;
    }

    /** The folders that hold what people wrote. */
    public static List<String> sourceFolders(ProjectRequest request) {
        return file(request, new Problems()).sourceFolders();
    }

    private static ProjectFile file(ProjectRequest request, Problems problems) {
        ProjectFile file =
                new ProjectLoader(request, problems)
                        .projectFile(request.root().toAbsolutePath().normalize())
                        .orElseThrow(() -> new TarnException(problems.sorted()));
        problems.throwIfAny();
        return file;
    }

    private static void each(List<Draft> drafts, Consumer<Draft> work) {
        drafts.parallelStream().forEach(work);
    }

    /** Takes out what is switched off, then the tests about it. */
    private void removeDisabled(CompileScope scope) {
        for (Draft draft : scope.nodes().drafts()) {
            if (!draft.settings.flag("enabled", true, problems)) {
                if (draft.kind.isTest()) {
                    scope.nodes().drop(draft);
                } else {
                    scope.nodes().disable(draft);
                }
            }
        }
        for (Draft draft : scope.nodes().drafts()) {
            boolean orphaned =
                    draft.kind.isTest()
                            && draft.refs.stream()
                                    .anyMatch(r -> scope.nodes().isDisabled(r, draft.packageName));
            if (orphaned) {
                scope.nodes().drop(draft);
            }
        }
    }

    private void refuseSameRelations(CompileScope scope, List<Draft> drafts) {
        Map<String, Draft> taken = new HashMap<>();
        Map<String, SourceDraft> sources = new HashMap<>();
        for (SourceDraft source : scope.nodes().sources()) {
            if (source.enabled()) {
                sources.put(source.relation().toString(), source);
            }
        }
        for (Draft draft : drafts) {
            if (draft.relation.isEmpty()
                    || draft.isEphemeral()
                    || draft.kind == Draft.Kind.FUNCTION) {
                continue;
            }
            String relation = draft.relation.get().toString();
            Draft first = taken.putIfAbsent(relation, draft);
            if (first != null) {
                problems.add(
                        ProjectErrors.sameRelation(
                                draft.place, draft.name, relation, first.name, first.place));
            }
            SourceDraft source = sources.get(relation);
            if (source != null && source.table().isLoaded()) {
                problems.add(
                        ProjectErrors.sameRelation(
                                draft.place,
                                draft.name,
                                relation,
                                source.sourceName() + "." + source.tableName(),
                                source.place()));
            }
        }
    }

    /** Resolves the references a draft was seen to make. */
    private void link(CompileScope scope, Draft draft) {
        MetricFunction.link(scope, draft, problems);
        for (Draft.RefCall call : draft.refs) {
            attempt(
                    draft,
                    () -> {
                        Draft found =
                                scope.nodes().resolve(call, draft.inSentence(), draft.packageName);
                        Access.check(scope, draft, found, call, problems);
                        draft.dependsOn.add(found.id);
                    });
        }
        for (Draft.RefCall call : draft.functions) {
            attempt(
                    draft,
                    () ->
                            draft.dependsOn.add(
                                    scope.nodes()
                                            .resolveFunction(
                                                    call, draft.inSentence(), draft.packageName)
                                            .id));
        }
        for (Draft.SourceCall call : draft.sources) {
            attempt(
                    draft,
                    () ->
                            draft.dependsOn.add(
                                    scope.nodes()
                                            .resolve(call, draft.inSentence(), draft.packageName)
                                            .id()));
        }
    }

    private void attempt(Draft draft, Runnable work) {
        try {
            work.run();
        } catch (TarnException e) {
            draft.failed = true;
            problems.addAll(e.problems());
        }
    }

    private Project graph(CompileScope scope, Project.Target target) {
        Map<NodeId, Collection<NodeId>> dependencies = new LinkedHashMap<>();
        for (SourceDraft source : scope.nodes().sources()) {
            if (source.enabled()) {
                dependencies.put(source.id(), List.of());
            }
        }
        for (Draft draft : scope.nodes().drafts()) {
            if (draft.kind != Draft.Kind.ANALYSIS) {
                dependencies.put(draft.id, draft.dependsOn);
            }
        }
        GraphOrder order = new GraphOrder(dependencies);
        List<List<NodeId>> cycles = order.cycles();
        cycles.forEach(path -> problems.add(cycle(scope, path)));
        List<Node> nodes = makeAll(scope, order.sorted());
        problems.throwIfAny();
        SequencedMap<NodeId, Node> byId = new LinkedHashMap<>();
        nodes.forEach(n -> byId.put(n.id(), n));
        return new Project(
                scope.root().name(),
                request.root(),
                String.valueOf(scope.target().get("schema")),
                byId,
                new ManifestMaker(scope).make(),
                new ProjectHooks(scope),
                target);
    }

    private List<Node> makeAll(CompileScope scope, List<NodeId> order) {
        NodeMaker maker = new NodeMaker(scope, problems);
        List<Node> nodes = new ArrayList<>();
        for (NodeId id : order) {
            Optional<Draft> draft = scope.nodes().find(id);
            if (draft.isPresent()) {
                if (!draft.get().failed) {
                    nodes.add(maker.make(draft.get()));
                }
            } else {
                scope.nodes().findSource(id).ifPresent(s -> nodes.add(maker.make(s)));
            }
        }
        return nodes;
    }

    private static Problem cycle(CompileScope scope, List<NodeId> path) {
        List<String> names =
                path.stream()
                        .map(id -> scope.nodes().find(id).map(d -> d.name).orElse(id.value()))
                        .toList();
        return scope.nodes()
                .find(path.getFirst())
                .map(d -> ProjectErrors.cycle(GraphOrder.placeOf(d, names.get(1)), names))
                .orElseGet(
                        () -> Problem.of(ErrorCode.DEPENDENCY_CYCLE, String.join(" -> ", names)));
    }
}
