package dev.tarn.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of a binary log: which there are, and where the log ends. */
final class BinlogFiles {
    private final JdbcSettings settings;
    private final Connections connections;
    private volatile String prefix = "binlog";

    BinlogFiles(JdbcSettings settings, Connections connections) {
        this.settings = settings;
        this.connections = connections;
    }

    /**
     * Where the log ends.
     *
     * @param only the databases whose changes it has; empty for all
     * @param without those whose changes it has not
     */
    record Place(Lsn place, String only, String without) {}

    /** A file. */
    private record File(String name, long size) {}

    Place end() {
        return connections.with(this::end);
    }

    Place end(Connection connection) throws SQLException {
        MysqlVersion version = MysqlVersion.of(connection);
        boolean isNew = !version.isMariadb() && version.isAtLeast(8, 4, 0);
        List<List<@Nullable String>> rows =
                asked(connection, isNew ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS");
        if (rows.isEmpty()) {
            throw BinlogErrors.noLog(settings);
        }
        List<@Nullable String> row = rows.getFirst();
        String file = Queries.text(row, 0);
        prefix = file.substring(0, file.lastIndexOf('.'));
        return new Place(
                BinlogStream.place(BinlogStream.number(file), Long.parseLong(Queries.text(row, 1))),
                Queries.text(row, 2),
                Queries.text(row, 3));
    }

    /** The rows of a statement that needs the rights of a replica. */
    private List<List<@Nullable String>> asked(Connection connection, String sql)
            throws SQLException {
        try {
            return Queries.rows(connection, sql);
        } catch (SQLException e) {
            if (e.getErrorCode() == 1227) {
                throw denied(connection, e);
            }
            throw e;
        }
    }

    private dev.tarn.model.TarnException denied(Connection connection, SQLException refused)
            throws SQLException {
        String user = Queries.text(Queries.rows(connection, "SELECT current_user()").getFirst(), 0);
        boolean isMariadb = MysqlVersion.of(connection).isMariadb();
        return BinlogErrors.denied(
                settings,
                "'" + user.replace("@", "'@'") + "'",
                isMariadb
                        ? "REPLICATION SLAVE, BINLOG MONITOR ON *.*"
                        : "REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES ON *.*",
                JdbcErrors.reason(settings, refused));
    }

    private SortedMap<Integer, File> all() {
        return connections.with(connection -> {
            SortedMap<Integer, File> files = new TreeMap<>();
            for (List<@Nullable String> row : asked(connection, "SHOW BINARY LOGS")) {
                String name = Queries.text(row, 0);
                files.put(
                        BinlogStream.number(name),
                        new File(name, Long.parseLong(Queries.text(row, 1))));
            }
            return files;
        });
    }

    private static int file(Lsn place) {
        return (int) (place.value() >>> 32);
    }

    private static long position(Lsn place) {
        return place.value() & 0xFFFF_FFFFL;
    }

    String name(Lsn place) {
        File file = all().get(file(place));
        return file == null ? "%s.%06d".formatted(prefix, file(place)) : file.name();
    }

    String shown(Lsn place) {
        return "%s.%06d:%d".formatted(prefix, file(place), position(place));
    }

    boolean has(Lsn place) {
        return all().containsKey(file(place));
    }

    boolean isOldest(Lsn place) {
        SortedMap<Integer, File> all = all();
        return !all.isEmpty() && all.firstKey() == file(place) && all.size() > 1;
    }

    long behind(Lsn place) {
        long bytes = 0;
        for (Map.Entry<Integer, File> file : all().tailMap(file(place)).entrySet()) {
            bytes += file.getValue().size();
        }
        return Math.max(0, bytes - position(place));
    }

    /** Refuses to go on where the log does not have what comes behind a position. */
    void requireKept(JdbcSettings its, LogPosition position) {
        SortedMap<Integer, File> all = all();
        Lsn end = end().place();
        Lsn place = position.lsn();
        String why = null;
        if (!all.isEmpty() && file(place) < all.firstKey()) {
            why = BinlogErrors.purged(all.values().iterator().next().name(), told());
        } else if (end.isBefore(place) || !all.containsKey(file(place)) || !isEvent(place, end)) {
            why = BinlogErrors.begunAnew(shown(end));
        }
        if (why != null) {
            throw LogErrors.gone(its, position, why, shown(place), shown(end));
        }
    }

    /** Whether an event begins at a place. */
    private boolean isEvent(Lsn place, Lsn end) {
        if (place.equals(end)) {
            return true;
        }
        String sql =
                "SHOW BINLOG EVENTS IN '%s' FROM %d LIMIT 1"
                        .formatted(name(place), position(place));
        return connections.with(connection -> {
            try {
                Queries.rows(connection, sql);
                return true;
            } catch (SQLException e) {
                if (e.getErrorCode() == 1220) {
                    return false;
                }
                throw e;
            }
        });
    }

    private Map<String, String> expiring() {
        return connections.with(c -> BinlogRequirements.variables(c, "%expire_logs%"));
    }

    /** How long files are kept; zero for ever. */
    Duration expires() {
        Map<String, String> set = expiring();
        String seconds = set.getOrDefault("binlog_expire_logs_seconds", "0");
        String days = set.getOrDefault("expire_logs_days", "0");
        return Duration.ofSeconds(Long.parseLong(seconds))
                .plusSeconds(seconds.equals("0") ? (long) (Double.parseDouble(days) * 86_400) : 0);
    }

    private String told() {
        Map<String, String> set = expiring();
        return set.containsKey("binlog_expire_logs_seconds")
                ? "binlog_expire_logs_seconds is " + set.get("binlog_expire_logs_seconds")
                : "expire_logs_days is " + set.getOrDefault("expire_logs_days", "0");
    }

    /** What tells the server from others. */
    String server() {
        return connections.with(connection -> {
            Map<String, String> set = BinlogRequirements.variables(connection, "server_%id");
            return set.getOrDefault(
                    "server_uuid",
                    set.getOrDefault("server_uid", "server") + "/" + set.get("server_id"));
        });
    }
}
