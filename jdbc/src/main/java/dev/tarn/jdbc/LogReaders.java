package dev.tarn.jdbc;

import dev.tarn.spi.Connector.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The readers that are open: one for each slot, for all tables that are filled from it. */
final class LogReaders {
    private final Map<Address, LogReader> open = new HashMap<>();
    private final MysqlTable.Numbers numbers = new MysqlTable.Numbers();

    /** What two sources have in common that share a reader. */
    private record Address(
            String url, Optional<String> user, Optional<String> password, LogSettings log) {
        @Override
        public String toString() {
            return log.slot() + " at " + url;
        }
    }

    /** To be left by {@link #leave}. */
    synchronized LogReader open(
            JdbcSettings settings, LogSettings log, Dialect dialect, Request request) {
        Address address =
                new Address(settings.url(), settings.user(), settings.password(), log.shared());
        return open.computeIfAbsent(
                address,
                a -> {
                    Connections connections = new Connections(settings, dialect);
                    return new LogReader(
                            settings,
                            connections,
                            origin(settings, connections, dialect, log, request),
                            request.work().resolve(log.slot()),
                            request.clock());
                });
    }

    LogOrigin origin(
            JdbcSettings settings,
            Connections connections,
            Dialect dialect,
            LogSettings log,
            Request request) {
        return switch (dialect) {
            case PostgresDialect postgres ->
                    new LogServer(settings, connections, postgres, log, request.clock());
            case MysqlDialect mysql ->
                    new BinlogServer(settings, connections, mysql, log, request.clock(), numbers);
            default -> throw new IllegalStateException(dialect.name() + " has no log to read");
        };
    }

    /** A table is read no more. */
    void leave(LogReader reader, int table) {
        synchronized (this) {
            if (!reader.remove(table)) {
                return;
            }
            open.values().remove(reader);
        }
        reader.close();
    }
}
