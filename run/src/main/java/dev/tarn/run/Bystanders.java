package dev.tarn.run;

import dev.tarn.model.graph.Manifest;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is selected and has no work of its own: exposures and saved queries. Hooks after the last
 * node are told of them as of nodes.
 */
final class Bystanders {
    private static final List<String> SECTIONS =
            List.of("exposures", "saved_queries", "metrics", "semantic_models");

    private final Project project;
    private final Map<String, TaskStatus> done = new HashMap<>();

    Bystanders(Project project, List<Task> tasks) {
        this.project = project;
        tasks.forEach(t -> done.put(t.node(), t.status()));
    }

    List<Object> results(List<NodeId> beside) {
        List<Object> results = new ArrayList<>();
        for (NodeId id : beside) {
            facts(id.value()).ifPresent(facts -> results.add(result(id, facts)));
        }
        return results;
    }

    private Map<Object, @Nullable Object> result(NodeId id, Map<Object, @Nullable Object> facts) {
        boolean skipped = isAboutSomethingBroken(id.value());
        Map<Object, @Nullable Object> result = new LinkedHashMap<>();
        result.put("node", facts);
        result.put("unique_id", id.value());
        result.put("status", skipped ? "skipped" : "no-op");
        result.put("message", skipped ? null : "NO-OP");
        result.put("failures", skipped ? null : (Object) 0L);
        result.put("execution_time", 0.0);
        result.put("thread_id", "Thread-1");
        result.put("adapter_response", new LinkedHashMap<>());
        result.put("timing", List.of());
        return result;
    }

    /** Tests do not count; what this run did not try stands for what it reads. */
    private boolean isAboutSomethingBroken(String id) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(id));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (!seen.add(next)) {
                continue;
            }
            Optional<TaskStatus> status = Optional.ofNullable(done.get(next));
            if (status.filter(Bystanders::isBroken).isPresent()) {
                return true;
            }
            if (status.isEmpty()) {
                open.addAll(parents(next));
            }
        }
        return false;
    }

    private static boolean isBroken(TaskStatus status) {
        return switch (status) {
            case FAILED, SKIPPED, CANCELLED -> true;
            case WAITING, RUNNING, SUCCEEDED, UNCHANGED, WARNED -> false;
        };
    }

    private List<String> parents(String id) {
        Optional<Node> node = project.find(new NodeId(id));
        if (node.isPresent()) {
            return node.get().dependsOn().stream().map(NodeId::value).toList();
        }
        return facts(id)
                .map(f -> f.get("depends_on"))
                .filter(Map.class::isInstance)
                .map(d -> ((Map<?, ?>) d).get("nodes"))
                .filter(List.class::isInstance)
                .map(n -> ((List<?>) n).stream().map(String::valueOf).toList())
                .orElse(List.of());
    }

    private Optional<Map<Object, @Nullable Object>> facts(String id) {
        Manifest manifest = project.manifest();
        return SECTIONS.stream()
                .filter(s -> manifest.section(s).containsKey(id))
                .findFirst()
                .map(s -> manifest.section(s).get(id));
    }
}
