package dev.tarn.app;

import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.project.IndirectSelection;
import dev.tarn.project.PreviousState;
import dev.tarn.run.Publishing;
import dev.tarn.run.RunRequest.InputData;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is rarely said about a build.
 *
 * @param failFast whether the first failure ends the run
 * @param data how much of its inputs each node sees
 * @param selector the name of a selection in {@code selectors.yml}, instead of one that is typed
 * @param indirect which tests come along with selected nodes
 * @param state what an earlier invocation left
 * @param defer whether what is not there is read from where the earlier invocation had it
 * @param favorState whether that is so even for what is there, unless it is selected
 * @param only exactly these nodes, whatever is selected; what is no node has no work, and is told
 *     to the hooks after the last one
 * @param keepGoing run what can be run even if queries of other nodes are known to be wrong
 * @param warningsFail whether a test that would warn fails, so that nothing is published
 * @param publishing when others see what the run makes; empty: as the settings say
 */
public record BuildOptions(
        boolean failFast,
        InputData data,
        Optional<String> selector,
        IndirectSelection indirect,
        Optional<PreviousState> state,
        boolean defer,
        boolean favorState,
        boolean keepGoing,
        Optional<Set<NodeId>> only,
        boolean warningsFail,
        Optional<Publishing> publishing) {
    public static final BuildOptions NONE =
            new BuildOptions(
                    false,
                    InputData.ALL,
                    Optional.empty(),
                    IndirectSelection.EAGER,
                    Optional.empty(),
                    false,
                    false,
                    false,
                    Optional.empty());

    public BuildOptions(
            boolean failFast,
            InputData data,
            Optional<String> selector,
            IndirectSelection indirect,
            Optional<PreviousState> state,
            boolean defer,
            boolean favorState,
            boolean keepGoing,
            Optional<Set<NodeId>> only) {
        this(
                failFast,
                data,
                selector,
                indirect,
                state,
                defer,
                favorState,
                keepGoing,
                only,
                false,
                Optional.empty());
    }

    /** The same, where warnings of tests are failures or are not. */
    public BuildOptions withWarningsFail(boolean fail) {
        return new BuildOptions(
                failFast,
                data,
                selector,
                indirect,
                state,
                defer,
                favorState,
                keepGoing,
                only,
                fail,
                publishing);
    }

    /** The same, publishing when it is said here. */
    public BuildOptions withPublishing(Optional<Publishing> when) {
        return new BuildOptions(
                failFast,
                data,
                selector,
                indirect,
                state,
                defer,
                favorState,
                keepGoing,
                only,
                warningsFail,
                when);
    }

    /** The same, of a part of the inputs. */
    public BuildOptions withData(InputData part) {
        return new BuildOptions(
                failFast,
                part,
                selector,
                indirect,
                state,
                defer,
                favorState,
                keepGoing,
                only,
                warningsFail,
                publishing);
    }

    /** The same, going on or not where some nodes are wrong. */
    public BuildOptions withKeepGoing(boolean going) {
        return new BuildOptions(
                failFast,
                data,
                selector,
                indirect,
                state,
                defer,
                favorState,
                going,
                only,
                warningsFail,
                publishing);
    }

    /** The same for these nodes, whatever is selected. */
    public BuildOptions withOnly(Set<NodeId> ids) {
        return new BuildOptions(
                failFast,
                data,
                selector,
                indirect,
                state,
                defer,
                favorState,
                keepGoing,
                Optional.of(ids),
                warningsFail,
                publishing);
    }

    /** What was chosen one by one and is no node. */
    List<NodeId> beside(Project project) {
        return only.stream().flatMap(Set::stream).filter(id -> project.find(id).isEmpty()).toList();
    }
}
