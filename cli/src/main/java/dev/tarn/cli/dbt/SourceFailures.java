package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sources whose files cannot be read. A source has no result of its own, as in dbt: what reads it
 * failed, with the reason.
 */
final class SourceFailures {
    private final Map<NodeId, Task> failed = new LinkedHashMap<>();

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
        return result.node().dependsOn().stream()
                .filter(failed::containsKey)
                .findFirst()
                .map(source -> failure(result, failed.get(source)))
                .orElse(result);
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
