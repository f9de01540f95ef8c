package dev.tarn.project;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.NodeContext.Mode;
import dev.tarn.model.graph.SqlText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes whose templates look at data, such as the columns of what they read. They are compiled
 * when that is there. Safe for use by many threads, each with a node of its own.
 */
public final class LateNodes {
    private final CompileScope scope;
    private final EphemeralInliner inliner;
    private final Set<NodeId> ids;

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

    /** The statements before a node is built, rendered on the data that is there then. */
    public List<SqlText> before(NodeId id, CompileDatabase database, boolean incremental) {
        return hooks(id, "pre-hook", database, incremental);
    }

    /** The statements after a node was built, rendered on the data that is there then. */
    public List<SqlText> after(NodeId id, CompileDatabase database, boolean incremental) {
        return hooks(id, "post-hook", database, incremental);
    }

    private List<SqlText> hooks(
            NodeId id, String key, CompileDatabase database, boolean incremental) {
        Problems problems = new Problems();
        List<SqlText> statements =
                new DraftRenderer(scope, problems, Optional.of(database))
                        .lateHooks(
                                scope.nodes().find(id).orElseThrow(),
                                key,
                                incremental ? Mode.INCREMENTAL : Mode.FULL);
        problems.throwIfAny();
        return statements;
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
        return node;
    }
}
