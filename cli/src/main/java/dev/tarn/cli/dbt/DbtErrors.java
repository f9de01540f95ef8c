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

    static TarnException sample(String text) {
        return new TarnException(
                ErrorCode.USAGE,
                ("--sample takes a number of hours, days, months or years, such as '3 days', or a"
                                + " mapping with both ends, such as \"{start: '2026-01-31', end:"
                                + " '2026-02-01 12:00'}\", not '%s'.")
                        .formatted(text));
    }

    static TarnException notTogether(String option, String other) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s does not go with %s. Give one of them.".formatted(option, other));
    }

    static TarnException both() {
        return new TarnException(
                ErrorCode.USAGE,
                "--event-time-start and --event-time-end come together. Give both, or neither.");
    }

    static TarnException wrongWayRound() {
        return new TarnException(
                ErrorCode.USAGE,
                "--event-time-start must be before --event-time-end. Nothing lies between them.");
    }

    static TarnException threads(int count) {
        return new TarnException(
                ErrorCode.USAGE, "--threads is 1 or more, not %d.".formatted(count));
    }

    static TarnException deferWithoutState() {
        return new TarnException(
                ErrorCode.USAGE,
                "--defer needs --state or --defer-state: the folder of artifacts of the invocation whose tables are read.");
    }

    static TarnException needsState(String verb) {
        return new TarnException(
                ErrorCode.USAGE,
                "dbt %s needs --state: the folder of artifacts of the invocation to compare with."
                        .formatted(verb));
    }

    static TarnException noEarlierRun(java.nio.file.Path folder) {
        return new TarnException(
                ErrorCode.FILE_MISSING,
                ("Could not find previous run in '%s' target directory. --state names the folder of"
                                + " artifacts of the invocation to retry.")
                        .formatted(folder));
    }

    static TarnException goneSince(String id) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                ("Couldn't find '%s', which the previous run left undone. Run the verb again instead"
                                + " of retry.")
                        .formatted(id));
    }

    static TarnException unreadable(java.nio.file.Path file, String reason) {
        return new TarnException(
                ErrorCode.FILE_CORRUPT, "%s cannot be read: %s".formatted(file, reason));
    }

    static TarnException nothingToShow() {
        return new TarnException(
                ErrorCode.USAGE, "Select a node with --select, or give --inline 'select …'.");
    }

    static TarnException oneOf(String option, String known, String word) {
        return new TarnException(
                ErrorCode.USAGE, "%s is one of %s, not '%s'.".formatted(option, known, word));
    }

    static TarnException unknownOption(String word) {
        return new TarnException(
                ErrorCode.USAGE,
                "Unknown option: '%s'. No selector begins with a dash.".formatted(word));
    }

    static TarnException warnErrorOptions(String reason) {
        return new TarnException(
                ErrorCode.USAGE,
                ("--warn-error-options %s Write, for example, '{error: [LogTestResult], silence:"
                                + " [NoNodesForSelectionCriteria]}'; 'all' means every warning.")
                        .formatted(reason.matches("(?s).*[.?]") ? reason : reason + "."));
    }

    static TarnException bothWarnErrors() {
        return new TarnException(
                ErrorCode.USAGE,
                "--warn-error and --warn-error-options exclude each other. Give one of them.");
    }

    static TarnException warning(String text) {
        return new TarnException(
                ErrorCode.USAGE, text + " (A warning, which --warn-error makes an error.)");
    }

    static TarnException noName() {
        return new TarnException(
                ErrorCode.USAGE, "Say how the project is called: dbt init my_project.");
    }

    static TarnException packageSpec(String text) {
        return new TarnException(
                ErrorCode.USAGE,
                ("--add-package takes a name and a version, such as dbt-labs/dbt_utils@1.3.0, not"
                                + " '%s'. With --source local a folder, with --source git an address"
                                + " and a revision.")
                        .formatted(text));
    }

    static TarnException noDocs(java.nio.file.Path folder) {
        return new TarnException(
                ErrorCode.FILE_MISSING,
                "There is no manifest.json in %s. Run `dbt docs generate` first."
                        .formatted(folder));
    }

    static TarnException portTaken(String host, int port, String reason) {
        return new TarnException(
                ErrorCode.USAGE,
                "Nothing can be served at %s:%d: %s. Choose another with --port."
                        .formatted(host, port, reason));
    }

    static TarnException output(String word, String known) {
        return new TarnException(
                ErrorCode.USAGE, "--output is one of %s, not '%s'.".formatted(known, word));
    }
}
