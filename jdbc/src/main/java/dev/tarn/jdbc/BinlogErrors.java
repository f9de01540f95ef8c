package dev.tarn.jdbc;

import dev.tarn.jdbc.BinlogStatement.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.List;

/** What is said about reading the binary log of a MySQL or MariaDB. */
final class BinlogErrors {
    private BinlogErrors() {}

    static TarnException url(JdbcSettings settings) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The log of %s cannot be read: its 'url' has to name one host and perhaps a port, such as mysql://db.example.com:3306/shop."
                        .formatted(settings.server()));
    }

    /**
     * @param wrong what is not as it has to be
     * @param fixes statements
     */
    static TarnException settings(JdbcSettings settings, List<String> wrong, List<String> fixes) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                ("The server at %s does not write whole changes of rows into its binary log: %s. Run"
                                + " `%s` there, put the same into its configuration, and let"
                                + " applications connect again. Changes from before are told by a"
                                + " load.")
                        .formatted(
                                settings.server(),
                                String.join(", ", wrong),
                                String.join("; ", fixes)));
    }

    static TarnException noLog(JdbcSettings settings) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                ("The server at %s writes no binary log: log_bin is OFF. Put `log_bin = binlog` and"
                                + " a `server_id` into its configuration and restart it.")
                        .formatted(settings.server()));
    }

    static TarnException version(JdbcSettings settings, String version) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "The server at %s is %s; its log can be read from MySQL 8.0.1 and MariaDB 10.5 on. Read the table by a 'cursor' instead."
                        .formatted(settings.server(), version));
    }

    static TarnException leftOut(JdbcSettings settings, MysqlTable table, String why) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "Changes of %s at %s are not in the binary log: %s leaves out the database %s. Change it in the server's configuration."
                        .formatted(table, settings.server(), why, table.schema()));
    }

    static TarnException denied(JdbcSettings settings, String user, String right, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                "%s may not read the log of %s (%s). Run `GRANT %s TO %s` there."
                        .formatted(user, settings.server(), reason, right, user));
    }

    static TarnException unreadable(JdbcSettings settings, String what) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                ("The binary log of %s %s, which cannot be followed. Turn that off there; `tarn"
                                + " ingest --full --select source:NAME` reads the tables again and"
                                + " goes on behind it.")
                        .formatted(settings.server(), what));
    }

    static TarnException type(JdbcSettings settings, MysqlTable table, String column, int type) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "Changes of %s at %s cannot be read: the form that its column '%s' has in the log (type %d) is not known."
                        .formatted(table, settings.server(), column, type));
    }

    static TarnException noNames(JdbcSettings settings, MysqlTable table) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                ("The binary log of %s has changes of %s from before binlog_row_metadata was FULL,"
                                + " and does not say of which columns. `tarn ingest --full --select"
                                + " source:NAME` reads the table again and goes on behind them.")
                        .formatted(settings.server(), table));
    }

    static TarnException locked(JdbcSettings settings, String table, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                ("Reading %s at %s needs a moment in which nobody is in the middle of changing it,"
                                + " and there was none for ten seconds: %s. Try again, or look for"
                                + " the transaction in information_schema.innodb_trx.")
                        .formatted(table, settings.server(), reason));
    }

    static String effect(Effect effect, String statement) {
        return switch (effect) {
            case DROPPED -> "the table was dropped there (%s)".formatted(statement);
            case RENAMED ->
                    "the table was renamed, or another one took its name (%s)".formatted(statement);
            case PARTITION ->
                    "rows went or came with a partition, of which the log does not tell them (%s)"
                            .formatted(statement);
            default ->
                    "rows were changed by a session with binlog_format = STATEMENT or MIXED, so the log has the statement instead of the rows (%s)"
                            .formatted(statement);
        };
    }

    static String purged(String oldest, String expires) {
        return "the server has thrown away its binary logs before %s (%s)"
                .formatted(oldest, expires);
    }

    static String begunAnew(String newest) {
        return "the server's binary log has begun anew (RESET MASTER, or another server): it ends at %s"
                .formatted(newest);
    }

    static String budget(JdbcSettings settings, String shown, long behind, long budget) {
        return ("%s is %,d MiB of binary log behind %s, more than the %,d MiB of 'log_budget'; the"
                        + " server throws its log away without asking")
                .formatted(shown, behind >> 20, settings.server(), budget >> 20);
    }

    static String nearlyPurged(JdbcSettings settings, String file, long seconds) {
        return ("%s is read from the oldest binary log that %s still has (%s), and it keeps them for"
                        + " %,d s only")
                .formatted(settings.shown(), settings.server(), file, seconds);
    }

    static String cascades(JdbcSettings settings, String keys) {
        return ("%s has foreign keys that change its rows when others change (%s): the server does"
                        + " not log such changes, so they are missing here")
                .formatted(settings.shown(), keys);
    }
}
