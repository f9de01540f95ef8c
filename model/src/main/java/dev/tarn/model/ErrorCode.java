package dev.tarn.model;

/**
 * Every way Tarn can refuse or fail. The code is part of the interface: scripts and documents name
 * it. Blame decides the exit code, {@link #retryable()} decides whether trying again can help.
 */
public enum ErrorCode {
    // Wrong use or configuration.
    USAGE(Blame.USER, false),
    CONFIG_INVALID(Blame.USER, false),
    PROJECT_NOT_FOUND(Blame.USER, false),
    YAML_INVALID(Blame.USER, false),
    UNKNOWN_KEY(Blame.USER, false),
    DUPLICATE_NAME(Blame.USER, false),
    NODE_NOT_FOUND(Blame.USER, false),
    SOURCE_NOT_FOUND(Blame.USER, false),
    NODE_DISABLED(Blame.USER, false),
    DEPENDENCY_CYCLE(Blame.USER, false),
    SELECTION_INVALID(Blame.USER, false),
    TEMPLATE_SYNTAX(Blame.USER, false),
    TEMPLATE_FAILED(Blame.USER, false),
    SQL_SYNTAX(Blame.USER, false),
    SQL_INVALID(Blame.USER, false),
    SQL_REFUSED(Blame.USER, false),
    TABLE_NOT_FOUND(Blame.USER, false),
    TABLE_EXISTS(Blame.USER, false),
    COLUMN_NOT_FOUND(Blame.USER, false),
    TYPE_MISMATCH(Blame.USER, false),
    REF_NOT_FOUND(Blame.USER, false),
    REF_EXISTS(Blame.USER, false),
    REF_NAME_INVALID(Blame.USER, false),
    REF_IN_USE(Blame.USER, false),
    /** What was looked at is not so any more: somebody else was first. */
    OUTDATED(Blame.USER, false),
    PUBLICATION_NOT_FOUND(Blame.USER, false),
    RUN_NOT_FOUND(Blame.USER, false),
    NAME_INVALID(Blame.USER, false),
    UNSUPPORTED(Blame.USER, false),
    SCHEMA_CHANGE_REFUSED(Blame.USER, false),
    PACKAGE_INVALID(Blame.USER, false),

    // The data said no.
    CHECK_FAILED(Blame.DATA, false),
    NODE_FAILED(Blame.DATA, false),
    DATA_INVALID(Blame.DATA, false),
    MERGE_AMBIGUOUS(Blame.DATA, false),
    MERGE_CONFLICT(Blame.DATA, false),
    SOURCE_HELD(Blame.DATA, false),
    SOURCE_UNREADABLE(Blame.DATA, false),

    // The surroundings.
    COMMIT_CONFLICT(Blame.ENVIRONMENT, true),
    COMMIT_OUTCOME_UNKNOWN(Blame.ENVIRONMENT, false),
    CATALOG_BUSY(Blame.ENVIRONMENT, true),
    CATALOG_UNAVAILABLE(Blame.ENVIRONMENT, true),
    CATALOG_TOO_NEW(Blame.ENVIRONMENT, false),
    CATALOG_CORRUPT(Blame.ENVIRONMENT, false),
    PACKAGE_UNAVAILABLE(Blame.ENVIRONMENT, true),
    STORAGE_FAILED(Blame.ENVIRONMENT, true),
    STORAGE_DENIED(Blame.ENVIRONMENT, false),
    STORAGE_FULL(Blame.ENVIRONMENT, true),
    FILE_MISSING(Blame.ENVIRONMENT, false),
    FILE_CORRUPT(Blame.ENVIRONMENT, false),
    SOURCE_CHANGED(Blame.ENVIRONMENT, true),
    SOURCE_UNAVAILABLE(Blame.ENVIRONMENT, true),
    SOURCE_DENIED(Blame.ENVIRONMENT, false),
    SOURCE_GONE(Blame.ENVIRONMENT, false),
    OUT_OF_MEMORY(Blame.ENVIRONMENT, false),
    DELIVERY_FAILED(Blame.ENVIRONMENT, true),
    DELIVERY_REFUSED(Blame.ENVIRONMENT, false),
    TIMEOUT(Blame.ENVIRONMENT, true),
    INTERRUPTED(Blame.ENVIRONMENT, true),
    RUN_LOST(Blame.ENVIRONMENT, true),
    INTERNAL(Blame.ENVIRONMENT, false);

    /** Whose move it is. */
    public enum Blame {
        /** The caller must change the request, the project or the settings. */
        USER(2),
        /** The program worked; the data did not pass. */
        DATA(1),
        /** Disk, network, another process, or Tarn itself. */
        ENVIRONMENT(3);

        private final int exitCode;

        Blame(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The process exit code of the command line for this blame. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Blame blame;
    private final boolean retryable;

    ErrorCode(Blame blame, boolean retryable) {
        this.blame = blame;
        this.retryable = retryable;
    }

    public Blame blame() {
        return blame;
    }

    /** Whether the same request can succeed later without anybody changing it. */
    public boolean retryable() {
        return retryable;
    }
}
