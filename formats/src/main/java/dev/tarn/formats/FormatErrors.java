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

    static TarnException noHudi(String location) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There is no Hudi table at %s: it has no file .hoodie/hoodie.properties. Check the location."
                        .formatted(location));
    }

    static TarnException hudiVersion(String location, int version, int newest) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Hudi table at %s is of version %d; Tarn knows those up to %d. Update Tarn, or downgrade the table in the engine that owns it."
                        .formatted(location, version, newest));
    }

    static TarnException hudiType(String location, String type) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Hudi table at %s is %s; Tarn reads COPY_ON_WRITE tables, whose files hold whole rows. Export it to Iceberg or Delta in the engine that owns it, for example with Apache XTable, and attach that."
                        .formatted(location, type));
    }

    static TarnException hudiFormat(String location, String format) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Hudi table at %s has files of the format %s; Tarn reads those of Parquet. Export it in the engine that owns it."
                        .formatted(location, format));
    }

    static TarnException hudiBootstrap(String location) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Hudi table at %s was bootstrapped: parts of its rows lie in another table's files (hoodie.bootstrap.base.path). Let the engine that owns it rewrite it once, or attach that other table."
                        .formatted(location));
    }

    static TarnException hudiPartition(String location, String partition, String columns) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The files of the Hudi table at %s leave their partition columns out (%s), and the folder '%s' does not tell them. Write the table without hoodie.datasource.write.drop.partition.columns."
                        .formatted(location, columns, partition));
    }

    static TarnException hudiNoColumns(String location) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Hudi table at %s has neither rows nor columns yet. Attach it when something was written to it."
                        .formatted(location));
    }

    static TarnException hudiDamaged(String file, Exception cause) {
        String message = cause.getMessage();
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The file %s of a Hudi table cannot be read as what it should be%s. Restore it from a backup."
                        .formatted(
                                file,
                                message == null
                                        ? ""
                                        : ": " + message.lines().findFirst().orElse("")),
                cause);
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
