package dev.tarn.app;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.run.RunRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where what is not built now is read from: from where an earlier invocation had it. */
final class Deferral {
    private Deferral() {}

    static RunRequest.Substitutes substitutes(
            Project project, Set<NodeId> selected, BuildOptions options) {
        if (!options.defer() || options.state().isEmpty()) {
            return RunRequest.Substitutes.NONE;
        }
        Map<TableName, TableName> instead = new HashMap<>();
        for (Node node : project.nodes().values()) {
            Map<Object, @Nullable Object> before = options.state().get().manifest().node(node.id());
            Object schema = before.get("schema");
            Object alias = before.get("alias");
            if (selected.contains(node.id()) || schema == null || alias == null) {
                continue;
            }
            TableName there = new TableName(schema.toString(), alias.toString());
            table(node).filter(t -> !t.equals(there)).ifPresent(t -> instead.put(t, there));
        }
        return new RunRequest.Substitutes(instead, options.favorState());
    }

    private static Optional<TableName> table(Node node) {
        return switch (node) {
            case Node.Model model -> Optional.of(model.relation());
            case Node.Seed seed -> Optional.of(seed.relation());
            case Node.Source source -> Optional.empty();
            case Node.Check check -> Optional.empty();
        };
    }
}
