package dev.tarn.cli;

import dev.tarn.cli.output.Format;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The texts of what can be wrong about a command line. */
final class CliErrors {
    private CliErrors() {}

    static TarnException usage(String reason, String command) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s Run `%s --help` for what there is.".formatted(reason, command));
    }

    static TarnException unknownWord(String word, String command, List<String> known) {
        return usage(
                "'%s' is not known to %s.%s".formatted(word, command, Suggestion.hint(word, known)),
                command);
    }

    static TarnException unknownFormat(String word) {
        return new TarnException(
                ErrorCode.USAGE,
                "'%s' is not a format for rows. %s".formatted(word, Format.hint(word)));
    }

    static TarnException unknownEnding(Path file) {
        return new TarnException(
                ErrorCode.USAGE,
                ("The ending of %s does not say what to write. Add --format, or let it end with .csv,"
                                + " .json, .ndjson, .parquet, .arrow or .txt.")
                        .formatted(file));
    }

    static TarnException binaryOnTerminal(Format format) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s is not for terminals. Add `--output FILE`, or pipe it into another program."
                        .formatted(format.word()));
    }

    static TarnException parquetNeedsFile() {
        return new TarnException(
                ErrorCode.USAGE,
                "parquet is written to a file, not to standard output. Add `--output FILE`.");
    }

    static TarnException badThreads(int threads) {
        return new TarnException(
                ErrorCode.USAGE, "--threads must be 1 or more, not %d.".formatted(threads));
    }

    static TarnException badPartition(String text) {
        return new TarnException(
                ErrorCode.USAGE,
                "'%s' names no values of a parameter. Write it as --partition country=CH,DE."
                        .formatted(text));
    }

    static TarnException badPort(int port) {
        return new TarnException(
                ErrorCode.USAGE, "--port must be from 0 to 65535, not %d.".formatted(port));
    }

    static TarnException badVars(String text) {
        return new TarnException(
                ErrorCode.USAGE,
                "--vars takes names and values in YAML, such as --vars 'since: 2026-01-01', not '%s'."
                        .formatted(text));
    }

    static TarnException noSql() {
        return new TarnException(
                ErrorCode.USAGE,
                "There is no SQL. Give it as an argument, with --file, or on standard input;"
                        + " `tarn shell` is for typing.");
    }

    static TarnException serverWent(String address, String run, String options) {
        return new TarnException(
                ErrorCode.RUN_LOST,
                ("The server at %s went away. Run %s goes on when one is there again; `tarn job show%s %s`"
                                + " says how it stands, and `tarn job cancel%s %s` stops it.")
                        .formatted(address, run, options, run, options, run));
    }

    static TarnException nothingToRetry() {
        return new TarnException(
                ErrorCode.RUN_NOT_FOUND,
                "There is no failed run to go on from. `tarn runs` lists the runs there were.");
    }

    static TarnException noProjectFolder(Path folder) {
        return new TarnException(
                ErrorCode.PROJECT_NOT_FOUND,
                "There is no folder %s. Correct --project-dir, or `tarn init` to make a project."
                        .formatted(folder));
    }

    static TarnException folderMissing(Path file) {
        return new TarnException(
                ErrorCode.USAGE,
                "Cannot write %s: its folder does not exist. Create it, or choose another place."
                        .formatted(file));
    }

    static TarnException fileUnreadable(String file, IOException cause) {
        return new TarnException(
                ErrorCode.USAGE,
                "Cannot read %s: %s. Check the path and its rights.".formatted(file, reason(cause)),
                cause);
    }

    static TarnException fileFailed(String file, IOException cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "Cannot write %s: %s. Check the path and its rights."
                        .formatted(file, reason(cause)),
                cause);
    }

    /** What the system said; it often says nothing but the path. */
    private static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException e -> "there is no such file";
            case AccessDeniedException e -> "access is denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }

    static TarnException outOfMemory(Throwable cause) {
        return new TarnException(
                ErrorCode.OUT_OF_MEMORY,
                "The virtual machine ran out of memory. Give it more with"
                        + " TARN_JAVA_OPTS=-Xmx4g, or do less at once with --threads.",
                cause);
    }

    static TarnException internal(Throwable cause, boolean traceShown) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "Tarn itself failed: %s.%s"
                        .formatted(
                                cause,
                                traceShown
                                        ? ""
                                        : " Run it again with --verbose to see where, and report"
                                                + " it with that text."),
                cause);
    }

    static TarnException missingTime(String option) {
        return new TarnException(
                ErrorCode.USAGE,
                "Say where the time begins and where it ends: --from and --to belong together, and %s is missing."
                        .formatted(option));
    }

    static TarnException notTime(String option, String text) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s cannot be '%s'. Write a date such as 2026-11-21, or a time such as 2026-11-21T06:00:00Z."
                        .formatted(option, text));
    }

    static TarnException emptyInterval() {
        return new TarnException(ErrorCode.USAGE, "--to must be later than --from.");
    }

    static TarnException importUnreadable(String file) {
        return new TarnException(ErrorCode.USAGE, "%s cannot be read as text.".formatted(file));
    }

    static TarnException importNothing(String file) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Nothing of %s could be taken over; nothing was written.".formatted(file));
    }

    static TarnException importExists(String file) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s is there already and was left as it is. Say another file with --output."
                        .formatted(file));
    }

    static TarnException importUnwritable(String file) {
        return new TarnException(ErrorCode.STORAGE_DENIED, "%s cannot be written.".formatted(file));
    }
}
