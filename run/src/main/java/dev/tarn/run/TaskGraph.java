package dev.tarn.run;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which task waits for which. A node waits for the selected nodes it reads, also through nodes that
 * are not selected, and for the checks on what it reads: nothing is built on data that failed.
 */
final class TaskGraph {
    private final Map<NodeId, Node> selected = new LinkedHashMap<>();
    private final Map<NodeId, Set<NodeId>> waitsFor = new LinkedHashMap<>();

    TaskGraph(Project project, Set<NodeId> wanted) {
        List<Node> all = new ArrayList<>(project.nodes().values());
        Map<NodeId, Integer> index = new HashMap<>();
        for (Node node : all) {
            index.put(node.id(), index.size());
        }
        List<BitSet> ancestors = ancestors(all, index);
        for (Node node : all) {
            if (wanted.contains(node.id())) {
                selected.put(node.id(), node);
            }
        }
        for (Node node : selected.values()) {
            Set<NodeId> before = new LinkedHashSet<>();
            waitsFor.put(node.id(), before);
            if (!isUnit(node)) {
                nearest(node, project, wanted, before, new LinkedHashSet<>());
                waitForSeeds(node, project, before);
            }
        }
        for (Node node : selected.values()) {
            if (node instanceof Node.Check check
                    && !check.isUnit()
                    && !check.dependsOn().isEmpty()) {
                gate(check, all, index, ancestors);
            }
        }
        for (Node node : selected.values()) {
            if (isUnit(node)) {
                beforeItsModel(node);
            }
        }
    }

    /**
     * A unit test comes right before its model: it waits for what the model waits for, so that it
     * is skipped when that is wrong, and the model for it.
     */
    private void beforeItsModel(Node unit) {
        for (NodeId id : unit.dependsOn()) {
            if (selected.containsKey(id)) {
                Set<NodeId> before = waitsFor.computeIfAbsent(id, i -> new LinkedHashSet<>());
                before.stream()
                        .filter(earlier ->
                                !(selected.get(earlier) instanceof Node.Check c && c.isUnit()))
                        .forEach(
                                waitsFor.computeIfAbsent(unit.id(), i -> new LinkedHashSet<>())
                                        ::add);
                before.add(unit.id());
            }
        }
    }

    /** A source may be the table of a seed: then what reads the one waits for the other. */
    private void waitForSeeds(Node node, Project project, Set<NodeId> before) {
        for (NodeId dependency : node.dependsOn()) {
            if (project.find(dependency).orElse(null) instanceof Node.Source source) {
                for (Node other : selected.values()) {
                    if (other instanceof Node.Seed seed
                            && seed.relation().equals(source.relation())) {
                        before.add(seed.id());
                    }
                }
            }
        }
    }

    /** The nodes to execute, each after what it waits for. */
    List<Node> nodes() {
        return List.copyOf(selected.values());
    }

    Set<NodeId> waitsFor(NodeId id) {
        return waitsFor.getOrDefault(id, Set.of());
    }

    private static boolean isUnit(Node node) {
        return node instanceof Node.Check check && check.isUnit();
    }

    private static List<BitSet> ancestors(List<Node> all, Map<NodeId, Integer> index) {
        List<BitSet> result = new ArrayList<>();
        for (Node node : all) {
            BitSet mine = new BitSet(all.size());
            for (NodeId dependency : node.dependsOn()) {
                Integer at = index.get(dependency);
                if (at != null) {
                    mine.set(at);
                    mine.or(result.get(at));
                }
            }
            result.add(mine);
        }
        return result;
    }

    private static void nearest(
            Node node, Project project, Set<NodeId> wanted, Set<NodeId> found, Set<NodeId> seen) {
        for (NodeId dependency : node.dependsOn()) {
            if (!seen.add(dependency)) {
                continue;
            }
            if (wanted.contains(dependency)) {
                found.add(dependency);
            } else {
                project.find(dependency).ifPresent(d -> nearest(d, project, wanted, found, seen));
            }
        }
    }

    /** Lets every node that reads all of what the check looks at wait for it. */
    private void gate(
            Node.Check check, List<Node> all, Map<NodeId, Integer> index, List<BitSet> ancestors) {
        BitSet subjects = new BitSet(all.size());
        for (NodeId dependency : check.dependsOn()) {
            Integer at = index.get(dependency);
            if (at != null) {
                subjects.set(at);
            }
        }
        for (Node node : selected.values()) {
            if (node instanceof Node.Check) {
                continue;
            }
            Integer at = index.get(node.id());
            if (at == null) {
                continue;
            }
            BitSet missing = (BitSet) subjects.clone();
            missing.andNot(ancestors.get(at));
            if (missing.isEmpty()) {
                waitsFor.computeIfAbsent(node.id(), id -> new LinkedHashSet<>()).add(check.id());
            }
        }
    }
}
