package dev.tarn.model.run;

import java.util.Optional;

/**
 * What a check found.
 *
 * @param check id of the check
 * @param subject the table it is about, {@code schema.table}
 * @param failures rows, or what its fail calculation counted
 * @param failedRows the table that holds them, if they were kept
 */
public record Verdict(
        String check, String subject, Outcome outcome, long failures, Optional<String> failedRows) {
    /** How a check ended. */
    public enum Outcome {
        PASSED,
        WARNED,
        FAILED
    }
}
