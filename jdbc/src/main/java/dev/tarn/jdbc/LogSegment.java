package dev.tarn.jdbc;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The transactions between two places of the log, whole, with the changes of each table. Nothing in
 * it changes once it has been read.
 */
final class LogSegment implements AutoCloseable {
    private final Lsn from;
    private final Map<Integer, ChangeBuffer> changes = new HashMap<>();
    private final Set<Integer> transactions = new HashSet<>();
    private @Nullable LogSnapshot snapshot;
    private Lsn to;
    private boolean isCut;
    private @Nullable Instant last;
    private int users;
    private boolean isClosed;

    /**
     * @param snapshot what tables that are loaded are read in; taken before the segment's end
     */
    LogSegment(Lsn from, @Nullable LogSnapshot snapshot) {
        this.from = from;
        this.to = from;
        this.snapshot = snapshot;
    }

    /** Which transactions a snapshot sees, from {@code xmin:xmax:open,open}. */
    record Visible(long from, long to, Set<Long> open) {
        static Visible parse(String text) {
            String[] parts = text.split(":", -1);
            Set<Long> open = new HashSet<>();
            for (String number : parts[2].split(",", -1)) {
                if (!number.isEmpty()) {
                    open.add(Long.parseLong(number));
                }
            }
            return new Visible(Long.parseLong(parts[0]), Long.parseLong(parts[1]), open);
        }

        /**
         * @param transaction the lower half of its number, as the log tells it
         */
        boolean sees(int transaction) {
            // The number next to the snapshot's that ends so.
            long number = to + (transaction - (int) to);
            return number < from || (number < to && !open.contains(number));
        }
    }

    Lsn from() {
        return from;
    }

    /** What is committed there, or behind it, is not in the segment. */
    Lsn to() {
        return to;
    }

    /** Whether it ends before the log does. */
    boolean isCut() {
        return isCut;
    }

    /** When the last of its transactions was committed. */
    @Nullable Instant last() {
        return last;
    }

    Optional<ChangeBuffer> changes(int table) {
        return Optional.ofNullable(changes.get(table));
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    long bytes() {
        return changes.values().stream().mapToLong(ChangeBuffer::bytes).sum();
    }

    long rows() {
        return changes.values().stream().mapToLong(ChangeBuffer::changes).sum();
    }

    Set<Integer> transactions() {
        return transactions;
    }

    /** What to read a table in; empty when there is nothing that would do. */
    Optional<LogSnapshot> snapshot(int table) {
        return Optional.ofNullable(snapshot).filter(s -> !isCut && s.has(table));
    }

    boolean hasSnapshot() {
        return snapshot != null;
    }

    void add(int transaction, Map<Integer, ChangeBuffer> told, long micros) {
        told.forEach((table, buffer) ->
                changes.computeIfAbsent(table, t -> buffer.beside()).add(buffer));
        transactions.add(transaction);
        last =
                Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L),
                        Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    void end(Lsn place, boolean cut) {
        to = place;
        isCut = cut;
        if (cut) {
            releaseSnapshot();
        }
    }

    private void releaseSnapshot() {
        LogSnapshot taken = snapshot;
        if (taken != null) {
            snapshot = null;
            taken.close();
        }
    }

    /** Somebody reads it: it stays until as many have called {@link #leave}. */
    synchronized void enter() {
        users++;
    }

    synchronized void leave() {
        users--;
        if (users == 0 && isClosed) {
            remove();
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (users == 0) {
            remove();
        }
    }

    private void remove() {
        releaseSnapshot();
        changes.values().forEach(ChangeBuffer::close);
    }
}
