package dev.tarn.jdbc;

import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.Connector.Request;
import dev.tarn.spi.OpenSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table or query. First all of it is loaded, in ranges of the primary key where there is one;
 * then, if it is read incrementally, what has a greater value in the cursor column.
 */
final class JdbcSource implements OpenSource {
    /** The one part that positions have. */
    static final String PART = "rows";

    private final JdbcSettings settings;
    private final Dialect dialect;
    private final Connections connections;
    private final Request request;
    private final Pace pace;
    private final KeyRanges keyRanges;
    private boolean loaded;

    /** What has been there when reading began; null while that is not asked for. */
    private @Nullable String horizon;

    JdbcSource(JdbcSettings settings, Dialect dialect, Connections connections, Request request) {
        this.settings = settings;
        this.dialect = dialect;
        this.connections = connections;
        this.request = request;
        this.pace = new Pace(request.spec().rowsPerSecond(), request.clock());
        this.keyRanges = new KeyRanges(this::boundary, settings.parallel());
    }

    @Override
    public Optional<Schema> columns() {
        return Optional.of(schema(shape()));
    }

    private static Schema schema(Shape shape) {
        return new Schema(shape.columns().stream().map(c -> Field.of(c.name(), c.type())).toList());
    }

    /** What the source is now. */
    private Shape shape() {
        return connections.with(connection -> {
            List<Column> columns = dialect.columns(connection, settings);
            List<String> names = columns.stream().map(Column::name).toList();
            Optional<Column> cursor = Optional.empty();
            if (request.spec().cursor().isPresent()) {
                cursor = Optional.of(column(columns, "cursor", request.spec().cursor().get()));
            }
            for (String name : request.spec().key()) {
                column(columns, "key", name);
            }
            List<Column> key = new ArrayList<>();
            if (dialect.cutsRanges()) {
                for (String name : dialect.key(connection, settings)) {
                    if (names.contains(name)) {
                        key.add(column(columns, "key", name));
                    }
                }
                if (!key.stream().allMatch(dialect::cutsBy)) {
                    key.clear();
                }
            }
            return new Shape(
                    columns,
                    cursor,
                    key,
                    dialect.identity(connection, settings).orElse(null),
                    dialect.size(connection, settings));
        });
    }

    private Column column(List<Column> columns, String what, String name) {
        return columns.stream()
                .filter(c -> c.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        JdbcErrors.noColumn(
                                request.ingest().place(),
                                what,
                                name,
                                columns.stream().map(Column::name).toList()));
    }

    private record Shape(
            List<Column> columns,
            Optional<Column> cursor,
            List<Column> key,
            @Nullable String identity,
            Dialect.Size size) {}

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        Optional<Position> position = Optional.ofNullable(positions.get(PART)).map(Position::parse);
        boolean incremental = request.spec().mode().equals(Optional.of(Mode.INCREMENTAL));
        if (position.isPresent() && position.get().load() == null) {
            if (!incremental && !isDue(position.get())) {
                return Optional.empty();
            }
        }
        Shape shape = shape();
        position.ifPresent(p -> refuseAnother(p, shape));
        pace.begin();
        if (position.isPresent() && position.get().load() == null && incremental) {
            return increment(shape, position.get(), limits);
        }
        Position from =
                position.filter(p -> p.load() != null).orElseGet(() -> begin(shape, incremental));
        return Optional.of(load(shape, from, limits, incremental));
    }

    /** Whether a snapshot is old enough to be taken again: once for each time it is asked for. */
    private boolean isDue(Position position) {
        if (!loaded) {
            return true;
        }
        String at = position.at();
        return at == null
                || !Instant.parse(at).plus(settings.refresh()).isAfter(request.clock().instant());
    }

    private void refuseAnother(Position position, Shape shape) {
        boolean begun = position.load() != null || request.spec().cursor().isPresent();
        if (begun
                && position.table() != null
                && shape.identity() != null
                && !position.table().equals(shape.identity())) {
            throw JdbcErrors.recreated(settings, position.table(), shape.identity());
        }
    }

    private Position begin(Shape shape, boolean incremental) {
        String ceiling =
                incremental
                        ? one(
                                "SELECT %s FROM %s"
                                        .formatted(
                                                greatest(shape.cursor().orElseThrow()),
                                                settings.relation()))
                        : null;
        return new Position(
                shape.identity(),
                "load-" + request.clock().instant(),
                List.of(),
                ceiling,
                0,
                null,
                0,
                null);
    }

    private String greatest(Column cursor) {
        return "max(" + dialect.quoted(cursor.name()) + ")";
    }

    private @Nullable String one(String sql) {
        List<@Nullable String> row = row(sql, 1);
        return row == null ? null : row.getFirst();
    }

    /** The first row as texts. */
    private @Nullable List<@Nullable String> row(String sql, int columns) {
        return connections
                .with(connection -> Optional.ofNullable(row(connection, sql, columns)))
                .orElse(null);
    }

    private static @Nullable List<@Nullable String> row(
            Connection connection, String sql, int columns) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                return null;
            }
            List<@Nullable String> values = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                values.add(rows.getString(i));
            }
            return values;
        }
    }

    private JdbcBatch load(Shape shape, Position from, Limits limits, boolean incremental) {
        String fence = incremental ? fence(shape.cursor().orElseThrow(), from.ceiling()) : "";
        List<Column> key = shape.key();
        List<JdbcBatch.Range> ranges = new ArrayList<>();
        List<String> after = from.key();
        boolean whole = true;
        if (!key.isEmpty()) {
            KeyRanges.Ends ends = keyRanges.next(key, after, step(shape, limits));
            for (List<String> last : ends.last()) {
                ranges.add(range(shape, and(fence, between(key, after, last))));
                after = last;
            }
            whole = ends.complete();
        }
        if (whole) {
            ranges.add(range(shape, and(fence, behind(key, after, ">"))));
        }
        boolean complete = whole;
        List<String> reached = after;
        return new JdbcBatch(
                schema(shape),
                Optional.ofNullable(from.load()),
                ranges,
                complete,
                rows ->
                        complete
                                ? new Position(
                                        shape.identity(),
                                        null,
                                        List.of(),
                                        null,
                                        from.rows() + rows,
                                        from.ceiling(),
                                        0,
                                        request.clock().instant().toString())
                                : new Position(
                                        shape.identity(),
                                        from.load(),
                                        reached,
                                        from.ceiling(),
                                        from.rows() + rows,
                                        null,
                                        0,
                                        null),
                () -> loaded |= complete);
    }

    /** How many rows a range has, so that all of them together fit into a batch. */
    private long step(Shape shape, Limits limits) {
        long rows = limits.rows();
        if (shape.size().rowBytes() > 0) {
            rows = Math.min(rows, limits.bytes() / shape.size().rowBytes());
        }
        return Math.max(1, rows / settings.parallel());
    }

    /** Rows that came while a load went on are read behind it. */
    private String fence(Column cursor, @Nullable String ceiling) {
        String name = dialect.quoted(cursor.name());
        return ceiling == null
                ? name + " IS NULL"
                : "(%s IS NULL OR %s <= %s)"
                        .formatted(name, name, dialect.literal(cursor, ceiling));
    }

    /** The key of the last row of a range; empty when it is the last range. */
    private Optional<List<String>> boundary(List<Column> key, List<String> after, long step) {
        // Of the rows that are passed over, no text is to be made.
        List<@Nullable String> last =
                row(
                        "SELECT %s FROM (SELECT %s FROM %s%s ORDER BY %s LIMIT 1 OFFSET %d) tarn_last"
                                .formatted(
                                        String.join(", ", key.stream().map(dialect::text).toList()),
                                        names(key),
                                        settings.relation(),
                                        where(behind(key, after, ">")),
                                        names(key),
                                        step - 1),
                        key.size());
        return Optional.ofNullable(last)
                .map(values -> values.stream().map(String::valueOf).toList());
    }

    private String between(List<Column> key, List<String> after, List<String> last) {
        return and(behind(key, after, ">"), behind(key, last, "<="));
    }

    private String names(List<Column> columns) {
        return String.join(", ", columns.stream().map(c -> dialect.quoted(c.name())).toList());
    }

    private String behind(List<Column> key, List<String> values, String comparison) {
        if (values.isEmpty()) {
            return "";
        }
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            literals.add(dialect.literal(key.get(i), values.get(i)));
        }
        return dialect.compared(key, literals, comparison);
    }

    private static String and(String one, String other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one + other;
        }
        return one + " AND " + other;
    }

    private static String where(String condition) {
        return condition.isEmpty() ? "" : " WHERE " + condition;
    }

    private Optional<Batch> increment(Shape shape, Position from, Limits limits) {
        Column cursor = shape.cursor().orElseThrow();
        String name = dialect.quoted(cursor.name());
        if (!limits.linger() && horizon == null) {
            horizon = one("SELECT %s FROM %s".formatted(greatest(cursor), settings.relation()));
        }
        String there =
                horizon == null || limits.linger()
                        ? name + " IS NOT NULL"
                        : name + " <= " + dialect.literal(cursor, horizon);
        String behind =
                from.cursor() == null ? "" : name + " > " + dialect.literal(cursor, from.cursor());
        String window = window(cursor, from);
        String last = null;
        if (dialect.cutsRanges()) {
            last =
                    one(
                            "SELECT %s FROM (SELECT %s FROM %s%s ORDER BY %s LIMIT 1 OFFSET %d) tarn_last"
                                    .formatted(
                                            dialect.text(cursor),
                                            name,
                                            settings.relation(),
                                            where(and(there, behind)),
                                            name,
                                            Math.max(1, limits.rows()) - 1));
        }
        long inWindow = 0;
        if (last == null) {
            List<@Nullable String> state =
                    row(
                            "SELECT %s, count(*) FROM %s%s"
                                    .formatted(
                                            greatest(cursor),
                                            settings.relation(),
                                            where(and(there, window))),
                            2);
            if (state == null || state.getFirst() == null) {
                return Optional.empty();
            }
            last = state.getFirst();
            inWindow = Long.parseLong(String.valueOf(state.getLast()));
            if (String.valueOf(last).equals(from.cursor()) && inWindow == from.window()) {
                return Optional.empty();
            }
        }
        String upper = String.valueOf(last);
        // Counted before the rows are read: what comes in between is seen once more, not never.
        long seen = windowBehind(cursor, upper);
        String where = and(and(there, window), name + " <= " + dialect.literal(cursor, upper));
        return Optional.of(
                new JdbcBatch(
                        schema(shape),
                        Optional.empty(),
                        List.of(range(shape, where)),
                        true,
                        rows ->
                                new Position(
                                        shape.identity(),
                                        null,
                                        List.of(),
                                        null,
                                        from.rows() + rows,
                                        upper,
                                        seen,
                                        from.at()),
                        () -> {}));
    }

    /** The condition of rows that are behind a position, or within the lag before it. */
    private String window(Column cursor, Position from) {
        if (from.cursor() == null) {
            return "";
        }
        String literal = dialect.literal(cursor, from.cursor());
        if (!request.spec().lag().isZero()) {
            literal = dialect.minus(cursor, literal, request.spec().lag());
        }
        return dialect.quoted(cursor.name()) + " > " + literal;
    }

    /** How many rows the next look will see if nothing comes. */
    private long windowBehind(Column cursor, String value) {
        if (request.spec().lag().isZero()) {
            return 0;
        }
        String from = dialect.minus(cursor, dialect.literal(cursor, value), request.spec().lag());
        String name = dialect.quoted(cursor.name());
        String count =
                one(
                        "SELECT count(*) FROM %s WHERE %s > %s"
                                .formatted(settings.relation(), name, from));
        return count == null ? 0 : Long.parseLong(count);
    }

    private JdbcBatch.Range range(Shape shape, String where) {
        String sql =
                "SELECT %s FROM %s%s"
                        .formatted(
                                String.join(
                                        ", ",
                                        shape.columns().stream().map(Column::expression).toList()),
                                settings.relation(),
                                where(where));
        return (rows, refusals) ->
                connections.with(connection ->
                        dialect.read(
                                connection,
                                new Dialect.Reading(
                                        sql,
                                        shape.columns(),
                                        rows,
                                        refusals,
                                        settings.shown(),
                                        settings.nullForImpossible(),
                                        pace)));
    }

    @Override
    public Lag lag(Map<String, String> positions) {
        Optional<Position> position = Optional.ofNullable(positions.get(PART)).map(Position::parse);
        if (position.isEmpty() || position.get().load() != null) {
            Dialect.Size size = connections.with(c -> dialect.size(c, settings));
            long read = position.map(Position::rows).orElse(0L);
            return size.rows() < 0
                    ? Lag.UNKNOWN
                    : new Lag(Math.max(0, size.rows() - read), -1, null);
        }
        return Lag.UNKNOWN;
    }

    @Override
    public void cancel() {
        pace.stop();
        connections.cancel();
    }

    @Override
    public void close() {
        connections.cancel();
        keyRanges.close();
        connections.close();
    }
}
