package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/** Puts nodes in an order in which each comes after what it depends on. */
final class GraphOrder {
    private final Map<NodeId, Collection<NodeId>> dependencies;
    private final List<NodeId> sorted;

    GraphOrder(Map<NodeId, Collection<NodeId>> dependencies) {
        this.dependencies = new TreeMap<>(dependencies);
        this.sorted = List.copyOf(sort());
    }

    /** The order; among equals by id. Nodes of circles and behind them are missing. */
    List<NodeId> sorted() {
        return sorted;
    }

    private List<NodeId> sort() {
        Map<NodeId, Integer> waiting = new HashMap<>();
        Map<NodeId, List<NodeId>> readers = new HashMap<>();
        PriorityQueue<NodeId> ready = new PriorityQueue<>();
        dependencies.forEach((id, needed) -> {
            int count = 0;
            for (NodeId other : needed) {
                if (dependencies.containsKey(other)) {
                    readers.computeIfAbsent(other, o -> new ArrayList<>()).add(id);
                    count++;
                }
            }
            waiting.put(id, count);
            if (count == 0) {
                ready.add(id);
            }
        });
        List<NodeId> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            NodeId next = ready.remove();
            order.add(next);
            for (NodeId reader : readers.getOrDefault(next, List.of())) {
                if (waiting.merge(reader, -1, Integer::sum) == 0) {
                    ready.add(reader);
                }
            }
        }
        return order;
    }

    /** Circles, each as the path from a node back to itself; none twice. */
    List<List<NodeId>> cycles() {
        List<List<NodeId>> found = new ArrayList<>();
        Set<NodeId> inSome = new HashSet<>();
        Set<NodeId> left = new HashSet<>(dependencies.keySet());
        sorted.forEach(left::remove);
        for (NodeId id : dependencies.keySet()) {
            if (left.contains(id) && !inSome.contains(id)) {
                shortest(id, left)
                        .ifPresent(path -> {
                            found.add(path);
                            inSome.addAll(path);
                        });
            }
        }
        return found;
    }

    /** The shortest way from a node back to itself. */
    private Optional<List<NodeId>> shortest(NodeId start, Set<NodeId> among) {
        Map<NodeId, NodeId> cameFrom = new LinkedHashMap<>();
        Deque<NodeId> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            NodeId at = open.remove();
            for (NodeId next : dependencies.getOrDefault(at, List.of())) {
                if (next.equals(start)) {
                    List<NodeId> path = new ArrayList<>(List.of(start));
                    for (NodeId step = at; !step.equals(start); step = back(cameFrom, step)) {
                        path.add(1, step);
                    }
                    path.add(start);
                    return Optional.of(path);
                }
                if (among.contains(next) && !cameFrom.containsKey(next)) {
                    cameFrom.put(next, at);
                    open.add(next);
                }
            }
        }
        return Optional.empty();
    }

    private static NodeId back(Map<NodeId, NodeId> cameFrom, NodeId step) {
        NodeId before = cameFrom.get(step);
        if (before == null) {
            throw new IllegalStateException("No way back from " + step);
        }
        return before;
    }

    /** Where one node of a path refers to the next. */
    static Place placeOf(Draft draft, String nextName) {
        return draft.refs.stream()
                .filter(r -> r.name().equals(nextName))
                .map(Draft.RefCall::place)
                .findFirst()
                .orElse(draft.place);
    }
}
