package dev.tarn.cli.dbt;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;

/** What is said about dbt command lines. */
final class DbtErrors {
    private DbtErrors() {}

    static TarnException notYaml(String option, String text) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s takes names and values in YAML, such as '{since: 2026-01-01}', not '%s'."
                        .formatted(option, text));
    }

    static TarnException indirect(String word) {
        return new TarnException(
                ErrorCode.USAGE,
                "--indirect-selection is eager, cautious, buildable or empty, not '%s'."
                        .formatted(word));
    }

    static TarnException time(String option, String text) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s takes a day or a time, such as 2026-01-31 or '2026-01-31 12:00', not '%s'."
                        .formatted(option, text));
    }

    static TarnException both() {
        return new TarnException(
                ErrorCode.USAGE,
                "--event-time-start and --event-time-end come together. Give both, or neither.");
    }

    static TarnException needsState(String verb) {
        return new TarnException(
                ErrorCode.USAGE,
                "dbt %s needs --state: the folder of artifacts of the invocation to compare with."
                        .formatted(verb));
    }

    static TarnException nothingToShow() {
        return new TarnException(
                ErrorCode.USAGE, "Select a node with --select, or give --inline 'select …'.");
    }

    static TarnException output(String word, String known) {
        return new TarnException(
                ErrorCode.USAGE, "--output is one of %s, not '%s'.".formatted(known, word));
    }
}
