package dev.tarn.cli;

import dev.tarn.cli.output.Format;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.List;

/** The texts of what can be wrong about a command line. */
final class CliErrors {
    private CliErrors() {}

    static TarnException usage(String reason, String command, List<String> suggestions) {
        String hint =
                suggestions.isEmpty() ? "" : " Did you mean '" + suggestions.getFirst() + "'?";
        return new TarnException(
                ErrorCode.USAGE,
                "%s%s Run `%s --help` for what there is.".formatted(reason, hint, command));
    }

    static TarnException unknownFormat(String word) {
        return new TarnException(
                ErrorCode.USAGE,
                "'%s' is not a format for rows. %s".formatted(word, Format.hint(word)));
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

    static TarnException badAt(String text) {
        return new TarnException(
                ErrorCode.USAGE,
                "'%s' is not a state of the warehouse. Write a ref such as `main` or `run:ID`,"
                        .formatted(text)
                        + " a publication such as `@42`, a time such as `@2026-11-01T12:00:00Z`, or"
                        + " both as in `main@42`.");
    }

    static TarnException fileFailed(String file, Exception cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "Cannot write %s: %s. Check the path and its rights."
                        .formatted(file, cause.getMessage()),
                cause);
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
}
