package dev.tarn.jdbc;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.Connector.Request;
import dev.tarn.spi.OpenSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table whose changes are read from its server's log. First it is loaded, range by range of its
 * primary key, each range together with what the log says until then.
 */
final class LogSource implements OpenSource {
    /** The one part that positions have. */
    static final String PART = "log";

    /** A table that nothing happens to moves its position on after so much of the log. */
    private static final long IDLE = 16L << 20;

    private static final Duration LOOK_AT_TABLE = Duration.ofSeconds(10);

    private final JdbcSettings settings;
    private final LogSettings log;
    private final Dialect dialect;
    private final Connections connections;
    private final Request request;
    private final LogOrigin server;
    private final LogReaders readers;
    private final Pace pace;
    private @Nullable LogReader reader;
    private @Nullable LogTable table;
    private int joined;
    private Instant looked = Instant.MIN;
    private @Nullable String origin;
    private @Nullable LogPosition newest;
    private @Nullable LogTable signals;
    private @Nullable LogSignals heard;
    private Collection<Map<String, String>> unread = List.of();

    LogSource(
            JdbcSettings settings,
            LogSettings log,
            Dialect dialect,
            Connections connections,
            Request request,
            LogReaders readers) {
        this.settings = settings;
        this.dialect = dialect;
        this.connections = connections;
        this.request = request;
        this.readers = readers;
        this.log = log;
        server = readers.origin(settings, connections, dialect, log, request);
        pace = new Pace(request.spec().rowsPerSecond(), request.clock());
    }

    private boolean isEvents() {
        return request.spec().write() == Write.APPEND;
    }

    @Override
    public Optional<Schema> columns() {
        LogTable now = table();
        // All tables of a log are known before it is read, so that they are given the same pieces.
        reader(now);
        return Optional.of(new LogColumns(now.columns(), isEvents()).ofResult());
    }

    @Override
    public List<String> key() {
        return key(table());
    }

    /** What the log tells of rows that go names them, whatever the primary key is. */
    private static List<String> key(LogTable there) {
        boolean isTold = there.isWhole() || there.identity().containsAll(there.key());
        return there.key().isEmpty() || !isTold ? there.identity() : there.key();
    }

    /** The columns by which rows here are found again; none where others decide, or nobody asks. */
    private List<String> by(LogTable now) {
        return isEvents() || !request.spec().key().isEmpty() ? List.of() : key(now);
    }

    /** What the table is now, or was a moment ago. */
    private LogTable table() {
        LogTable known = table;
        Instant now = request.clock().instant();
        if (known != null && now.isBefore(looked.plus(LOOK_AT_TABLE))) {
            return known;
        }
        if (known == null) {
            server.requireLog(settings);
        }
        LogTable found = server.table(settings);
        server.requireKey(request, settings, found);
        log.signals().ifPresent(this::listen);
        table = found;
        looked = now;
        return found;
    }

    private void listen(String name) {
        JdbcSettings asking = settings.of(name, dialect);
        LogTable found = server.table(asking);
        server.listen(asking, found);
        signals = found;
        LogReader open = reader;
        if (open != null) {
            open.listen(found.id());
        }
    }

    private LogReader reader(LogTable now) {
        LogReader open = reader;
        if (open == null) {
            open = readers.open(settings, log, dialect, request);
            LogTable asking = signals;
            if (asking != null) {
                open.listen(asking.id());
            }
            open.add(now.id(), settings);
            joined = now.id();
            reader = open;
            confirm(open, unread);
            unread = List.of();
        }
        return open;
    }

    /** What tells this slot from others of its name. */
    private String origin() {
        String known = origin;
        if (known == null) {
            known = server.identity();
            origin = known;
        }
        return known;
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        LogTable now = table();
        LogReader from = reader(now);
        Optional<LogPosition> told =
                Optional.ofNullable(positions.get(PART)).map(LogPosition::parse);
        told.ifPresent(position -> refuseAnother(position, now));
        LogPosition position = told.orElseGet(() -> begin(now, from)).namedBy(by(now));
        newest = position;
        pace.begin();
        Optional<LogSegment> found = from.behind(now.id(), position, limits);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        LogSegment segment = found.get();
        Optional<ChangeBuffer> changes = segment.changes(now.id());
        boolean asked = isAsked(now, from, position, segment);
        boolean moves =
                asked || position.isLoading() || segment.isCut() || isFar(position, segment);
        if (changes.isEmpty() && !moves) {
            from.nothing(now.id(), segment);
            segment.leave();
            return Optional.empty();
        }
        try {
            Optional<LogPosition> again =
                    asked ? Optional.of(begin(now, from, segment.to())) : Optional.empty();
            return Optional.of(batch(now, from, position, segment, changes, again, limits));
        } catch (RuntimeException | Error failure) {
            segment.leave();
            throw failure;
        }
    }

    /** Whether somebody wrote there that the table is to be loaded again. */
    private boolean isAsked(
            LogTable now, LogReader from, LogPosition position, LogSegment segment) {
        LogTable asking = signals;
        if (asking == null) {
            return false;
        }
        LogSignals all =
                LogSignals.of(
                        segment.changes(asking.id()),
                        from::relation,
                        c -> !c.commit().isBefore(position.lsn()) && !position.began(c));
        heard = all.isEmpty() ? heard : all;
        return all.names(now.name(), settings.shown());
    }

    private boolean isFar(LogPosition position, LogSegment segment) {
        return server.between(position.lsn(), segment.to()) > IDLE;
    }

    private void refuseAnother(LogPosition position, LogTable now) {
        if (!position.table().equals(now.number())) {
            throw LogErrors.recreated(settings, position, now.number());
        }
        List<String> by = by(now);
        if (!position.by().isEmpty()
                && !by.isEmpty()
                && !Set.copyOf(position.by()).equals(Set.copyOf(by))) {
            throw LogErrors.keyChanged(settings, position.by(), by);
        }
        if (!position.slot().equals(origin())) {
            throw gone(position, LogErrors.otherSlot(position.slot(), origin()));
        }
        server.untold(settings)
                .ifPresent(why -> {
                    throw gone(position, why);
                });
    }

    private TarnException gone(LogPosition position, String why) {
        return LogErrors.gone(
                settings, position, why, server.shown(position.lsn()), server.shown(server.end()));
    }

    /** The table is to be read from its beginning. */
    private LogPosition begin(LogTable now, LogReader from) {
        return begin(now, from, from.begin(settings));
    }

    private LogPosition begin(LogTable now, LogReader from, Lsn place) {
        LogOrigin.Goal goal = server.goal(settings, now, keyColumns(now), place, from::check);
        return new LogPosition(
                now.number(),
                origin(),
                goal.place(),
                "load-" + request.clock().instant() + LogPosition.SEEN + goal.seen(),
                List.of(),
                goal.last(),
                0,
                null,
                by(now));
    }

    private LogBatch batch(
            LogTable now,
            LogReader from,
            LogPosition position,
            LogSegment segment,
            Optional<ChangeBuffer> changes,
            Optional<LogPosition> again,
            Limits limits) {
        List<Column> told = changes.map(c -> LogBatch.columns(c, from::relation)).orElse(List.of());
        Optional<LogBatch.Range> range = Optional.empty();
        if (position.isLoading()) {
            range = segment.snapshot(now.id()).map(s -> range(now.id(), s, position, limits));
        }
        LogColumns columns =
                new LogColumns(range.map(LogBatch.Range::columns).orElse(told), isEvents())
                        .and(told);
        if (columns.ofTable().isEmpty()) {
            columns = columns.and(now.columns());
        }
        LogColumns all = columns;
        List<String> key = request.spec().key().isEmpty() ? key() : request.spec().key();
        return new LogBatch(
                position,
                segment,
                changes,
                all,
                range,
                again,
                from.hasMore(segment, limits),
                telling ->
                        new LogRows(
                                all,
                                key,
                                from::relation,
                                this::lookUp,
                                telling.sink(),
                                telling.refusals(),
                                settings.shown(),
                                settings.nullForImpossible()),
                change ->
                        gone(
                                position,
                                StandardCharsets.UTF_8
                                        .decode(change.row().duplicate())
                                        .toString()));
    }

    private List<Column> keyColumns(LogTable there) {
        List<Column> key = new ArrayList<>();
        for (String name : there.key()) {
            there.columns().stream().filter(c -> c.name().equals(name)).forEach(key::add);
        }
        return key.stream().allMatch(dialect::cutsBy) ? key : List.of();
    }

    /** Its columns cannot change while the snapshot is there. */
    private LogBatch.Range range(
            int id, LogSnapshot snapshot, LogPosition position, Limits limits) {
        LogTable there = server.table(settings);
        table = there;
        return new LogBatch.Range(
                id,
                new LogChunk(dialect, settings, id, snapshot, keyColumns(there), position, limits),
                snapshot,
                there.columns(),
                pace);
    }

    /** Values that the log does not tell, as they are now. */
    private List<byte @Nullable []> lookUp(
            List<String> key, List<byte @Nullable []> values, List<String> wanted) {
        return server.lookUp(settings, table(), key, values, wanted);
    }

    @Override
    public void released(Collection<Map<String, String>> positions) {
        LogReader open = reader;
        if (open == null) {
            unread = List.copyOf(positions);
            return;
        }
        confirm(open, positions);
    }

    private void confirm(LogReader open, Collection<Map<String, String>> positions) {
        positions.stream()
                .map(p -> p.get(PART))
                .filter(Objects::nonNull)
                .map(LogPosition::parse)
                .filter(p -> p.slot().equals(origin()))
                .map(LogPosition::lsn)
                .min(Lsn::compareTo)
                .ifPresent(open::confirm);
    }

    @Override
    public Optional<String> warning() {
        Optional<String> told = Optional.ofNullable(heard).flatMap(LogSignals::warning);
        heard = null;
        Optional<String> other = server.warning(settings, newest);
        return told.map(t -> other.map(o -> t + "; " + o).orElse(t)).or(() -> other);
    }

    @Override
    public Lag lag(Map<String, String> positions) {
        String told = positions.get(PART);
        if (told == null) {
            return Lag.UNKNOWN;
        }
        LogPosition position = LogPosition.parse(told);
        Instant at = position.at();
        return new Lag(
                -1,
                server.behind(position.lsn()),
                at == null ? null : Duration.between(at, request.clock().instant()));
    }

    @Override
    public void cancel() {
        pace.stop();
        LogReader open = reader;
        if (open != null) {
            open.cancel();
        }
        connections.cancel();
    }

    @Override
    public void close() {
        LogReader open = reader;
        if (open != null) {
            readers.leave(open, joined);
            reader = null;
        }
        connections.close();
    }
}
