package dev.tarn.model.run;

/** Where a task stands. */
public enum TaskStatus {
    WAITING,
    RUNNING,
    /** Done, and its result is new. */
    SUCCEEDED,
    /** A check that found rows but only warns. */
    WARNED,
    /** Nothing to do: same code, same inputs. */
    UNCHANGED,
    FAILED,
    /** Not tried, because something it depends on failed. */
    SKIPPED,
    CANCELLED;

    public boolean isFinal() {
        return this != WAITING && this != RUNNING;
    }
}
