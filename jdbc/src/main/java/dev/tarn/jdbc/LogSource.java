package dev.tarn.jdbc;

import dev.tarn.jdbc.LogServer.Table;
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
import org.jspecify.annotations.Nullable;

/**
 * A table of PostgreSQL whose changes are read from the server's log. First it is loaded, range by
 * range of its primary key, each range together with what the log says until then.
 */
final class LogSource implements OpenSource {
    /** The one part that positions have. */
    static final String PART = "log";

    /** A table that nothing happens to moves its position on after so much of the log. */
    private static final long IDLE = 16L << 20;

    private static final Duration LOOK_AT_TABLE = Duration.ofSeconds(10);

    private final JdbcSettings settings;
    private final LogSettings log;
    private final PostgresDialect dialect;
    private final Connections connections;
    private final Request request;
    private final LogServer server;
    private final LogReaders readers;
    private final Pace pace;
    private @Nullable LogReader reader;
    private @Nullable Table table;
    private int joined;
    private Instant looked = Instant.MIN;
    private @Nullable String origin;

    LogSource(
            JdbcSettings settings,
            LogSettings log,
            PostgresDialect dialect,
            Connections connections,
            Request request,
            LogReaders readers) {
        this.settings = settings;
        this.log = log;
        this.dialect = dialect;
        this.connections = connections;
        this.request = request;
        this.readers = readers;
        server = new LogServer(connections, dialect, log, request.clock());
        pace = new Pace(request.spec().rowsPerSecond(), request.clock());
    }

    private boolean isEvents() {
        return request.spec().write() == Write.APPEND;
    }

    @Override
    public Optional<Schema> columns() {
        return Optional.of(new LogColumns(table().columns(), isEvents()).ofResult());
    }

    @Override
    public List<String> key() {
        Table now = table();
        return now.key().isEmpty() ? now.identity() : now.key();
    }

    /** What the table is now, or was a moment ago. */
    private Table table() {
        Table known = table;
        Instant now = request.clock().instant();
        if (known != null && now.isBefore(looked.plus(LOOK_AT_TABLE))) {
            return known;
        }
        if (known == null) {
            server.requireLog(settings);
        }
        Table found = server.table(settings);
        LogServer.requireKey(request, settings, found);
        table = found;
        looked = now;
        return found;
    }

    private LogReader reader(Table now) {
        LogReader open = reader;
        if (open == null) {
            open = readers.open(settings, log, dialect, request);
            open.add(now.id(), settings);
            joined = now.id();
            reader = open;
        }
        return open;
    }

    /** What tells this slot from others of its name. */
    private String origin() {
        String known = origin;
        if (known == null) {
            known = log.slot() + "@" + server.identity();
            origin = known;
        }
        return known;
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        Table now = table();
        LogReader from = reader(now);
        Optional<LogPosition> told =
                Optional.ofNullable(positions.get(PART)).map(LogPosition::parse);
        told.ifPresent(position -> refuseAnother(position, now));
        LogPosition position = told.orElseGet(() -> begin(now, from));
        pace.begin();
        Optional<LogSegment> found = from.behind(now.id(), position, limits);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        LogSegment segment = found.get();
        Optional<ChangeBuffer> changes = segment.changes(now.id());
        boolean moves = position.isLoading() || segment.isCut() || isFar(position, segment);
        if (changes.isEmpty() && !moves) {
            from.nothing(now.id(), segment);
            segment.leave();
            return Optional.empty();
        }
        try {
            return Optional.of(batch(now, from, position, segment, changes, limits));
        } catch (RuntimeException | Error failure) {
            segment.leave();
            throw failure;
        }
    }

    private static boolean isFar(LogPosition position, LogSegment segment) {
        return segment.to().value() - position.lsn().value() > IDLE;
    }

    private void refuseAnother(LogPosition position, Table now) {
        if (!position.table().equals(now.number())) {
            throw LogErrors.recreated(settings, position, now.number());
        }
        if (!position.slot().equals(origin())) {
            throw LogErrors.gone(
                    settings,
                    position,
                    LogErrors.otherSlot(position.slot(), origin()),
                    server.end());
        }
        if (!server.isPublished(settings)) {
            throw LogErrors.gone(
                    settings, position, LogErrors.notPublished(log.publication()), server.end());
        }
    }

    /** The table is to be read from its beginning. */
    private LogPosition begin(Table now, LogReader from) {
        Lsn place = from.begin(settings);
        // What they did before the table was in the publication is not told of it.
        server.awaitOpenTransactions(settings, from::check);
        LogChunk.Goal goal =
                connections.with(
                        c -> LogChunk.goal(c, dialect, settings.relation(), keyColumns(now)));
        return new LogPosition(
                now.number(),
                origin(),
                place,
                "load-" + request.clock().instant() + LogPosition.SEEN + goal.seen(),
                List.of(),
                goal.last(),
                0,
                null);
    }

    private LogBatch batch(
            Table now,
            LogReader from,
            LogPosition position,
            LogSegment segment,
            Optional<ChangeBuffer> changes,
            Limits limits) {
        List<Column> told = changes.map(c -> LogBatch.columns(c, from::relation)).orElse(List.of());
        Optional<LogBatch.Range> range = Optional.empty();
        if (position.isLoading()) {
            range = segment.snapshot(now.id()).map(s -> range(s, position, limits));
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
                                settings.nullForImpossible()));
    }

    private static List<Column> keyColumns(Table there) {
        List<Column> key = new ArrayList<>();
        for (String name : there.key()) {
            there.columns().stream().filter(c -> c.name().equals(name)).forEach(key::add);
        }
        return key;
    }

    /** Its columns cannot change while the snapshot is there. */
    private LogBatch.Range range(
            LogSegment.Snapshot snapshot, LogPosition position, Limits limits) {
        Table there = server.table(settings);
        table = there;
        return new LogBatch.Range(
                new LogChunk(
                        connections,
                        dialect,
                        settings,
                        snapshot,
                        keyColumns(there),
                        position,
                        limits),
                snapshot,
                there.columns(),
                pace);
    }

    /** Values that the log does not tell, as they are now. */
    private List<byte @Nullable []> lookUp(
            List<String> key, List<byte @Nullable []> values, List<String> wanted) {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            byte[] value = Objects.requireNonNull(values.get(i), "A key is told");
            String name = key.get(i);
            Column column =
                    table().columns().stream()
                            .filter(c -> c.name().equalsIgnoreCase(name))
                            .findFirst()
                            .orElseThrow();
            conditions.add(
                    dialect.quoted(column.name())
                            + " = "
                            + dialect.literal(column, new String(value, StandardCharsets.UTF_8)));
        }
        String sql =
                "SELECT %s FROM %s WHERE %s"
                        .formatted(
                                String.join(
                                        ", ",
                                        wanted.stream()
                                                .map(w -> dialect.quoted(w) + "::text")
                                                .toList()),
                                settings.relation(),
                                String.join(" AND ", conditions));
        List<List<@Nullable String>> rows =
                connections.with(connection -> LogServer.rows(connection, sql));
        List<byte @Nullable []> found = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            String text = rows.isEmpty() ? null : rows.getFirst().get(i);
            found.add(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
        }
        return found;
    }

    @Override
    public void released(Collection<Map<String, String>> positions) {
        LogReader open = reader;
        if (open == null) {
            return;
        }
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
        LogReader open = reader;
        return open == null ? Optional.empty() : open.warning();
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
                Math.max(0, server.end().value() - position.lsn().value()),
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
