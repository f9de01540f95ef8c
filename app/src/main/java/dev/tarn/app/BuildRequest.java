package dev.tarn.app;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody wants built.
 *
 * @param command as typed, for the record of runs
 * @param kinds which of the selected nodes to execute
 * @param select selection as dbt writes it; empty for everything
 * @param exclude what to leave out
 * @param target the ref to publish to
 * @param full build everything anew; raw data only where {@link #landsAnew}
 * @param storeFailures keep the failing rows of checks in tables
 * @param retryOf the run to go on from; its nodes are executed, not those that are selected
 * @param options what is rarely said
 */
public record BuildRequest(
        String command,
        Set<NodeKind> kinds,
        List<String> select,
        List<String> exclude,
        RefName target,
        boolean full,
        boolean storeFailures,
        Optional<RunId> retryOf,
        BuildOptions options) {
    public BuildRequest {
        kinds = Set.copyOf(kinds);
        select = List.copyOf(select);
        exclude = List.copyOf(exclude);
    }

    public BuildRequest(
            String command,
            Set<NodeKind> kinds,
            List<String> select,
            List<String> exclude,
            RefName target,
            boolean full,
            boolean storeFailures,
            Optional<RunId> retryOf) {
        this(
                command,
                kinds,
                select,
                exclude,
                target,
                full,
                storeFailures,
                retryOf,
                BuildOptions.NONE);
    }

    public BuildRequest with(BuildOptions other) {
        return new BuildRequest(
                command, kinds, select, exclude, target, full, storeFailures, retryOf, other);
    }

    /** Everything, to {@code main}. */
    public static BuildRequest everything(String command) {
        return new BuildRequest(
                command,
                EnumSet.allOf(NodeKind.class),
                List.of(),
                List.of(),
                RefName.MAIN,
                false,
                false,
                Optional.empty());
    }

    /**
     * Whether the tables of sources are made again from all files that are there. Only somebody who
     * asks for sources and nothing else means that: files may be gone whose rows are not.
     */
    public boolean landsAnew() {
        return full && kinds.equals(Set.of(NodeKind.SOURCE));
    }

    public BuildRequest withRetryOf(RunId run) {
        return new BuildRequest(
                command,
                kinds,
                select,
                exclude,
                target,
                full,
                storeFailures,
                Optional.of(run),
                options);
    }

    /** Whether to run what can be run even if queries of other nodes are known to be wrong. */
    public boolean keepGoing() {
        return options.keepGoing();
    }
}
