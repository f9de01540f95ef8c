package dev.tarn.jdbc;

import static dev.tarn.jdbc.Queries.execute;
import static dev.tarn.jdbc.Queries.rows;
import static dev.tarn.jdbc.Queries.text;
import static dev.tarn.jdbc.Queries.texts;

import dev.tarn.model.TarnException;
import dev.tarn.spi.Connector.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What a PostgreSQL is asked and told so that its log can be read: slots, publications, tables. */
final class LogServer implements LogOrigin {
    private static final long LOOK_AGAIN = 20_000_000;

    private final JdbcSettings server;
    private final Connections connections;
    private final PostgresDialect dialect;
    private final LogSettings log;
    private final Clock clock;
    private final Map<String, Column> types = new HashMap<>();

    LogServer(
            JdbcSettings server,
            Connections connections,
            PostgresDialect dialect,
            LogSettings log,
            Clock clock) {
        this.server = server;
        this.connections = connections;
        this.dialect = dialect;
        this.log = log;
        this.clock = clock;
    }

    /** A slot. */
    private record Slot(Lsn confirmed, String state, String reason, long retained) {
        boolean isLost() {
            return state.equals("lost");
        }
    }

    @Override
    public void requireLog(JdbcSettings settings) {
        List<@Nullable String> row =
                first(
                        "SELECT current_setting('wal_level'), current_setting('server_version_num'),"
                                + " current_setting('server_version')");
        if (Integer.parseInt(text(row, 1)) < 140_000) {
            throw LogErrors.version(settings, text(row, 2));
        }
        if (!text(row, 0).equals("logical")) {
            throw LogErrors.level(settings, text(row, 0));
        }
    }

    @Override
    public LogTable table(JdbcSettings settings) {
        return connections.with(connection -> table(connection, settings));
    }

    private LogTable table(Connection connection, JdbcSettings settings) throws SQLException {
        String relation = settings.relation();
        List<List<@Nullable String>> found =
                rows(
                        connection,
                        "SELECT oid::int8, relreplident, (SELECT nspname FROM pg_namespace n"
                                + " WHERE n.oid = relnamespace) || '.' || relname FROM pg_class"
                                + " WHERE oid = to_regclass(?) AND relkind IN ('r', 'p')",
                        relation);
        if (found.isEmpty()) {
            throw LogErrors.noTable(settings);
        }
        int id = (int) Long.parseLong(text(found.getFirst(), 0));
        String identity = text(found.getFirst(), 1);
        List<String> key = dialect.key(connection, settings);
        List<String> named =
                switch (identity) {
                    case "d" -> key;
                    case "i" -> index(connection, relation);
                    default -> List.of();
                };
        List<String> generated =
                texts(
                        rows(
                                connection,
                                "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass"
                                        + " AND attgenerated <> ''",
                                relation));
        List<Column> columns =
                dialect.columns(connection, settings).stream()
                        .filter(c -> !generated.contains(c.name()))
                        .toList();
        return new LogTable(
                id,
                text(found.getFirst(), 2),
                Integer.toUnsignedString(id),
                named,
                identity.equals("f"),
                key,
                columns);
    }

    @Override
    public void listen(JdbcSettings signals, LogTable table) {
        requireIdentity(signals, table);
        publish(signals);
    }

    private static List<String> index(Connection connection, String relation) throws SQLException {
        return texts(
                rows(
                        connection,
                        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid ="
                                + " i.indrelid AND a.attnum = ANY(i.indkey)"
                                + " WHERE i.indrelid = ?::regclass AND i.indisreplident",
                        relation));
    }

    private boolean isPublished(JdbcSettings settings) {
        return connections.with(c -> !published(c, settings).isEmpty());
    }

    private List<List<@Nullable String>> published(Connection connection, JdbcSettings settings)
            throws SQLException {
        return rows(
                connection,
                "SELECT 1 FROM pg_publication_tables p, pg_class c JOIN pg_namespace n"
                        + " ON n.oid = c.relnamespace WHERE p.pubname = ?"
                        + " AND c.oid = to_regclass(?) AND p.schemaname = n.nspname"
                        + " AND p.tablename = c.relname",
                log.publication(),
                settings.relation());
    }

    private void publish(JdbcSettings settings) {
        String name = dialect.quoted(log.publication());
        List<List<@Nullable String>> there =
                connections.with(c ->
                        rows(
                                c,
                                "SELECT concat_ws(', ', CASE WHEN NOT pubinsert THEN 'insert' END,"
                                        + " CASE WHEN NOT pubupdate THEN 'update' END,"
                                        + " CASE WHEN NOT pubdelete THEN 'delete' END,"
                                        + " CASE WHEN NOT pubtruncate THEN 'truncate' END)"
                                        + " FROM pg_publication WHERE pubname = ?",
                                log.publication()));
        if (!there.isEmpty() && !text(there.getFirst(), 0).isEmpty()) {
            throw LogErrors.partOfPublication(
                    settings, log.publication(), text(there.getFirst(), 0));
        }
        if (isPublished(settings)) {
            return;
        }
        String statement =
                there.isEmpty()
                        ? "CREATE PUBLICATION %s FOR TABLE %s WITH (publish_via_partition_root)"
                                .formatted(name, settings.relation())
                        : "ALTER PUBLICATION %s ADD TABLE %s".formatted(name, settings.relation());
        connections.with(connection -> {
            try {
                execute(connection, statement);
            } catch (SQLException e) {
                if (String.valueOf(e.getSQLState()).equals("42501")) {
                    throw LogErrors.noPublication(settings, user(connection), statement, reason(e));
                }
                if (!String.valueOf(e.getSQLState()).equals("42710")) {
                    throw e;
                }
            }
            return true;
        });
    }

    private static String reason(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private static String user(Connection connection) throws SQLException {
        return text(rows(connection, "SELECT current_user").getFirst(), 0);
    }

    private Optional<Slot> slot(JdbcSettings settings) {
        List<List<@Nullable String>> rows =
                connections.with(c ->
                        rows(
                                c,
                                "SELECT confirmed_flush_lsn, coalesce(wal_status, 'lost'), plugin,"
                                        + " database = current_database(),"
                                        + " coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(),"
                                        + " restart_lsn), 0)::int8,"
                                        + " to_jsonb(s) ->> 'invalidation_reason'"
                                        + " FROM pg_replication_slots s WHERE slot_name = ?",
                                log.slot()));
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        List<@Nullable String> row = rows.getFirst();
        if (!text(row, 2).equals("pgoutput") || !text(row, 3).equals("t")) {
            throw LogErrors.slotOfAnother(settings, log.slot(), text(row, 2));
        }
        String reason = text(row, 5);
        return Optional.of(
                new Slot(
                        row.getFirst() == null ? Lsn.ZERO : Lsn.parse(text(row, 0)),
                        reason.isEmpty() ? text(row, 1) : "lost",
                        reason.isEmpty() ? "max_slot_wal_keep_size" : reason,
                        Long.parseLong(text(row, 4))));
    }

    /** Makes the slot; one that is of no use any more goes. */
    private Lsn createSlot(JdbcSettings settings, boolean instead) {
        return connections.with(connection -> {
            try {
                if (instead) {
                    rows(connection, "SELECT pg_drop_replication_slot(?)", log.slot());
                }
                return Lsn.parse(
                        text(
                                rows(
                                                connection,
                                                "SELECT lsn FROM pg_create_logical_replication_slot"
                                                        + "(?, 'pgoutput')",
                                                log.slot())
                                        .getFirst(),
                                0));
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                if (state.equals("42501")) {
                    throw LogErrors.notReplicating(settings, user(connections));
                }
                if (state.equals("53400")) {
                    throw LogErrors.noSlotFree(settings, reason(e).replaceFirst("ERROR: ", ""));
                }
                throw e;
            }
        });
    }

    private static String user(Connections connections) {
        return connections.with(LogServer::user);
    }

    /** The slot, the number of the server's data, and the database. */
    @Override
    public String identity() {
        List<@Nullable String> row =
                first(
                        "SELECT (SELECT system_identifier FROM pg_control_system()),"
                                + " current_database()");
        return log.slot() + "@" + text(row, 0) + "/" + text(row, 1);
    }

    @Override
    public Lsn end() {
        return ExportedSnapshot.written(
                Lsn.parse(text(first("SELECT pg_current_wal_insert_lsn()"), 0)));
    }

    /**
     * Waits until all transactions that are open now have ended: what they did is then to be seen,
     * and what others do is told in the log.
     */
    @Override
    public void awaitOpenTransactions(JdbcSettings settings, Cancelled cancelled) {
        String open = text(first("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"), 0);
        Instant until = clock.instant().plus(settings.timeout());
        while (true) {
            List<@Nullable String> row =
                    first(
                            "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= '"
                                    + open
                                    + "'::xid8, (SELECT pid FROM pg_stat_activity WHERE"
                                    + " backend_xid IS NOT NULL ORDER BY xact_start LIMIT 1)");
            if (text(row, 0).equals("t")) {
                return;
            }
            cancelled.check();
            if (clock.instant().isAfter(until)) {
                String pid = text(row, 1);
                throw LogErrors.oldTransactions(settings, pid.isEmpty() ? 0 : Long.parseLong(pid));
            }
            LockSupport.parkNanos(LOOK_AGAIN);
        }
    }

    @Override
    public Column column(LogRelation.Told told) {
        String number = told.type() + "/" + told.modifier();
        Column known;
        synchronized (types) {
            known = types.get(number);
        }
        if (known == null) {
            known = connections.with(c -> type(c, told.type(), told.modifier()));
            synchronized (types) {
                types.put(number, known);
            }
        }
        return dialect.named(told.name(), known);
    }

    /** What a type is made of, domains gone. */
    private Column type(Connection connection, int type, int modifier) throws SQLException {
        List<List<@Nullable String>> rows =
                rows(
                        connection,
                        "WITH RECURSIVE t AS (SELECT oid, typname, typtype, typbasetype, "
                                + modifier
                                + " AS typmod, typtypmod FROM pg_type WHERE oid = ?::oid UNION ALL"
                                + " SELECT b.oid, b.typname, b.typtype, b.typbasetype, t.typtypmod,"
                                + " b.typtypmod FROM t JOIN pg_type b ON b.oid = t.typbasetype"
                                + " WHERE t.typtype = 'd')"
                                + " SELECT typname, typmod FROM t WHERE typtype <> 'd'",
                        Integer.toUnsignedString(type));
        if (rows.isEmpty()) {
            return dialect.column("", "unknown", 0, 0);
        }
        int mod = Integer.parseInt(text(rows.getFirst(), 1)) - 4;
        boolean limited = mod >= 0;
        return dialect.column(
                "",
                text(rows.getFirst(), 0),
                limited ? (mod >> 16) & 0xFFFF : 0,
                limited ? ((mod & 0x7FF) ^ 1024) - 1024 : 0);
    }

    @Override
    public Optional<String> untold(JdbcSettings settings) {
        return isPublished(settings)
                ? Optional.empty()
                : Optional.of(LogErrors.notPublished(log.publication()));
    }

    @Override
    public String shown(Lsn place) {
        return place.toString();
    }

    @Override
    public long between(Lsn from, Lsn to) {
        return to.value() - from.value();
    }

    @Override
    public long behind(Lsn place) {
        return Math.max(0, between(place, end()));
    }

    @Override
    public Kept keep(JdbcSettings settings) {
        publish(settings);
        Optional<Slot> slot = slot(server);
        return slot.isEmpty() || slot.get().isLost()
                ? new Kept(createSlot(server, slot.isPresent()), true)
                : new Kept(slot.get().confirmed(), false);
    }

    @Override
    public Goal goal(
            JdbcSettings settings,
            LogTable table,
            List<Column> key,
            Lsn place,
            Cancelled cancelled) {
        // What they did before the table was in the publication is not told of it.
        awaitOpenTransactions(settings, cancelled);
        return connections.with(c -> goal(c, settings.relation(), key, place));
    }

    /** One statement, so that the key and the transactions are of one moment. */
    private Goal goal(Connection connection, String relation, List<Column> key, Lsn place)
            throws SQLException {
        String seen = "SELECT pg_current_snapshot()::text";
        if (key.isEmpty()) {
            return new Goal(place, List.of(), text(rows(connection, seen).getFirst(), 0));
        }
        String values = String.join(", ", key.stream().map(dialect::text).toList());
        String order =
                String.join(
                        ", ", key.stream().map(c -> dialect.quoted(c.name()) + " DESC").toList());
        List<@Nullable String> row =
                rows(
                                connection,
                                (seen
                                                + ", k.* FROM (SELECT 1) AS one LEFT JOIN LATERAL"
                                                + " (SELECT %s FROM %s ORDER BY %s LIMIT 1) AS k ON"
                                                + " true")
                                        .formatted(values, relation, order))
                        .getFirst();
        List<String> last = new ArrayList<>();
        if (row.get(1) != null) {
            row.subList(1, row.size()).forEach(value -> last.add(String.valueOf(value)));
        }
        return new Goal(place, last, text(row, 0));
    }

    @Override
    public Lsn again(JdbcSettings settings, LogPosition position, @Nullable Lsn others) {
        Slot slot = slot(server).orElseThrow(() -> gone(position, LogErrors.noSlot(log.slot())));
        if (slot.isLost()) {
            throw gone(position, LogErrors.slotLost(log.slot(), slot.reason()));
        }
        if (position.lsn().isBefore(slot.confirmed())) {
            throw gone(position, LogErrors.slotMoved(log.slot(), slot.confirmed()));
        }
        return slot.confirmed();
    }

    private TarnException gone(LogPosition position, String why) {
        return LogErrors.gone(server, position, why, shown(position.lsn()), shown(end()));
    }

    @Override
    public LogStream open(Lsn from, Cancelled cancelled) {
        return SlotStream.open(connections, server, log, from, clock, cancelled);
    }

    @Override
    public LogDecoder decoder(LogListener listener, IntPredicate isRead) {
        return new LogMessages(listener);
    }

    @Override
    public boolean tellsAll() {
        return true;
    }

    @Override
    public LogSnapshot snapshot(Map<Integer, JdbcSettings> tables, Cancelled cancelled) {
        return ExportedSnapshot.take(connections, server, tables, cancelled);
    }

    @Override
    public List<byte @Nullable []> lookUp(
            JdbcSettings settings,
            LogTable table,
            List<String> key,
            List<byte @Nullable []> values,
            List<String> wanted) {
        return SlotLookUp.values(connections, dialect, settings, table, key, values, wanted);
    }

    @Override
    public Optional<String> warning(JdbcSettings settings, @Nullable LogPosition position) {
        Optional<Slot> slot = slot(server);
        if (slot.isPresent() && slot.get().state().equals("unreserved")) {
            return Optional.of(LogErrors.unreserved(server, log.slot()));
        }
        return slot.map(Slot::retained)
                .filter(bytes -> bytes > log.budget())
                .map(bytes -> LogErrors.budget(server, log.slot(), bytes, log.budget()));
    }

    private List<@Nullable String> first(String sql) {
        return connections.with(connection -> rows(connection, sql).getFirst());
    }

    private static void requireIdentity(JdbcSettings settings, LogTable table) {
        if (!table.isWhole() && table.identity().isEmpty()) {
            throw LogErrors.noIdentity(
                    settings,
                    table.key().isEmpty() ? "no primary key" : "REPLICA IDENTITY NOTHING");
        }
    }

    @Override
    public void requireKey(Request request, JdbcSettings settings, LogTable table) {
        requireIdentity(settings, table);
        List<String> key = request.spec().key();
        boolean told =
                key.stream().allMatch(k -> table.identity().stream().anyMatch(k::equalsIgnoreCase));
        if (!table.isWhole() && !told) {
            throw LogErrors.otherKey(settings, request.ingest().place(), key, table.identity());
        }
    }
}
