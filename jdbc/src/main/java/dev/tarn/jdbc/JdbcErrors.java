package dev.tarn.jdbc;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Locale;

/** What is said about databases. Passwords are in none of it. */
final class JdbcErrors {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final int SQLITE_CANTOPEN = 14;

    private JdbcErrors() {}

    static Problem secretInUrl(Place place) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "The 'url' must not hold user or password. Give them as 'user' and 'password',"
                        + " the password as env:NAME or file:PATH.");
    }

    static Problem tableOrQuery(Place place) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID, place, "Say either 'table' or 'query', not both.");
    }

    static Problem setting(Place place, String name, String found, String wanted) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' cannot be '%s': it is %s.".formatted(name, found, wanted));
    }

    static Problem noCursor(Place place) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Incremental reading needs a 'cursor': a column whose values only grow, such as"
                        + " updated_at.");
    }

    static Problem lagWithoutKey(Place place) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "With a 'lag' rows are read more than once, and appending would double them. Name"
                        + " the 'key' of a row.");
    }

    static TarnException lagOfText(String database, String column, String type) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "A 'lag' behind '%s' cannot be computed by %s: its type is %s. Take a column of numbers, or no lag."
                        .formatted(column, database, type));
    }

    static TarnException noColumn(Place place, String what, String name, Collection<String> there) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        place,
                        "The %s '%s' is no column of the source.%s"
                                .formatted(what, name, Suggestion.hint(name, there))));
    }

    static TarnException noDriver(String server, String driver) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "There is no driver for %s. Name the driver's jar as 'driver'%s."
                        .formatted(server, driver.isEmpty() ? "" : "; " + driver));
    }

    static TarnException recreated(JdbcSettings settings, String before, String now) {
        return new TarnException(
                ErrorCode.SOURCE_GONE,
                ("%s at %s was dropped and made again since it was read last (its id was %s and is"
                                + " %s), so it cannot be said which of its rows have landed. What"
                                + " landed stays. `tarn ingest --full --select source:NAME` loads"
                                + " it anew.")
                        .formatted(settings.shown(), settings.server(), before, now));
    }

    /** What a failure of the driver means. */
    static TarnException failed(JdbcSettings settings, SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        String reason = reason(settings, failure);
        boolean isSqlite = settings.url().startsWith(SQLITE);
        if (isSqlite && failure.getErrorCode() == SQLITE_CANTOPEN) {
            return cannotOpen(settings, failure);
        }
        ErrorCode code = isSqlite ? codeOfSqlite(failure.getErrorCode()) : code(state, failure);
        return switch (code) {
            case SOURCE_DENIED ->
                    new TarnException(
                            ErrorCode.SOURCE_DENIED,
                            "%s refuses%s: %s. Check user, password and rights."
                                    .formatted(
                                            settings.server(),
                                            settings.user().map(u -> " " + u).orElse(""),
                                            reason),
                            failure);
            case SOURCE_UNAVAILABLE ->
                    new TarnException(
                            ErrorCode.SOURCE_UNAVAILABLE,
                            "%s cannot be reached or broke off: %s. Nothing is lost; try again when it is back."
                                    .formatted(settings.server(), reason),
                            failure);
            case INTERRUPTED ->
                    new TarnException(ErrorCode.INTERRUPTED, "Reading was stopped.", failure);
            case SOURCE_CHANGED ->
                    new TarnException(
                            ErrorCode.SOURCE_CHANGED,
                            "%s at %s changed while it was read: %s. Run it again."
                                    .formatted(settings.shown(), settings.server(), reason),
                            failure);
            default ->
                    new TarnException(
                            ErrorCode.SOURCE_UNREADABLE,
                            "%s at %s cannot be read: %s."
                                    .formatted(settings.shown(), settings.server(), reason),
                            failure);
        };
    }

    /** SQLite says the same of whatever keeps it from opening a file. */
    private static TarnException cannotOpen(JdbcSettings settings, SQLException failure) {
        Path file = Path.of(settings.url().substring(SQLITE.length()));
        ErrorCode code;
        String why;
        if (Files.isDirectory(file)) {
            code = ErrorCode.SOURCE_UNREADABLE;
            why = "it is a folder. Name the file in it as 'url'";
        } else if (Files.notExists(file)) {
            code = ErrorCode.SOURCE_UNAVAILABLE;
            why = "there is no such file. A path begins at the project's folder, and none is made";
        } else if (!Files.isReadable(file)) {
            code = ErrorCode.SOURCE_DENIED;
            why = "this account may not read it";
        } else {
            code = ErrorCode.SOURCE_UNAVAILABLE;
            why =
                    ("%s. A database with a write-ahead log (WAL) needs a folder in which files can"
                                    + " be made; or read a copy of it")
                            .formatted(reason(settings, failure));
        }
        return new TarnException(
                code, "%s cannot be opened: %s.".formatted(settings.server(), why), failure);
    }

    private static ErrorCode code(String state, SQLException failure) {
        switch (failure.getErrorCode()) {
            // As MySQL and MariaDB number them; others have no such numbers.
            case 1044, 1045, 1049, 1142, 1143, 1227, 1698 -> {
                return ErrorCode.SOURCE_DENIED;
            }
            case 1054, 1412 -> {
                return ErrorCode.SOURCE_CHANGED;
            }
            case 1205, 1053, 1040 -> {
                return ErrorCode.SOURCE_UNAVAILABLE;
            }
            default -> {}
        }
        if (state.startsWith("28") || state.equals("42501") || state.equals("3D000")) {
            return ErrorCode.SOURCE_DENIED;
        }
        if (state.equals("57014")) {
            return ErrorCode.INTERRUPTED;
        }
        if (state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                || failure instanceof java.sql.SQLTransientException
                || failure instanceof java.sql.SQLNonTransientConnectionException
                || failure.getCause() instanceof java.io.IOException) {
            return ErrorCode.SOURCE_UNAVAILABLE;
        }
        return state.equals("42703") ? ErrorCode.SOURCE_CHANGED : ErrorCode.SOURCE_UNREADABLE;
    }

    /** SQLite tells no states, and its numbers mean something else with others. */
    private static ErrorCode codeOfSqlite(int number) {
        return switch (number) {
            // Busy, locked, an error of the disk.
            case 5, 6, 10 -> ErrorCode.SOURCE_UNAVAILABLE;
            case 3, 23 -> ErrorCode.SOURCE_DENIED;
            case 9 -> ErrorCode.INTERRUPTED;
            default -> ErrorCode.SOURCE_UNREADABLE;
        };
    }

    /** The first line of what the driver says, without its full stop and without the password. */
    static String reason(JdbcSettings settings, SQLException failure) {
        String text = String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
        for (String prefix : new String[] {"FATAL: ", "ERROR: "}) {
            if (text.toUpperCase(Locale.ROOT).startsWith(prefix)) {
                text = text.substring(prefix.length());
            }
        }
        text = text.replaceFirst("^\\(conn=\\d+\\) ", "");
        text = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        String password = settings.password().orElse("");
        return password.length() < 4 ? text : text.replace(password, "…");
    }
}
