package dev.tarn.demo;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Path;

/** Everything that can go wrong while the demo or a new project is written. */
final class DemoErrors {
    private DemoErrors() {}

    static TarnException scaleOutOfRange(double scale, double largest) {
        return new TarnException(
                ErrorCode.USAGE,
                ("The scale of the demo must be more than 0 and at most %.0f, not %s."
                                + " 1 is a million web events.")
                        .formatted(largest, scale));
    }

    static TarnException cannotWrite(Path path, IOException cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                ("Cannot write %s: %s."
                                + " Check that the folder can be written and that the disk has room.")
                        .formatted(path, reason(cause)),
                cause);
    }

    static TarnException fileInTheWay(Path path) {
        return new TarnException(
                ErrorCode.USAGE,
                ("%s exists already, and a new project does not overwrite files."
                                + " Choose an empty folder.")
                        .formatted(path));
    }

    static TarnException projectName(String name) {
        return new TarnException(
                ErrorCode.NAME_INVALID,
                ("Project name '%s' must start with a letter"
                                + " and have only lower-case letters, digits and underscores. Try '%s'.")
                        .formatted(name, InitTemplate.suggestName(name)));
    }

    static TarnException templateMissing(String resource) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "The template file %s is not in the program. Build Tarn again."
                        .formatted(resource));
    }

    private static String reason(IOException cause) {
        String text = cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text;
    }
}
