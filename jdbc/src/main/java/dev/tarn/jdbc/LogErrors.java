package dev.tarn.jdbc;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said about reading the log of a database. */
final class LogErrors {
    private LogErrors() {}

    static Problem notWithLog(Place place, String setting) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "With mode 'cdc' a 'table' is read, by its log: there is no '%s'."
                        .formatted(setting));
    }

    static TarnException version(JdbcSettings settings, String version) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "The server at %s is PostgreSQL %s; its log can be read from version 14 on. Read the table by a 'cursor' instead."
                        .formatted(settings.server(), version));
    }

    static TarnException level(JdbcSettings settings, String level) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                ("The server at %s does not write changes of rows into its log: wal_level is '%s'."
                                + " Run `ALTER SYSTEM SET wal_level = logical` there and restart"
                                + " it.")
                        .formatted(settings.server(), level));
    }

    static TarnException notReplicating(JdbcSettings settings, String user) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                "%s may not read the log of %s. Run `ALTER ROLE \"%s\" REPLICATION` there."
                        .formatted(user, settings.server(), user));
    }

    static TarnException noPublication(
            JdbcSettings settings, String user, String statement, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                ("%s at %s is in no publication that could be read, and %s may not put it into one"
                                + " (%s). Let its owner run `%s`.")
                        .formatted(settings.shown(), settings.server(), user, reason, statement));
    }

    static TarnException partOfPublication(
            JdbcSettings settings, String publication, String operations) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                ("The publication '%s' at %s does not tell every %s, so the table here would differ"
                                + " from the one there. Run `ALTER PUBLICATION \"%s\" SET (publish ="
                                + " 'insert, update, delete, truncate')` there.")
                        .formatted(publication, settings.server(), operations, publication));
    }

    static TarnException noIdentity(JdbcSettings settings, String state) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                ("%s at %s has %s, so its log could not say which rows are changed and deleted, and"
                                + " in a publication the server would refuse to change them. Give"
                                + " it a primary key, or run `ALTER TABLE %s REPLICA IDENTITY FULL`"
                                + " there.")
                        .formatted(
                                settings.shown(), settings.server(), state, settings.relation()));
    }

    static TarnException otherKey(
            JdbcSettings settings, Place place, List<String> key, List<String> identity) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        place,
                        ("The log tells of deleted rows of %s only %s, and the 'key' is %s. Leave"
                                        + " 'key' out, or run `ALTER TABLE %s REPLICA IDENTITY"
                                        + " FULL` at the source.")
                                .formatted(
                                        settings.shown(),
                                        String.join(", ", identity),
                                        String.join(", ", key),
                                        settings.relation())));
    }

    static TarnException noTable(JdbcSettings settings) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "%s at %s is not there, or is no table."
                        .formatted(settings.shown(), settings.server()));
    }

    static TarnException slotOfAnother(JdbcSettings settings, String slot, String plugin) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "The slot '%s' at %s is not ours: it is read by '%s' or of another database. Name another one as 'slot'."
                        .formatted(slot, settings.server(), plugin));
    }

    static TarnException slotInUse(JdbcSettings settings, String slot) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                ("The slot '%s' at %s is being read by somebody else. Two cannot share a slot: stop"
                                + " the other one, or name another 'slot'.")
                        .formatted(slot, settings.server()));
    }

    static TarnException noSlotFree(JdbcSettings settings, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "%s has no replication slot to spare: %s. Raise max_replication_slots there, or drop slots that nobody reads."
                        .formatted(settings.server(), reason));
    }

    static TarnException oldTransactions(JdbcSettings settings, long oldest) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                ("Reading %s at %s can only begin when the transactions that were open at the time"
                                + " have ended, and the one of process %d has not. Try again, or end"
                                + " it: SELECT pg_terminate_backend(%d).")
                        .formatted(settings.shown(), settings.server(), oldest, oldest));
    }

    static TarnException recreated(JdbcSettings settings, LogPosition position, String now) {
        return JdbcErrors.recreated(settings, position.table(), now);
    }

    static TarnException keyChanged(JdbcSettings settings, List<String> before, List<String> now) {
        return new TarnException(
                ErrorCode.SOURCE_GONE,
                ("Rows of %s at %s were known by %s and are by %s, so it cannot be said which of"
                                + " those that landed are changed and deleted. What landed stays."
                                + " `tarn ingest --full --select source:NAME` reads the table"
                                + " again and goes on from there.")
                        .formatted(
                                settings.shown(),
                                settings.server(),
                                String.join(", ", before),
                                String.join(", ", now)));
    }

    /**
     * The log no longer goes back to where reading stands.
     *
     * @param why what happened to it
     * @param from where reading stands
     * @param next where the server's log is now
     */
    static TarnException gone(
            JdbcSettings settings, LogPosition position, String why, String from, String next) {
        return new TarnException(
                ErrorCode.SOURCE_GONE,
                ("Changes of %s at %s are lost: %s. Missing is what was committed %s, from %s of the"
                                + " log on; the server is at %s. What landed stays. `tarn ingest"
                                + " --full --select source:NAME` reads the table again and goes on"
                                + " from there.")
                        .formatted(
                                settings.shown(),
                                settings.server(),
                                why,
                                since(position.at()),
                                from,
                                next));
    }

    private static String since(@Nullable Instant at) {
        return at == null ? "since it was loaded" : "after " + at;
    }

    static String noSlot(String slot) {
        return "the slot '%s' is not there any more".formatted(slot);
    }

    static String slotLost(String slot, String reason) {
        return "the server has thrown away the log that slot '%s' was to keep (%s)"
                .formatted(slot, reason);
    }

    static String slotMoved(String slot, Lsn to) {
        return "somebody else has read the slot '%s' on to %s".formatted(slot, to);
    }

    static String otherSlot(String before, String now) {
        return "they were read from slot '%s', and this is '%s'".formatted(before, now);
    }

    static String notPublished(String publication) {
        return "the table was taken out of the publication '%s'".formatted(publication);
    }

    static String budget(JdbcSettings settings, String slot, long retained, long budget) {
        return ("%s keeps %,d MiB of log for slot '%s', more than the %,d MiB of 'log_budget'."
                        + " A table that is not ingested holds it: see docs/cdc.md")
                .formatted(settings.server(), retained >> 20, slot, budget >> 20);
    }

    static String unreserved(JdbcSettings settings, String slot) {
        return ("%s may throw away log that slot '%s' still needs at its next checkpoint"
                        + " (max_slot_wal_keep_size)")
                .formatted(settings.server(), slot);
    }
}
