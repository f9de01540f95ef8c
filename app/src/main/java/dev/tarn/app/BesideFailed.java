package dev.tarn.app;

import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunReport;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A source that fails does not keep others from landing: a run with those alone publishes them. */
final class BesideFailed {
    private BesideFailed() {}

    /** What a run was about without what failed in it; empty where there is nothing of the kind. */
    static Set<NodeId> left(Set<NodeId> selected, RunReport report) {
        if (report.run().status() != RunStatus.FAILED) {
            return Set.of();
        }
        Set<String> failed =
                report.tasks().stream()
                        .filter(t -> t.status() == TaskStatus.FAILED)
                        .map(Task::node)
                        .collect(Collectors.toSet());
        Set<NodeId> left = new LinkedHashSet<>(selected);
        return left.removeIf(id -> failed.contains(id.value())) ? left : Set.of();
    }
}
