package dev.tarn.jdbc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a table's changes have been read to: everything that was committed before {@code lsn} has
 * landed, as far as the load has come.
 *
 * @param table the table's number at the server
 * @param slot what keeps the log for us
 * @param load the load that is under way; null when the table has been loaded
 * @param key the key of the last row that the load has read; empty at its start
 * @param last the key that the load ends with: rows behind it came later, so the log tells them
 * @param rows how many rows the load has read
 * @param at when the last change was made
 * @param by the columns that name a row of the table here; empty where a key of rows has no say
 */
record LogPosition(
        String table,
        String slot,
        Lsn lsn,
        @Nullable String load,
        List<String> key,
        List<String> last,
        long rows,
        @Nullable Instant at,
        List<String> by) {
    /** Stands in the name of a load before the transactions that its end takes in. */
    static final String SEEN = "#";

    LogPosition {
        key = List.copyOf(key);
        last = List.copyOf(last);
        by = List.copyOf(by);
    }

    boolean isLoading() {
        return load != null;
    }

    /**
     * Whether the load reads what a transaction did, or has nothing to do with it any more: then
     * the log need not tell it, and a list of events would have it twice.
     */
    boolean loads(int transaction) {
        if (load == null) {
            return false;
        }
        if (last.isEmpty()) {
            return key.isEmpty();
        }
        return sees(load, transaction);
    }

    /** Whether a load is under way that began when a transaction's rows were there to be seen. */
    boolean began(ChangeBuffer.Change change) {
        return load != null && sees(load, change.transaction());
    }

    private static boolean sees(String load, int transaction) {
        int seen = load.indexOf(SEEN);
        return seen >= 0
                && load.length() > seen + SEEN.length()
                && LogSegment.Visible.parse(load.substring(seen + SEEN.length())).sees(transaction);
    }

    /** Everything before a place is read. */
    LogPosition reached(Lsn place, @Nullable Instant changed) {
        return new LogPosition(
                table, slot, place, load, key, last, rows, changed == null ? at : changed, by);
    }

    /** More of the table is loaded. */
    LogPosition loaded(List<String> upTo, long more) {
        return new LogPosition(table, slot, lsn, load, upTo, last, rows + more, at, by);
    }

    LogPosition complete(long more) {
        return new LogPosition(table, slot, lsn, null, List.of(), List.of(), rows + more, at, by);
    }

    /** The same place of a table whose rows are named by some columns. */
    LogPosition namedBy(List<String> columns) {
        return new LogPosition(table, slot, lsn, load, key, last, rows, at, columns);
    }

    String toJson() {
        String time = at == null ? null : at.toString();
        List<String> both = new ArrayList<>(key);
        both.addAll(last);
        return new Position(table, load, both, slot, rows, lsn.toString(), last.size(), time, by)
                .toJson();
    }

    static LogPosition parse(String text) {
        Position position = Position.parse(text);
        List<String> both = position.key();
        int middle = both.size() - (int) position.window();
        return new LogPosition(
                Optional.ofNullable(position.table()).orElse(""),
                Optional.ofNullable(position.ceiling()).orElse(""),
                Lsn.parse(Optional.ofNullable(position.cursor()).orElse("0/0")),
                position.load(),
                both.subList(0, middle),
                both.subList(middle, both.size()),
                position.rows(),
                position.at() == null ? null : Instant.parse(position.at()),
                position.by());
    }
}
