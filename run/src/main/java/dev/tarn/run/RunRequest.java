package dev.tarn.run;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a run is to do.
 *
 * @param selected the nodes to execute; others are only read
 * @param target the ref to publish to
 * @param command what the user typed, for the record
 * @param full build everything anew, unchanged nodes and incremental tables too
 * @param storeFailures keep the failing rows of every check in a table
 * @param retryOf a run that published nothing: what it finished is taken over where it still holds
 */
public record RunRequest(
        Project project,
        Set<NodeId> selected,
        RefName target,
        String command,
        boolean full,
        boolean storeFailures,
        Optional<RunId> retryOf) {
    public RunRequest {
        selected = new LinkedHashSet<>(selected);
    }
}
