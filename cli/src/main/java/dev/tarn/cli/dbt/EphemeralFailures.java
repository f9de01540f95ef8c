package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.run.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ephemeral models that failed. They have no results of their own: what would have been made of
 * them says that it was skipped because of them.
 */
final class EphemeralFailures {
    private final Project project;
    private final boolean nearest;
    private final Set<NodeId> broken;
    private final List<Result> failed = new ArrayList<>();
    private final List<Result> others = new ArrayList<>();

    /**
     * @param nearest whether what was skipped names the ephemeral model it reads, as dbt's build
     *     does, rather than the one that failed
     */
    EphemeralFailures(Project project, List<Result> results, boolean nearest) {
        this.project = project;
        this.nearest = nearest;
        broken =
                results.stream()
                        .filter(r -> r.failed() || r.status().equals("skipped"))
                        .map(r -> r.node().id())
                        .collect(Collectors.toSet());
        for (Result result : results) {
            (isEphemeral(result.node()) ? failed : others).add(result);
        }
        others.replaceAll(r -> r.status().equals("skipped") ? explained(r) : r);
    }

    /** The results of all other nodes. */
    List<Result> others() {
        return List.copyOf(others);
    }

    List<Result> failed() {
        return List.copyOf(failed);
    }

    /** How many nodes were skipped because of one. */
    long skipped() {
        return others.stream()
                .filter(r -> r.status().equals("skipped"))
                .filter(r -> cause(r.node()).isPresent())
                .count();
    }

    private static boolean isEphemeral(Node node) {
        return node instanceof Node.Model m
                && m.materialization() instanceof Materialization.Ephemeral;
    }

    private Result explained(Result skipped) {
        return cause(skipped.node()).map(c -> explained(skipped, c)).orElse(skipped);
    }

    private static Result explained(Result skipped, NodeId cause) {
        Task task = skipped.task();
        String message =
                "Compilation Error in %s, caused by compilation error in referenced ephemeral model %s"
                        .formatted(skipped.node().id(), cause);
        return new Result(
                skipped.node(),
                new Task(
                        task.run(),
                        task.node(),
                        task.attempt(),
                        task.status(),
                        task.startedAt(),
                        task.finishedAt(),
                        task.rows(),
                        task.bytes(),
                        Optional.of(message)),
                skipped.status(),
                skipped.failures(),
                skipped.verdict());
    }

    private Optional<NodeId> cause(Node node) {
        return nearest
                ? node.dependsOn().stream().filter(this::isBroken).findFirst()
                : behind(node).stream().filter(this::hasFailed).findFirst();
    }

    /** Whether it is ephemeral and could not be made part of others. */
    private boolean isBroken(NodeId id) {
        return project.find(id)
                .filter(EphemeralFailures::isEphemeral)
                .filter(n -> hasFailed(id) || behind(n).stream().anyMatch(broken::contains))
                .isPresent();
    }

    private boolean hasFailed(NodeId id) {
        return failed.stream().anyMatch(r -> r.node().id().equals(id));
    }

    /** All that a node is made of, the nearest first. */
    private List<NodeId> behind(Node node) {
        List<NodeId> found = new ArrayList<>();
        Set<NodeId> seen = new HashSet<>();
        Deque<NodeId> open = new ArrayDeque<>(node.dependsOn());
        while (!open.isEmpty()) {
            NodeId id = open.remove();
            if (seen.add(id)) {
                found.add(id);
                project.find(id).ifPresent(n -> open.addAll(n.dependsOn()));
            }
        }
        return found;
    }
}
