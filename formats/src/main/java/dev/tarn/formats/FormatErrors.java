package dev.tarn.formats;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec.Format;
import java.nio.file.Path;
import java.util.List;

/** What readers say about files they cannot read. */
final class FormatErrors {
    private FormatErrors() {}

    static TarnException noFiles(String location, String format) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There are no files of the format %s below %s, by the ends of their names. Check the location, or leave the format out."
                        .formatted(format, location));
    }

    static TarnException folderChanged(String location) {
        return new TarnException(
                ErrorCode.SOURCE_CHANGED,
                "Files below %s were removed or changed since the table was attached. Attach it again: `tarn attach`, or `tarn ingest` for a source."
                        .formatted(location));
    }

    static TarnException corrupt(Path file, String format, Exception cause) {
        String message = cause.getMessage();
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "%s is no whole %s file: %s."
                        .formatted(
                                file.getFileName(),
                                format,
                                message == null
                                        ? cause.getClass().getSimpleName()
                                        : message.replaceFirst("\\.$", "")),
                cause);
    }

    static TarnException unsupportedType(Path file, String column, String type) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Column '%s' of %s has the type %s, which no table can hold."
                        .formatted(column, file.getFileName(), type));
    }

    static TarnException noReader(Format format) {
        return new TarnException(
                ErrorCode.UNSUPPORTED, "Format %s is read by the engine.".formatted(format));
    }

    static TarnException noSheet(Path file, String sheet, List<String> sheets) {
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "%s has no sheet '%s'; it has %s."
                        .formatted(file.getFileName(), sheet, String.join(", ", sheets)));
    }
}
