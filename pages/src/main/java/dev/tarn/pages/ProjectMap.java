package dev.tarn.pages;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A compiled project, looked up from every side. */
final class ProjectMap {
    private final Project project;
    private final Map<TableName, Node> byRelation = new LinkedHashMap<>();
    private final Map<NodeId, List<NodeId>> readers = new HashMap<>();
    private final Map<NodeId, List<Node.Check>> checks = new HashMap<>();

    ProjectMap(Project project) {
        this.project = project;
        for (Node node : project.nodes().values()) {
            relation(node).ifPresent(r -> byRelation.put(r, node));
            if (node instanceof Node.Check check) {
                for (NodeId about : subjects(check)) {
                    checks.computeIfAbsent(about, id -> new ArrayList<>()).add(check);
                }
            } else {
                for (NodeId input : node.dependsOn()) {
                    readers.computeIfAbsent(input, id -> new ArrayList<>()).add(node.id());
                }
            }
        }
    }

    /** A check that is attached to nothing is about all it reads. */
    private static List<NodeId> subjects(Node.Check check) {
        return check.attachedTo().map(List::of).orElseGet(check::dependsOn);
    }

    Project project() {
        return project;
    }

    Optional<Node> node(String id) {
        return project.find(new NodeId(id));
    }

    Optional<Node> node(TableName relation) {
        return Optional.ofNullable(byRelation.get(relation));
    }

    List<Node.Check> checksOf(NodeId id) {
        return checks.getOrDefault(id, List.of());
    }

    /** What reads a node directly, checks aside. */
    List<NodeId> readersOf(NodeId id) {
        return readers.getOrDefault(id, List.of());
    }

    /** What a node reads directly. */
    List<NodeId> inputsOf(NodeId id) {
        return project.find(id).map(Node::dependsOn).orElse(List.of());
    }

    /** Everything that comes after a node, checks aside; nearest first. */
    List<Node> after(NodeId id) {
        Set<NodeId> seen = new LinkedHashSet<>();
        Deque<NodeId> next = new ArrayDeque<>(readersOf(id));
        while (!next.isEmpty()) {
            NodeId one = next.poll();
            if (seen.add(one)) {
                next.addAll(readersOf(one));
            }
        }
        return seen.stream().flatMap(one -> project.find(one).stream()).toList();
    }

    static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source s -> Optional.of(s.relation());
            case Node.Seed s -> Optional.of(s.relation());
            case Node.Model m ->
                    m.materialization().isKept() ? Optional.of(m.relation()) : Optional.empty();
            case Node.Check c -> Optional.empty();
        };
    }

    /** The word for what a node is. */
    static String kind(Node node) {
        return switch (node) {
            case Node.Source s -> "source";
            case Node.Seed s -> "seed";
            case Node.Model m -> m.materialization().word();
            case Node.Check c -> c.isUnit() ? "unit test" : "check";
        };
    }

    /** A node as people call it: its table, or its name. */
    static String title(Node node) {
        return relation(node).map(TableName::toString).orElse(node.name());
    }

    /** The name of a node that the project may no longer have. */
    String title(String id) {
        return node(id).map(ProjectMap::title).orElseGet(() -> shortName(id));
    }

    /** {@code model.shop.orders} is {@code orders}; marks behind the names of checks go. */
    static String shortName(String id) {
        String[] parts = id.split("\\.", -1);
        if (parts.length < 3) {
            return id;
        }
        boolean marked = parts.length > 3 && parts[0].equals("test");
        return parts[0].equals("source") && parts.length > 3
                ? parts[2] + "." + parts[3]
                : marked ? parts[2] : String.join(".", List.of(parts).subList(2, parts.length));
    }
}
