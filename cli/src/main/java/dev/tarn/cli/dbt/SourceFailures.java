package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sources whose files cannot be read. A source has no result of its own, as in dbt: what reads it
 * failed, with the reason. Where tests of the source are part of the run, they failed, and what
 * comes after them was skipped.
 */
final class SourceFailures {
    private final Map<NodeId, Task> failed = new LinkedHashMap<>();
    private final Set<NodeId> tested = new HashSet<>();

    /** Hears which nodes a run has. */
    void hear(Collection<Node> nodes) {
        nodes.stream()
                .filter(n -> n instanceof Node.Check && n.dependsOn().size() == 1)
                .forEach(n -> tested.addAll(n.dependsOn()));
    }

    /** Remembers a source that failed; false for all else. */
    boolean takes(Node node, Task task) {
        if (!Display.isFilledByOthers(node) || task.status() != TaskStatus.FAILED) {
            return false;
        }
        failed.put(node.id(), task);
        return true;
    }

    /** The same, or an error if it was skipped because of a source that it reads itself. */
    Result told(Result result) {
        if (!result.status().equals("skipped")) {
            return result;
        }
        boolean isCheck = result.node() instanceof Node.Check;
        for (NodeId source : result.node().dependsOn()) {
            Task task = failed.get(source);
            if (task != null && (isCheck || !tested.contains(source))) {
                return failure(result, task);
            }
        }
        return result;
    }

    private static Result failure(Result skipped, Task source) {
        Task own = skipped.task();
        Task task =
                new Task(
                        own.run(),
                        own.node(),
                        own.attempt(),
                        TaskStatus.FAILED,
                        source.startedAt(),
                        source.finishedAt(),
                        0,
                        0,
                        source.message());
        return new Result(skipped.node(), task, "error", Optional.empty(), Optional.empty());
    }
}
