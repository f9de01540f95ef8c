package dev.tarn.model.graph;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A compiled project: all nodes, each after everything it depends on. It never changes; a changed
 * file makes another project.
 *
 * @param defaultSchema where models go that do not say
 * @param manifest what is said about the nodes, and what else is declared
 * @param hooks what is executed around the nodes of a run
 * @param target for which of a profile's targets it was compiled
 */
public record Project(
        String name,
        Path root,
        String defaultSchema,
        SequencedMap<NodeId, Node> nodes,
        Manifest manifest,
        RunHooks hooks,
        Target target) {
    public Project {
        nodes = new LinkedHashMap<>(nodes);
    }

    /**
     * One of the targets of a profile.
     *
     * @param threads how many nodes run at a time; empty: it does not say
     */
    public record Target(String name, Optional<Integer> threads) {
        public static final Target STANDARD = new Target("dev", Optional.empty());
    }

    /** A project that says nothing beyond its nodes. */
    public Project(String name, Path root, String defaultSchema, SequencedMap<NodeId, Node> nodes) {
        this(name, root, defaultSchema, nodes, Manifest.EMPTY, RunHooks.NONE, Target.STANDARD);
    }

    @Override
    public SequencedMap<NodeId, Node> nodes() {
        return java.util.Collections.unmodifiableSequencedMap(nodes);
    }

    public Optional<Node> find(NodeId id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /** The same project with some nodes replaced by others of the same id. */
    public Project with(Collection<? extends Node> replacements) {
        Map<NodeId, Node> changed = new LinkedHashMap<>(nodes);
        for (Node node : replacements) {
            changed.replace(node.id(), node);
        }
        return new Project(
                name, root, defaultSchema, new LinkedHashMap<>(changed), manifest, hooks, target);
    }

    /** The nodes that read this one directly. */
    public List<Node> readersOf(NodeId id) {
        return nodes.values().stream().filter(n -> n.dependsOn().contains(id)).toList();
    }
}
