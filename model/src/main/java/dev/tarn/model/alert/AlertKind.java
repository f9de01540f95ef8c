package dev.tarn.model.alert;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be wrong. */
public enum AlertKind {
    /** A run of the project failed or was lost, and none like it went well since. */
    RUN_FAILED(Severity.ERROR),
    /** The newest result of a source, seed, model or snapshot is a failure. */
    NODE_FAILED(Severity.ERROR),
    /** The newest result of a check is a failure. */
    CHECK_FAILED(Severity.ERROR),
    /** The newest result of a check is a warning. */
    CHECK_WARNED(Severity.WARNING),
    /** The rows of a table have not changed for longer than they may. */
    TABLE_STALE(Severity.ERROR),
    /** Nothing of a source was read for longer than it may. */
    SOURCE_STALE(Severity.ERROR),
    /** So much of a source waits to be read, or the newest that was read is so old. */
    SOURCE_BEHIND(Severity.WARNING),
    /** The newest landing of a source ended with a warning of the source's. */
    SOURCE_WARNED(Severity.WARNING),
    /** A run of a job was not done in time. */
    DEADLINE_MISSED(Severity.ERROR),
    /** The newest runs of a job failed. */
    JOB_FAILED(Severity.ERROR),
    /** More rows of a source were put apart. */
    QUARANTINE_GREW(Severity.WARNING),
    /** Tables could not be looked after. */
    UPKEEP_FAILED(Severity.WARNING),
    /** A source or job failed so often that it is left alone for a while. */
    BREAKER_OPEN(Severity.ERROR);

    private final Severity standard;

    AlertKind(Severity standard) {
        this.standard = standard;
    }

    /** How bad it is where nobody says. */
    public Severity standard() {
        return standard;
    }

    /** As files and messages write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<AlertKind> of(String word) {
        return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
    }

    /** The words of all kinds. */
    public static List<String> words() {
        return Arrays.stream(values()).map(AlertKind::word).toList();
    }
}
