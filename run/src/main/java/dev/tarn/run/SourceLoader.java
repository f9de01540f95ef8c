package dev.tarn.run;

import dev.tarn.model.graph.Node;

/** Brings a source's new rows into its table, inside a run. */
public interface SourceLoader {
    /** Loads what is new; commits rows and positions together on the run's ref. */
    TaskResult load(Node.Source source, TaskContext context);
}
