package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RunId;
import java.time.Instant;
import java.util.Optional;

/** One try of one task, for the record. */
public record Attempt(
        JobRunId run,
        TaskName task,
        int attempt,
        Outcome outcome,
        ServerId server,
        Instant startedAt,
        Instant finishedAt,
        Optional<RunId> work,
        Optional<ErrorCode> code,
        Optional<String> message) {
    /** How it ended. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        SKIPPED,
        CANCELLED,
        /** Its server vanished. */
        LOST
    }
}
