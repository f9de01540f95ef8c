package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** DuckDB's complaints about files, told apart. */
final class FileErrors {
    private static final Pattern QUOTED = Pattern.compile("[\"']([^\"']*/[^\"']*)[\"']");

    private FileErrors() {}

    static TarnException shreddedVariant(String column, List<String> parts) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Column '%s' holds variants that are taken apart (%s) without saying that they are variants, so they cannot be put together. Rewrite the files in the engine that owns them, without shredding or with the annotation of the type."
                        .formatted(column, String.join(", ", parts)));
    }

    /** A complaint about a file. */
    record FileError(ErrorCode code, String message) {}

    static Optional<FileError> find(String message) {
        Matcher matcher = QUOTED.matcher(message);
        boolean named = matcher.find();
        String file = named ? matcher.group(1).replaceAll("\\\\+$", "") : "a file";
        String subject = named ? "File " + file : "One of the files";
        if (message.contains("No space left on device")
                || message.contains("max_temp_directory_size")) {
            return Optional.of(
                    new FileError(
                            ErrorCode.STORAGE_FULL,
                            "The disk is full: %s could not be written. Free some space."
                                    .formatted(file)));
        }
        if (message.startsWith("No files found that match")
                || message.contains("No such file or directory")) {
            return Optional.of(new FileError(ErrorCode.FILE_MISSING, subject + " does not exist."));
        }
        if (message.contains("Permission denied")) {
            return Optional.of(
                    new FileError(
                            ErrorCode.STORAGE_DENIED,
                            subject + " may not be opened: permission denied."));
        }
        if (corrupt(message)) {
            return Optional.of(
                    new FileError(
                            ErrorCode.FILE_CORRUPT,
                            subject
                                    + " is damaged or cut short: "
                                    + ErrorTranslator.sentence(message)));
        }
        return Optional.empty();
    }

    private static boolean corrupt(String message) {
        return message.contains("No magic bytes found")
                || message.contains("too small to be a Parquet file")
                || message.contains("Footer length error")
                || message.contains("Invalid thrift")
                || message.contains("Out of buffer")
                || message.contains("TProtocolException")
                || message.contains("Could not read enough bytes")
                || message.contains("ecompression failure");
    }
}
