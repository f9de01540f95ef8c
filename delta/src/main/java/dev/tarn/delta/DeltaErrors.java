package dev.tarn.delta;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;

/** What is said when a Delta log cannot be written. */
final class DeltaErrors {
    private DeltaErrors() {}

    static TarnException unreadable(String location, Exception cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "The file %s of a Delta log cannot be read: %s. Run again."
                        .formatted(location, cause.getMessage()),
                cause);
    }

    static TarnException notWritten(String location, Exception cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "The file %s of a Delta log could not be written: %s. Run again."
                        .formatted(location, cause.getMessage()),
                cause);
    }

    static TarnException writtenByOthers(TableName table, String home, long version) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Delta log of %s in %s was not written by Tarn (version %d), so Tarn leaves it alone and Delta readers no longer see what is published. Remove the folder %s/_delta_log to let Tarn begin it anew, or set `formats: [iceberg]` for the table."
                        .formatted(table, home, version, home));
    }
}
