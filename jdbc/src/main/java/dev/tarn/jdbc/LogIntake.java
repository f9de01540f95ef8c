package dev.tarn.jdbc;

import dev.tarn.jdbc.ChangeBuffer.Change;
import dev.tarn.spi.OpenSource.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Puts what comes together to transactions, and transactions to segments. Used by one thread. */
final class LogIntake implements LogListener {
    private final LogOrigin origin;
    private final Path folder;
    private final List<LogRelation> versions = new ArrayList<>();
    private final Map<Integer, Integer> newest = new HashMap<>();
    private final LogDecoder messages;
    private final Map<Integer, ChangeBuffer> open = new HashMap<>();
    private final Set<Integer> changed = new HashSet<>();
    private Lsn reached = Lsn.ZERO;
    private @Nullable LogSegment segment;
    private @Nullable Limits limits;
    private boolean inTransaction;
    private boolean isHeld;
    private boolean isDone;
    private Lsn goal = Lsn.ZERO;
    private Lsn commit = Lsn.ZERO;
    private Lsn commitEnd = Lsn.ZERO;
    private long micros;
    private int transaction;
    private int order;

    /**
     * @param folder for transactions that are large
     * @param isRead of which tables
     */
    LogIntake(LogOrigin origin, Path folder, IntPredicate isRead) {
        this.origin = origin;
        messages = origin.decoder(this, isRead);
        this.folder = folder;
    }

    /** What a table looked like. Any thread may ask. */
    LogRelation relation(int version) {
        synchronized (versions) {
            return versions.get(version);
        }
    }

    /** Where the next segment begins. */
    Lsn reached() {
        return reached;
    }

    void begin(Lsn from) {
        forget();
        reached = from;
        messages.begin(from);
    }

    void forget() {
        open.values().forEach(ChangeBuffer::close);
        open.clear();
        changed.clear();
        inTransaction = false;
        isHeld = false;
        segment = null;
    }

    /** Another segment begins, with the transaction that the last one could not take. */
    LogSegment segment(@Nullable LogSnapshot snapshot) {
        LogSegment next = new LogSegment(reached, snapshot);
        segment = next;
        isDone = false;
        if (isHeld) {
            isHeld = false;
            put(next);
        }
        return next;
    }

    boolean isComplete() {
        return isDone;
    }

    boolean isInTransaction() {
        return inTransaction;
    }

    /**
     * @param upTo where a segment with a snapshot has to go to
     */
    void take(ByteBuffer message, Limits now, Lsn upTo) {
        limits = now;
        goal = upTo;
        messages.take(message);
    }

    void end(Lsn place) {
        if (segment != null) {
            segment.end(reached.orLater(place), false);
            reached = segment.to();
        }
    }

    @Override
    public void begin(Lsn at, long when, int number) {
        inTransaction = true;
        commit = at;
        micros = when;
        transaction = number;
        order = 0;
    }

    @Override
    public void relation(int id, List<LogRelation.Told> columns) {
        Integer last = newest.get(id);
        if (last != null && relation(last).told().equals(columns)) {
            return;
        }
        List<Column> read = columns.stream().map(origin::column).toList();
        synchronized (versions) {
            newest.put(id, versions.size());
            versions.add(new LogRelation(id, columns, read));
        }
        if (last != null) {
            changed.add(id);
        }
    }

    @Override
    public void change(byte kind, int relation, byte oldKind, ByteBuffer old, ByteBuffer row) {
        Integer version = newest.get(relation);
        if (kind == LOST) {
            // What came before it can land.
            changed.add(relation);
        }
        open.computeIfAbsent(relation, r -> new ChangeBuffer(folder))
                .add(
                        new Change(
                                kind,
                                version == null ? -1 : version,
                                commit,
                                micros,
                                transaction,
                                order++,
                                oldKind,
                                old,
                                row));
    }

    @Override
    public void commit(Lsn end) {
        inTransaction = false;
        commitEnd = end;
        LogSegment to = segment;
        if (to == null) {
            throw new IllegalStateException("A transaction came that nobody asked for");
        }
        // Rows behind a change of columns begin a segment, so that those before it can land.
        boolean isCut = changed.stream().anyMatch(t -> to.changes(t).isPresent());
        changed.clear();
        if (isCut) {
            isHeld = true;
            isDone = true;
            reached = commit;
            to.end(commit, true);
            return;
        }
        put(to);
        Limits now = limits;
        boolean isFull = now != null && (to.rows() >= now.rows() || to.bytes() >= now.bytes());
        if (isFull && (!to.hasSnapshot() || reached.compareTo(goal) >= 0)) {
            isDone = true;
            to.end(reached, !to.hasSnapshot());
        }
    }

    private void put(LogSegment to) {
        if (!open.isEmpty()) {
            to.add(transaction, open, micros);
            open.clear();
        }
        reached = commitEnd;
    }
}
