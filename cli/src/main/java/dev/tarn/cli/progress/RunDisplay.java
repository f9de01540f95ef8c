package dev.tarn.cli.progress;

import dev.tarn.model.run.Task;

/**
 * Shows what a run does. Every method may be called by any thread; none may slow the run down or
 * fail.
 */
public interface RunDisplay extends AutoCloseable {
    /** The run has so many nodes to do. */
    void planned(int nodes);

    void started(String node);

    /**
     * @param rows rows so far; negative when not known
     * @param fraction between 0 and 1; negative when not known
     */
    void progressed(String node, long rows, double fraction);

    void finished(Task task);

    /** Something worth a line of its own. */
    void note(String text);

    /** Takes away what only mattered while the run worked. */
    @Override
    void close();
}
