package dev.tarn.jdbc;

import dev.tarn.spi.Connector.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The readers that are open: one for each slot, for all tables that are filled from it. */
final class LogReaders {
    private final Map<Address, LogReader> open = new HashMap<>();

    /** What two sources have in common that share a reader. */
    private record Address(
            String url,
            Optional<String> user,
            Optional<String> password,
            String slot,
            String publication) {
        @Override
        public String toString() {
            return slot + " at " + url;
        }
    }

    /** To be left by {@link #leave}. */
    synchronized LogReader open(
            JdbcSettings settings, LogSettings log, PostgresDialect dialect, Request request) {
        Address address =
                new Address(
                        settings.url(),
                        settings.user(),
                        settings.password(),
                        log.slot(),
                        log.publication());
        return open.computeIfAbsent(
                address,
                a -> {
                    Connections connections = new Connections(settings, dialect);
                    return new LogReader(
                            settings,
                            connections,
                            new LogServer(connections, dialect, log, request.clock()),
                            log,
                            request.work().resolve(log.slot()),
                            request.clock());
                });
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
