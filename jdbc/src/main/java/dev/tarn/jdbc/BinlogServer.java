package dev.tarn.jdbc;

import dev.tarn.jdbc.BinlogFiles.Place;
import dev.tarn.spi.Connector.Request;
import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What a MySQL or MariaDB is asked so that its binary log can be read. */
final class BinlogServer implements LogOrigin {
    /** What a file counts for where its size is not known. */
    private static final long FILE = 64L << 20;

    private final JdbcSettings settings;
    private final Connections connections;
    private final MysqlDialect dialect;
    private final LogSettings log;
    private final Clock clock;
    private final MysqlTable.Numbers tables;
    private final BinlogFiles files;
    private final BinlogTypes types;
    private @Nullable String cascades;

    BinlogServer(
            JdbcSettings settings,
            Connections connections,
            MysqlDialect dialect,
            LogSettings log,
            Clock clock,
            MysqlTable.Numbers tables) {
        this.settings = settings;
        this.connections = connections;
        this.dialect = dialect;
        this.log = log;
        this.clock = clock;
        this.tables = tables;
        files = new BinlogFiles(settings, connections);
        types = new BinlogTypes(settings, connections);
    }

    JdbcSettings settings() {
        return settings;
    }

    MysqlTable.Numbers tables() {
        return tables;
    }

    boolean isMariadb() {
        return types.isMariadb();
    }

    Charset charset(int collation) {
        return types.charset(collation);
    }

    List<LogRelation.Told> told(BinlogTable table) {
        return types.told(table);
    }

    @Override
    public void requireLog(JdbcSettings its) {
        connections.with(connection -> {
            BinlogRequirements.check(connection, its);
            return true;
        });
    }

    @Override
    public LogTable table(JdbcSettings its) {
        return connections.with(connection -> {
            MysqlTable named = MysqlTable.of(connection, its.table().orElseThrow());
            // As the log writes it, where names in capitals and small letters are the same.
            MysqlTable table =
                    Queries.rows(
                                    connection,
                                    "SELECT table_schema, table_name FROM information_schema.tables"
                                            + " WHERE table_schema = ? AND table_name = ? AND"
                                            + " table_type = 'BASE TABLE'",
                                    named.schema(),
                                    named.name())
                            .stream()
                            .map(r -> new MysqlTable(Queries.text(r, 0), Queries.text(r, 1)))
                            .findFirst()
                            .orElseThrow(() -> LogErrors.noTable(its));
            return new LogTable(
                    tables.of(table),
                    table.toString(),
                    table.toString(),
                    List.of(),
                    true,
                    MysqlDialect.key(connection, table),
                    dialect.columns(connection, its));
        });
    }

    /** The log tells of all tables. */
    @Override
    public void listen(JdbcSettings signals, LogTable table) {}

    /** All columns of rows that go are in the log. */
    @Override
    public void requireKey(Request request, JdbcSettings its, LogTable table) {}

    @Override
    public String identity() {
        return "binlog@" + files.server();
    }

    @Override
    public Optional<String> untold(JdbcSettings its) {
        return Optional.empty();
    }

    @Override
    public Lsn end() {
        return files.end().place();
    }

    @Override
    public String shown(Lsn place) {
        return files.shown(place);
    }

    @Override
    public long between(Lsn from, Lsn to) {
        long files = (to.value() >>> 32) - (from.value() >>> 32);
        long places = (to.value() & 0xFFFF_FFFFL) - (from.value() & 0xFFFF_FFFFL);
        return files == 0 ? places : files * FILE + (to.value() & 0xFFFF_FFFFL);
    }

    @Override
    public long behind(Lsn place) {
        return files.behind(place);
    }

    @Override
    public Kept keep(JdbcSettings its) {
        connections.with(connection -> {
            Place end = files.end(connection);
            BinlogRequirements.checkTable(
                    connection, its, MysqlTable.of(connection, its.table().orElseThrow()), end);
            return true;
        });
        return new Kept(end(), false);
    }

    @Override
    public Goal goal(
            JdbcSettings its, LogTable table, List<Column> key, Lsn place, Cancelled cancelled) {
        try (BinlogSnapshot snapshot = snapshot(Map.of(table.id(), its), cancelled)) {
            List<String> last = new ArrayList<>();
            if (!key.isEmpty()) {
                String values = String.join(", ", key.stream().map(this::text).toList());
                String order =
                        String.join(
                                ", ",
                                key.stream().map(c -> dialect.quoted(c.name()) + " DESC").toList());
                Queries.rows(
                                snapshot.enter(table.id()),
                                "SELECT %s FROM %s ORDER BY %s LIMIT 1"
                                        .formatted(values, its.relation(), order))
                        .forEach(row -> row.forEach(value -> last.add(String.valueOf(value))));
            }
            return new Goal(snapshot.place(table.id()), last, "");
        } catch (SQLException e) {
            throw JdbcErrors.failed(its, e);
        }
    }

    private String text(Column column) {
        return dialect.text(column).replace(" AS tarn_text", "");
    }

    @Override
    public Lsn again(JdbcSettings its, LogPosition position, @Nullable Lsn others) {
        files.requireKept(its, position);
        Lsn from = position.lsn();
        return others != null && others.isBefore(from) && files.has(others) ? others : from;
    }

    @Override
    public LogStream open(Lsn from, Cancelled cancelled) {
        return BinlogStream.open(settings, log, files.name(from), from, cancelled);
    }

    @Override
    public LogDecoder decoder(LogListener listener, IntPredicate isRead) {
        return new BinlogMessages(listener, this, isRead);
    }

    @Override
    public boolean tellsAll() {
        return false;
    }

    @Override
    public Column column(LogRelation.Told told) {
        String type = told.declared().replaceFirst("[( ].*", "");
        return dialect.column(told.name(), type, told.declared());
    }

    /** A snapshot's place in the log says what it has. */
    @Override
    public void awaitOpenTransactions(JdbcSettings its, Cancelled cancelled) {}

    @Override
    public BinlogSnapshot snapshot(Map<Integer, JdbcSettings> wanted, Cancelled cancelled) {
        Map<Integer, BinlogSnapshot.One> taken = new HashMap<>();
        try {
            for (Map.Entry<Integer, JdbcSettings> table : wanted.entrySet()) {
                cancelled.check();
                taken.put(table.getKey(), one(table.getValue()));
            }
            return new BinlogSnapshot(connections, taken, connections.with(BinlogServer::micros));
        } catch (RuntimeException | Error e) {
            taken.values().forEach(one -> connections.drop(one.holder()));
            throw e;
        }
    }

    /** As exact as the moments of changes are in the log. */
    private static long micros(Connection connection) throws SQLException {
        List<@Nullable String> row =
                Queries.rows(
                                connection,
                                "SELECT version() LIKE '%MariaDB%', cast(unix_timestamp(now(6)) *"
                                        + " 1000000 AS unsigned)")
                        .getFirst();
        long micros = Long.parseLong(Queries.text(row, 1));
        return Queries.text(row, 0).equals("1") ? micros - micros % 1_000_000 : micros;
    }

    private BinlogSnapshot.One one(JdbcSettings its) {
        Connection holder = connections.open(Map.of());
        try {
            Queries.execute(holder, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            boolean knowsItsPlace = MysqlVersion.of(holder).isMariadb();
            Lsn place = knowsItsPlace ? begin(holder, its) : beginLocked(holder, its);
            return new BinlogSnapshot.One(holder, place);
        } catch (SQLException e) {
            connections.drop(holder);
            throw JdbcErrors.failed(its, e);
        } catch (RuntimeException | Error e) {
            connections.drop(holder);
            throw e;
        }
    }

    private Lsn begin(Connection holder, JdbcSettings its) throws SQLException {
        Queries.execute(holder, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
        Map<String, String> state = new HashMap<>();
        Queries.rows(holder, "SHOW STATUS LIKE 'binlog_snapshot_%'")
                .forEach(row -> state.put(Queries.text(row, 0), Queries.text(row, 1)));
        touch(holder, its);
        return BinlogStream.place(
                BinlogStream.number(state.getOrDefault("Binlog_snapshot_file", ".0")),
                Long.parseLong(state.getOrDefault("Binlog_snapshot_position", "0")));
    }

    /** Locked for a moment, all transactions that changed the table have ended. */
    private Lsn beginLocked(Connection holder, JdbcSettings its) throws SQLException {
        Connection lock = connections.open(Map.of());
        try {
            Queries.execute(lock, "SET SESSION lock_wait_timeout = 10");
            try {
                Queries.execute(lock, "LOCK TABLES " + its.relation() + " READ");
            } catch (SQLException e) {
                if (e.getErrorCode() == 1205) {
                    throw BinlogErrors.locked(its, its.shown(), JdbcErrors.reason(its, e));
                }
                if (e.getErrorCode() == 1044) {
                    throw BinlogErrors.denied(
                            its,
                            its.user().orElse(""),
                            "LOCK TABLES ON *.*",
                            JdbcErrors.reason(its, e));
                }
                throw e;
            }
            Queries.execute(holder, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
            Lsn place = files.end(lock).place();
            touch(holder, its);
            return place;
        } finally {
            connections.drop(lock);
        }
    }

    /** From now on nobody can change its columns. */
    private static void touch(Connection holder, JdbcSettings its) throws SQLException {
        Queries.rows(holder, "SELECT 1 FROM " + its.relation() + " LIMIT 1");
    }

    @Override
    public List<byte @Nullable []> lookUp(
            JdbcSettings its,
            LogTable table,
            List<String> key,
            List<byte @Nullable []> values,
            List<String> wanted) {
        throw new IllegalStateException("All values are in the log");
    }

    @Override
    public Optional<String> warning(JdbcSettings its, @Nullable LogPosition position) {
        List<String> all = new ArrayList<>();
        String keys = cascades(its);
        if (!keys.isEmpty()) {
            all.add(BinlogErrors.cascades(its, keys));
        }
        if (position != null) {
            long behind = files.behind(position.lsn());
            if (behind > log.budget()) {
                all.add(BinlogErrors.budget(settings, its.shown(), behind, log.budget()));
            }
            Duration expires = files.expires();
            boolean isOld =
                    position.at() != null
                            && !expires.isZero()
                            && Duration.between(position.at(), clock.instant())
                                            .compareTo(expires.dividedBy(2))
                                    > 0;
            if (isOld && behind > 0 && files.isOldest(position.lsn())) {
                all.add(
                        BinlogErrors.nearlyPurged(
                                its, files.name(position.lsn()), expires.toSeconds()));
            }
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", all));
    }

    /** Foreign keys by which the server changes rows without a word in its log. */
    private String cascades(JdbcSettings its) {
        String known = cascades;
        if (known == null) {
            known =
                    connections.with(connection -> {
                        MysqlTable table = MysqlTable.of(connection, its.table().orElseThrow());
                        return String.join(
                                ", ",
                                Queries.rows(
                                                connection,
                                                "SELECT constraint_name FROM"
                                                        + " information_schema.referential_constraints"
                                                        + " WHERE constraint_schema = ? AND table_name"
                                                        + " = ? AND (update_rule IN ('CASCADE', 'SET"
                                                        + " NULL') OR delete_rule IN ('CASCADE', 'SET"
                                                        + " NULL')) ORDER BY 1",
                                                table.schema(),
                                                table.name())
                                        .stream()
                                        .map(row -> Queries.text(row, 0))
                                        .toList());
                    });
            cascades = known;
        }
        return known;
    }
}
