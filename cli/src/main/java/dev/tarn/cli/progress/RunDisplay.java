package dev.tarn.cli.progress;

import dev.tarn.run.RunListener;

/** Shows what a run does while it does it. */
public interface RunDisplay extends RunListener, AutoCloseable {
    /** Something worth a line of its own. */
    void note(String text);

    /** Takes away what only mattered while the run worked. */
    @Override
    void close();
}
