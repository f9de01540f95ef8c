package dev.tarn.run;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
 * @param data how much of its inputs each node sees
 * @param failFast whether the first failure ends the run
 * @param substitutes tables that are read in the place of others
 * @param warningsFail whether a check that would warn fails
 * @param beside what is selected and has no work of its own, such as exposures
 */
public record RunRequest(
        Project project,
        Set<NodeId> selected,
        RefName target,
        String command,
        boolean full,
        boolean storeFailures,
        Optional<RunId> retryOf,
        InputData data,
        boolean failFast,
        Substitutes substitutes,
        boolean warningsFail,
        List<NodeId> beside) {
    public RunRequest {
        selected = new LinkedHashSet<>(selected);
        beside = List.copyOf(beside);
    }

    public RunRequest(
            Project project,
            Set<NodeId> selected,
            RefName target,
            String command,
            boolean full,
            boolean storeFailures,
            Optional<RunId> retryOf) {
        this(
                project,
                selected,
                target,
                command,
                full,
                storeFailures,
                retryOf,
                InputData.ALL,
                false,
                Substitutes.NONE,
                false,
                List.of());
    }

    /**
     * How much of their inputs nodes see.
     *
     * @param empty no rows at all
     * @param sample only rows of this time, where an input says which column tells it
     * @param period the time for which models that work by periods are built
     */
    public record InputData(boolean empty, Period sample, Period period) {
        public static final InputData ALL = new InputData(false, Period.OPEN, Period.OPEN);

        /** The time for which models that work by periods are built: that of a sample, if any. */
        Period periods() {
            return sample.equals(Period.OPEN) ? period : sample;
        }
    }

    /**
     * Tables that are read in the place of others.
     *
     * @param instead which, by the name that queries have
     * @param always whether also where the other one is there
     */
    public record Substitutes(Map<TableName, TableName> instead, boolean always) {
        public static final Substitutes NONE = new Substitutes(Map.of(), false);

        public Substitutes {
            instead = Map.copyOf(instead);
        }
    }

    /** A time; its end is excluded. */
    public record Period(Optional<Instant> start, Optional<Instant> end) {
        public static final Period OPEN = new Period(Optional.empty(), Optional.empty());
    }
}
