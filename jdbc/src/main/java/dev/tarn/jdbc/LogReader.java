package dev.tarn.jdbc;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.OpenSource.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads one slot for all tables that are filled from it. It cuts the log into segments at the ends
 * of transactions, and every table is given the same ones, so that what is published together is
 * the work of whole transactions. Used by many threads.
 */
final class LogReader implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final long LOOK_AGAIN = 5_000_000;
    private static final long NEAR = 64L << 20;
    private static final int MOST_SEGMENTS = 16;
    private static final long MOST_BYTES = 1L << 30;

    private final JdbcSettings settings;
    private final Connections connections;
    private final LogOrigin origin;
    private final Clock clock;
    private final Map<Integer, Reader> readers = new HashMap<>();
    private final Set<Integer> listened = new HashSet<>();
    private final Deque<LogSegment> segments = new ArrayDeque<>();
    private final LogIntake incoming;
    private @Nullable LogStream stream;
    private @Nullable Lsn horizon;
    private @Nullable Lsn others;

    /** Transactions that a snapshot has to see before a table can be read in it. */
    private final Set<Integer> recent = new HashSet<>();

    private volatile boolean stopped;

    LogReader(
            JdbcSettings settings,
            Connections connections,
            LogOrigin origin,
            Path folder,
            Clock clock) {
        this.settings = settings;
        this.connections = connections;
        this.origin = origin;
        incoming =
                new LogIntake(
                        origin, folder, id -> readers.containsKey(id) || listened.contains(id));
        this.clock = clock;
    }

    /** What is known of a table that is read. */
    private static final class Reader {
        private final JdbcSettings settings;
        private boolean isLoading;
        private Lsn asked = Lsn.ZERO;
        private Lsn nothingUpTo = Lsn.ZERO;

        /** What came before was read without looking for changes of the table. */
        private Lsn since = Lsn.ZERO;

        Reader(JdbcSettings settings) {
            this.settings = settings;
        }
    }

    synchronized void add(int table, JdbcSettings its) {
        Reader added = new Reader(its);
        if (stream != null && !origin.tellsAll()) {
            added.since = incoming.reached();
        }
        readers.put(table, added);
    }

    /** From now on segments have the changes of a table that is not read itself, too. */
    synchronized void listen(int table) {
        listened.add(table);
    }

    /** Returns whether nobody is left. */
    synchronized boolean remove(int table) {
        readers.remove(table);
        return readers.isEmpty();
    }

    /**
     * What comes behind a place; empty when nothing does now. Whoever has read it leaves it.
     *
     * @param position of the table
     */
    synchronized Optional<LogSegment> behind(int table, LogPosition position, Limits limits) {
        Reader reader = readers.get(table);
        if (reader == null) {
            throw new IllegalStateException("A table is read that was not added: " + table);
        }
        reader.isLoading = position.isLoading();
        if (!reader.asked.equals(position.lsn())) {
            reader.asked = position.lsn();
            reader.nothingUpTo = position.lsn();
        }
        Lsn from = position.lsn().orLater(reader.nothingUpTo);
        if (stream == null || from.isBefore(begin()) || from.isBefore(reader.since)) {
            restart(position);
        }
        for (LogSegment segment : segments) {
            if (from.isBefore(segment.to())) {
                segment.enter();
                return Optional.of(segment);
            }
        }
        if (!limits.linger() && !anybodyLoads() && isPastHorizon(from)) {
            return Optional.empty();
        }
        LogSegment next = read(limits);
        next.enter();
        return Optional.of(next);
    }

    /** Whether a place is behind what was there when reading began. */
    private boolean isPastHorizon(Lsn place) {
        Lsn end = horizon;
        return end != null && end.compareTo(place) <= 0;
    }

    /** Whether somebody who does not wait for more still finds something behind a segment. */
    synchronized boolean hasMore(LogSegment segment, Limits limits) {
        return segment.isCut() && (limits.linger() || !isPastHorizon(segment.to()));
    }

    /** Remembers that a segment has nothing for a table. */
    synchronized void nothing(int table, LogSegment segment) {
        Reader reader = readers.get(table);
        if (reader != null) {
            reader.nothingUpTo = reader.nothingUpTo.orLater(segment.to());
        }
    }

    /** Where what is kept begins. */
    private Lsn begin() {
        return segments.isEmpty() ? incoming.reached() : segments.getFirst().from();
    }

    /**
     * Where reading a table begins that nothing has been read of; from there on the log tells of
     * it.
     *
     * @param its settings of the table
     */
    synchronized Lsn begin(JdbcSettings its) {
        LogOrigin.Kept kept = origin.keep(its);
        if (kept.isNew()) {
            stop();
        }
        if (stream == null) {
            return kept.from();
        }
        return segments.isEmpty() ? incoming.reached() : segments.getLast().to();
    }

    LogRelation relation(int version) {
        return incoming.relation(version);
    }

    /** Begins at the oldest place that the slot still has. */
    private void restart(LogPosition position) {
        Lsn from = origin.again(settings, position, others);
        stop();
        if (horizon == null) {
            horizon = origin.end();
        }
        readers.values().forEach(r -> r.since = Lsn.ZERO);
        open(from);
        if (readers.values().stream().anyMatch(r -> r.isLoading)) {
            origin.awaitOpenTransactions(settings, this::check);
        }
    }

    private void open(Lsn from) {
        stream = origin.open(from, this::check);
        incoming.begin(from);
    }

    private LogSegment read(Limits limits) {
        Lsn end = origin.end();
        // Far behind, the log comes first: a range of rows needs all of it up to its snapshot.
        boolean isNear = origin.between(incoming.reached(), end) < Math.max(NEAR, limits.bytes());
        @Nullable LogSnapshot snapshot = isNear ? snapshot() : null;
        LogSegment segment = null;
        try {
            Lsn goal = snapshot == null ? end : snapshot.end();
            segment = incoming.segment(snapshot);
            try {
                read(segment, goal, limits);
            } catch (SQLException broken) {
                // It was silent for too long, perhaps; what is lost with it comes again.
                reconnect(segment.from(), broken);
                segment.close();
                segment = incoming.segment(null);
                read(segment, goal, limits);
            }
        } catch (SQLException e) {
            discard(segment, snapshot);
            stop();
            check();
            throw JdbcErrors.failed(settings, e);
        } catch (RuntimeException | Error e) {
            discard(segment, snapshot);
            stop();
            throw e;
        }
        segments.addLast(segment);
        if (!anybodyLoads()) {
            recent.clear();
        }
        recent.addAll(segment.transactions());
        forget();
        return segment;
    }

    private void discard(@Nullable LogSegment segment, @Nullable LogSnapshot snapshot) {
        if (segment != null) {
            segment.close();
        } else if (snapshot != null) {
            snapshot.close();
        }
    }

    private void reconnect(Lsn from, SQLException broken) throws SQLException {
        check();
        LogStream old = stream;
        if (old == null || !old.hasRead()) {
            throw broken;
        }
        old.close();
        open(from);
    }

    private boolean anybodyLoads() {
        return readers.values().stream().anyMatch(r -> r.isLoading);
    }

    /** A state of the database that tables which are being loaded are read in. */
    private @Nullable LogSnapshot snapshot() {
        Map<Integer, JdbcSettings> loading = new HashMap<>();
        readers.forEach((table, reader) -> {
            if (reader.isLoading) {
                loading.put(table, reader.settings);
            }
        });
        if (loading.isEmpty()) {
            return null;
        }
        while (true) {
            LogSnapshot snapshot = origin.snapshot(loading, this::check);
            // What has been read of the log before must be part of what is read now.
            if (snapshot.isBehind(recent, incoming.reached())) {
                recent.clear();
                return snapshot;
            }
            snapshot.close();
            check();
            LockSupport.parkNanos(LOOK_AGAIN);
        }
    }

    private void read(LogSegment segment, Lsn goal, Limits limits) throws SQLException {
        Instant until = clock.instant().plus(WAIT);
        LogStream in = stream;
        if (in == null) {
            throw new IllegalStateException("Nothing is open");
        }
        while (true) {
            check();
            if (incoming.isComplete()) {
                return;
            }
            ByteBuffer message = in.next();
            if (message != null) {
                incoming.take(message, limits, goal);
                continue;
            }
            if (!incoming.isInTransaction() && in.received().compareTo(goal) >= 0) {
                boolean waits = limits.linger() && segment.isEmpty() && !anybodyLoads();
                if (!waits || clock.instant().isAfter(until)) {
                    incoming.end(in.received());
                    return;
                }
            }
            in.ask();
            LockSupport.parkNanos(LOOK_AGAIN);
        }
    }

    /** Segments that everybody has read go, and so do the oldest when they get too many. */
    private void forget() {
        while (segments.size() > 1) {
            LogSegment oldest = segments.getFirst();
            boolean needed =
                    readers.values().stream()
                            .anyMatch(r -> r.asked.orLater(r.nothingUpTo).isBefore(oldest.to()));
            long bytes = segments.stream().mapToLong(LogSegment::bytes).sum();
            if (needed && segments.size() <= MOST_SEGMENTS && bytes <= MOST_BYTES) {
                return;
            }
            segments.removeFirst().close();
        }
    }

    /** Tells the server what nobody needs any more. */
    synchronized void confirm(Lsn place) {
        others = place;
        if (stream != null) {
            try {
                stream.confirm(place);
            } catch (SQLException e) {
                // Said again after the next publication.
                stop();
            }
        }
    }

    void cancel() {
        stopped = true;
        connections.cancel();
    }

    void check() {
        if (stopped) {
            throw new TarnException(ErrorCode.INTERRUPTED, "Reading was stopped.");
        }
    }

    private void stop() {
        LogStream open = stream;
        if (open != null) {
            open.close();
            stream = null;
        }
        incoming.forget();
        segments.forEach(LogSegment::close);
        segments.clear();
    }

    @Override
    public synchronized void close() {
        stop();
        connections.close();
    }
}
