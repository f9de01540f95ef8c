package dev.tarn.run;

import dev.tarn.model.Problem;
import dev.tarn.model.graph.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the periods of a run's microbatch models ended. Safe for use by many threads. */
final class BatchLog {
    private final Map<NodeId, Batches> batches = new LinkedHashMap<>();
    private final Map<NodeId, List<Problem>> problems = new LinkedHashMap<>();

    synchronized void note(NodeId node, Batches ended, List<Problem> wrong) {
        batches.put(node, ended);
        problems.put(node, List.copyOf(wrong));
    }

    synchronized List<Problem> problems(NodeId node) {
        return problems.getOrDefault(node, List.of());
    }

    synchronized Map<NodeId, Batches> all() {
        return Map.copyOf(batches);
    }
}
