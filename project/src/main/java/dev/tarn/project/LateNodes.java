package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Values;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.BatchRules;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.NodeContext.Mode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes whose templates look at data, such as the columns of what they read. They are compiled
 * when that is there. Safe for use by many threads, each with a node of its own.
 */
public final class LateNodes {
    private final CompileScope scope;
    private final EphemeralInliner inliner;
    private final Set<NodeId> ids;
    private final Map<NodeId, Node> compiled = new ConcurrentHashMap<>();

    private LateNodes(CompileScope scope, EphemeralInliner inliner, Set<NodeId> ids) {
        this.scope = scope;
        this.inliner = inliner;
        this.ids = Set.copyOf(ids);
    }

    /** A node is late by itself, or because a late ephemeral model is part of it. */
    static LateNodes of(CompileScope scope) {
        EphemeralInliner inliner = new EphemeralInliner(scope.nodes());
        Set<NodeId> ids = new LinkedHashSet<>();
        for (Draft draft : scope.nodes().drafts()) {
            if (draft.late || inliner.below(draft).stream().anyMatch(d -> d.late)) {
                ids.add(draft.id);
            }
        }
        return new LateNodes(scope, inliner, ids);
    }

    /**
     * The SQL of a template that belongs to no file.
     *
     * @param database what it sees of data
     */
    public SqlText inline(String template, CompileDatabase database) {
        Draft draft =
                new Draft(
                        Draft.Kind.ANALYSIS,
                        new NodeId("analysis." + scope.root().name() + ".inline_query"),
                        "inline_query",
                        scope.root().name(),
                        List.of(scope.root().name(), "inline_query"),
                        Place.of("inline"),
                        template);
        return alone(draft, database);
    }

    /** The SQL of an analysis, which no run needs. */
    public SqlText analysis(NodeId id, CompileDatabase database) {
        Draft draft = scope.nodes().find(id).orElseThrow();
        if (draft.kind != Draft.Kind.ANALYSIS) {
            throw new IllegalArgumentException(id + " is no analysis");
        }
        return alone(draft, database);
    }

    private SqlText alone(Draft draft, CompileDatabase database) {
        Problems problems = new Problems();
        DraftRenderer renderer = new DraftRenderer(scope, problems, Optional.of(database));
        renderer.read(draft);
        renderer.compileLate(draft, Mode.FULL);
        problems.throwIfAny();
        return new FunctionInliner(scope.nodes())
                .inline(inliner.inline(draft, draft.full.orElse(SqlText.of(""))));
    }

    /**
     * Calls a macro with everything a project offers.
     *
     * @param name of the macro, with its package where that is not clear
     * @return its result as text
     */
    public String call(
            String name, Map<String, @Nullable Object> arguments, CompileDatabase database) {
        int dot = name.indexOf('.');
        String macro = name.substring(dot + 1);
        Optional<MacroLibrary.Macro> found =
                dot > 0
                        ? scope.macros().in(name.substring(0, dot), macro)
                        : scope.macros().anywhere(macro);
        if (found.isEmpty()) {
            throw new TarnException(
                    ErrorCode.NODE_NOT_FOUND,
                    "No macro is called '%s'.%s"
                            .formatted(
                                    name,
                                    Suggestion.hint(
                                            macro,
                                            scope.macros()
                                                    .macrosOf(scope.root().name())
                                                    .keySet())));
        }
        NodeContext context =
                NodeContext.executing(scope, found.get().packageName(), Optional.of(database));
        try {
            Object result =
                    Values.call(context.bind(found.get()), Arguments.of(List.of(), arguments));
            return result == null ? "" : Values.text(result).strip();
        } catch (JinjaException e) {
            throw new TarnException(TemplateErrors.problem(e, found.get().place()));
        }
    }

    public Set<NodeId> ids() {
        return ids;
    }

    public boolean contains(NodeId id) {
        return ids.contains(id);
    }

    /** Whether a node's hooks can be rendered only when they run. */
    public boolean hasLateHooks(NodeId id) {
        return scope.nodes().find(id).filter(d -> d.lateHooks).isPresent();
    }

    /** Executes the statements before a node is built, each rendered on the data there is then. */
    public void before(NodeId id, CompileDatabase database, boolean incremental) {
        hooks(id, "pre-hook", database, incremental);
    }

    /** Executes the statements after a node was built, each rendered on the data there is then. */
    public void after(NodeId id, CompileDatabase database, boolean incremental) {
        hooks(id, "post-hook", database, incremental);
    }

    private void hooks(NodeId id, String key, CompileDatabase database, boolean incremental) {
        Problems problems = new Problems();
        new DraftRenderer(scope, problems, Optional.of(database))
                .lateHooks(
                        scope.nodes().find(id).orElseThrow(),
                        key,
                        incremental ? Mode.INCREMENTAL : Mode.FULL);
        problems.throwIfAny();
    }

    /**
     * Builds a model by the project's own macro.
     *
     * @param model with its code
     * @param database where the macro's statements work
     * @param incremental whether it is to add to the table that is there
     * @return how many rows its main statement made
     */
    public long materialize(Node.Model model, CompileDatabase database, boolean incremental) {
        Draft draft = scope.nodes().find(model.id()).orElseThrow();
        return new MaterializationCall(scope, draft, database).run(model, incremental);
    }

    /** What the project's own macro says of a test. */
    public record Judgement(long failures, boolean warn, boolean error) {}

    /** Whether the project has a macro of its own for tests of data. */
    public boolean judges() {
        return Materializations.of(scope).find("test").isPresent();
    }

    /** Lets the project's own macro run a test. */
    public Judgement judge(Node.Check check, CompileDatabase database) {
        Draft draft = scope.nodes().find(check.id()).orElseThrow();
        return new MaterializationCall(scope, draft, database).judge(check);
    }

    /** What a Python model needs to run. */
    public PythonModel python(NodeId id) {
        return PythonModel.of(scope, scope.nodes().find(id).orElseThrow(), inliner);
    }

    /** Whether a node's code may ask which period it is built for. */
    public boolean asksForPeriod(NodeId id) {
        return scope.nodes().find(id).filter(d -> d.asksForPeriod).isPresent();
    }

    /**
     * Compiles a node for one period.
     *
     * @param end excluded
     * @param incremental whether it is to add to the table that is there
     * @return the node with its code
     */
    public Node compile(
            NodeId id,
            BatchRules.Size size,
            Instant start,
            Instant end,
            CompileDatabase database,
            boolean incremental) {
        Draft draft = scope.nodes().find(id).orElseThrow();
        draft.batch = Optional.of(new BatchPeriod(size, start, end));
        try {
            return compile(id, database, incremental);
        } finally {
            draft.batch = Optional.empty();
        }
    }

    /**
     * Compiles a late node.
     *
     * @param incremental whether it is to add to the table that is there
     * @return the node with its code
     * @throws TarnException with everything that is wrong in it
     */
    public Node compile(NodeId id, CompileDatabase database, boolean incremental) {
        Draft draft = scope.nodes().find(id).orElseThrow();
        Problems problems = new Problems();
        DraftRenderer renderer = new DraftRenderer(scope, problems, Optional.of(database));
        for (Draft ephemeral : inliner.below(draft)) {
            if (ephemeral.late) {
                synchronized (ephemeral) {
                    renderer.compileLate(ephemeral, Mode.FULL);
                }
            }
        }
        if (draft.late) {
            renderer.compileLate(draft, incremental ? Mode.INCREMENTAL : Mode.FULL);
        }
        problems.throwIfAny();
        Node node = new NodeMaker(scope, problems).make(draft);
        problems.throwIfAny();
        compiled.put(id, node);
        return node;
    }

    /**
     * A node with its code.
     *
     * @param asBuilt whether the code counts with which it was built; its template is not asked
     *     again then, for it may have left something behind
     */
    public Node complete(Node node, CompileDatabase database, boolean asBuilt) {
        if (!contains(node.id())) {
            return node;
        }
        Node built = asBuilt ? compiled.get(node.id()) : null;
        return built == null ? compile(node.id(), database, false) : built;
    }
}
