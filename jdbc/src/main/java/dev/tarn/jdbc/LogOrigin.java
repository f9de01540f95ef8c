package dev.tarn.jdbc;

import dev.tarn.spi.Connector.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A server whose log is read: all that databases do differently there. Used by many threads. */
interface LogOrigin {
    /** Refuses servers whose log says nothing of rows. */
    void requireLog(JdbcSettings settings);

    /** A table as it is now. */
    LogTable table(JdbcSettings settings);

    /** Refuses tables whose rows the log would not name. */
    void requireKey(Request request, JdbcSettings settings, LogTable table);

    /** Sees to it that the log tells of a table that nothing is loaded from. */
    void listen(JdbcSettings signals, LogTable table);

    /** What tells this log from others. */
    String identity();

    /** Why the log no longer tells of a table; empty when it does. */
    Optional<String> untold(JdbcSettings settings);

    /** Where the log ends now. */
    Lsn end();

    /** A place as people there write it. */
    String shown(Lsn place);

    /** About how many bytes of log are between two places. */
    long between(Lsn from, Lsn to);

    /** How many bytes of log are behind a place. */
    long behind(Lsn place);

    /**
     * What is kept for us from now on.
     *
     * @param from the place that the log is kept from
     * @param isNew whether nothing was kept before
     */
    record Kept(Lsn from, boolean isNew) {}

    /** Sees to it that the log tells of a table. */
    Kept keep(JdbcSettings settings);

    /**
     * What a load that begins now is to read.
     *
     * @param place from where on the log tells what the load does not read
     * @param last the greatest key that the table has; empty when it has no rows or no key
     * @param seen which transactions' rows that takes in, in the server's words
     */
    record Goal(Lsn place, List<String> last, String seen) {}

    /**
     * @param place what the log is kept from
     */
    Goal goal(
            JdbcSettings settings,
            LogTable table,
            List<Column> key,
            Lsn place,
            Cancelled cancelled);

    /**
     * Where reading begins again.
     *
     * @param position of a table that is to be read on
     * @param others the oldest place that other tables stand at
     * @throws dev.tarn.model.TarnException {@code SOURCE_GONE} if the log does not go back so far
     */
    Lsn again(JdbcSettings settings, LogPosition position, @Nullable Lsn others);

    LogStream open(Lsn from, Cancelled cancelled);

    /**
     * Takes what the stream sends apart.
     *
     * @param isRead of which tables
     */
    LogDecoder decoder(LogListener listener, IntPredicate isRead);

    /** Whether the log tells also of tables that are not read. */
    boolean tellsAll();

    /** A column of the log as one that is read. */
    Column column(LogRelation.Told told);

    /** Waits until what is read of tables from now on has all that was told of them before. */
    void awaitOpenTransactions(JdbcSettings settings, Cancelled cancelled);

    /**
     * The state of tables at one moment.
     *
     * @param tables by number: their columns stay while the snapshot is there
     */
    LogSnapshot snapshot(Map<Integer, JdbcSettings> tables, Cancelled cancelled);

    /** Values that the log does not tell, as they are now; null where there are none. */
    List<byte @Nullable []> lookUp(
            JdbcSettings settings,
            LogTable table,
            List<String> key,
            List<byte @Nullable []> values,
            List<String> wanted);

    /** What somebody should know who looks after the server. */
    Optional<String> warning(JdbcSettings settings, @Nullable LogPosition position);

    /** Throws when somebody wants an end. */
    interface Cancelled {
        void check();
    }
}
