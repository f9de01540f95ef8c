package dev.tarn.run;

import dev.tarn.model.graph.HookEnd;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import java.util.Collection;

/** Hears how a run goes. Called by several threads, one call at a time. */
public interface RunListener {
    /** A listener that does not care. */
    RunListener SILENT = new RunListener() {};

    /** Where to ask how far nodes are; told before the run begins. */
    default void follow(Progress progress) {}

    /** The run has begun; these nodes will be executed. */
    default void began(Run run, Collection<Node> nodes) {}

    /** A task has another status. */
    default void changed(Node node, Task task) {}

    /** A statement before or after all nodes is done. */
    default void hooked(HookEnd end) {}

    /** All tasks are done and the work is about to become visible. */
    default void publishing() {}

    /** The run is over. */
    default void ended(RunReport report) {}
}
