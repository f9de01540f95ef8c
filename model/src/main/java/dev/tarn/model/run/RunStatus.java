package dev.tarn.model.run;

/** Where a run stands. */
public enum RunStatus {
    RUNNING,
    /** Everything it made is visible on its target. */
    PUBLISHED,
    /** Nothing had changed and no check had anything new to say: there was nothing to publish. */
    UNCHANGED,
    /** A task or check failed; nothing became visible. */
    FAILED,
    /** Somebody stopped it; nothing became visible. */
    CANCELLED,
    /** Its process vanished; nothing became visible. */
    LOST
}
