package dev.tarn.delta.read;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said when a Delta table cannot be read. */
final class ReadErrors {
    private ReadErrors() {}

    static TarnException noTable(String location) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There is no Delta table at %s: it has no folder _delta_log with commits or checkpoints. Check the location."
                        .formatted(location));
    }

    static TarnException noVersion(String location, long version, long oldest, long newest) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "The Delta table at %s has no version %d any more or yet: those from %d to %d can be read."
                        .formatted(location, version, oldest, newest));
    }

    static TarnException gap(String location, long missing, long next) {
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The log of the Delta table at %s has no commit %d, though it has a later one (%d) and no checkpoint between. Restore the file _delta_log/%020d.json from a backup."
                        .formatted(location, missing, next, missing));
    }

    static TarnException lacks(String location, String action) {
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The log of the Delta table at %s has no %s action. Restore its _delta_log from a backup."
                        .formatted(location, action));
    }

    static TarnException readerVersion(String location, int version) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Delta table at %s wants a reader of protocol version %d; Tarn knows 1 to 3. Update Tarn, or lower the protocol in the engine that owns the table."
                        .formatted(location, version));
    }

    static TarnException features(String location, List<String> names) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Delta table at %s uses %s %s, which Tarn does not read. Drop the feature in the engine that owns the table, or update Tarn."
                        .formatted(
                                location,
                                names.size() == 1 ? "the reader feature" : "the reader features",
                                String.join(", ", names)));
    }

    static TarnException type(String column, String type) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Column '%s' has the type %s, which Tarn cannot read. Leave the column out in the engine that owns the table, or change its type there."
                        .formatted(column, type));
    }

    static TarnException noColumns(String location) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Delta table at %s has no columns, so there is nothing to read. Add one in the engine that owns it."
                        .formatted(location));
    }

    static TarnException mappingMode(String location, String mode) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The Delta table at %s maps columns by '%s'; Tarn knows none, name and id."
                        .formatted(location, mode));
    }

    static TarnException unreadable(String file, @Nullable Throwable cause) {
        @Nullable String reason = cause == null ? null : cause.getMessage();
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The file %s cannot be read as what it should be%s. Restore it from a backup, or read an older version of the table."
                        .formatted(file, reason == null ? "" : ": " + firstLine(reason)),
                cause);
    }

    static TarnException missing(String file) {
        return new TarnException(
                ErrorCode.FILE_MISSING,
                "The file %s of a Delta table is gone. Restore it from a backup, or read the table at a version whose files are there: VACUUM may have removed this one."
                        .formatted(file));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
