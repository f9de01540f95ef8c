package dev.tarn.state;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog's database can do to us, in words. None of them carries a connection's URL or
 * password.
 */
final class StateErrors {
    private StateErrors() {}

    static TarnException tooNew(String place, int form, int known) {
        return new TarnException(
                ErrorCode.CATALOG_TOO_NEW,
                ("The catalog %s has form %d, but this program knows forms up to %d: a newer Tarn has"
                                + " changed it. Use that newer Tarn. Nothing was changed.")
                        .formatted(place, form, known));
    }

    static TarnException notACatalog(String place) {
        return new TarnException(
                ErrorCode.CATALOG_CORRUPT,
                ("%s is a database, but not a catalog of Tarn: it holds other tables. Choose another"
                                + " place for the catalog. Nothing was changed.")
                        .formatted(place));
    }

    static TarnException corrupt(String place, Throwable cause) {
        return new TarnException(
                ErrorCode.CATALOG_CORRUPT,
                ("The catalog %s cannot be read: it is damaged, or no database at all. Put back a"
                                + " backup of it, or move it away to start an empty catalog.")
                        .formatted(place),
                cause);
    }

    static TarnException unreadableValue(String what, Throwable cause) {
        return new TarnException(
                ErrorCode.CATALOG_CORRUPT,
                ("The catalog holds a value of '%s' that this program cannot read. Put back a backup of"
                                + " the catalog.")
                        .formatted(what),
                cause);
    }

    static TarnException denied(String place, String reason, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_DENIED,
                ("The catalog %s cannot be opened for reading and writing: %s. Check that it and its"
                                + " folder are there and that you may write to them.")
                        .formatted(place, reason),
                cause);
    }

    static TarnException signInDenied(String place, String user, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_DENIED,
                ("The catalog %s refused the user '%s'. Check the name, the password and the rights of"
                                + " that user.")
                        .formatted(place, user),
                cause);
    }

    static TarnException full(String place, Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_FULL,
                ("The disk of the catalog %s is full. Nothing was changed. Free some space and try"
                                + " again.")
                        .formatted(place),
                cause);
    }

    static TarnException failed(String place, String reason, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "The disk of the catalog %s failed: %s. Nothing was changed. Try again."
                        .formatted(place, reason),
                cause);
    }

    static TarnException busy(String place, Duration waited, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.CATALOG_BUSY,
                ("Other writers held the catalog %s for more than %s. Nothing was changed. Try again,"
                                + " or look for a process that hangs.")
                        .formatted(place, seconds(waited)),
                cause);
    }

    static TarnException unavailable(String place, String reason, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.CATALOG_UNAVAILABLE,
                ("The catalog %s does not answer: %s. Check that its server runs and can be reached"
                                + " from here.")
                        .formatted(place, reason),
                cause);
    }

    static TarnException noSuchDatabase(String place, Throwable cause) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                ("The catalog %s cannot be opened: the server has no such database. Create it, or"
                                + " correct its name.")
                        .formatted(place),
                cause);
    }

    static TarnException outcomeUnknown(String place, Throwable cause) {
        return new TarnException(
                ErrorCode.COMMIT_OUTCOME_UNKNOWN,
                ("The connection to the catalog %s broke while committing: the changes may be there or"
                                + " not. Keep all files they refer to, and look at the ref's newest"
                                + " publication before trying again.")
                        .formatted(place),
                cause);
    }

    static TarnException interrupted(String place, Throwable cause) {
        return new TarnException(
                ErrorCode.INTERRUPTED,
                "Interrupted while waiting for the catalog %s. Nothing was changed."
                        .formatted(place),
                cause);
    }

    static TarnException closed(String place) {
        return new TarnException(
                ErrorCode.CATALOG_UNAVAILABLE, "The catalog %s was closed.".formatted(place));
    }

    static TarnException unexpected(String place, String reason, Throwable cause) {
        return new TarnException(
                ErrorCode.INTERNAL,
                ("The database of the catalog %s refused a request: %s. This is a fault in Tarn;"
                                + " please report it.")
                        .formatted(place, reason),
                cause);
    }

    static TarnException badUrl(String reason) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                ("The URL of the catalog cannot be used: %s. Write it as"
                                + " jdbc:postgresql://host:port/database, and set user and password"
                                + " on their own.")
                        .formatted(reason));
    }

    static TarnException badPath(String path) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The catalog cannot be at %s: its path must not contain a question mark."
                        .formatted(path));
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
