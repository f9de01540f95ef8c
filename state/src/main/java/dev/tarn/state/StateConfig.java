package dev.tarn.state;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** Where the catalog lives. */
public sealed interface StateConfig {
    /**
     * In a file of its own, for one machine.
     *
     * @param file made with its folders if it is not there
     * @param lockTimeout how long a writer waits for others before it is refused; default: 30 s
     */
    record Sqlite(Path file, Duration lockTimeout) implements StateConfig {
        public static Sqlite at(Path file) {
            return new Sqlite(file, Duration.ofSeconds(30));
        }

        /** The embedded catalog of a warehouse: {@code <warehouse>/catalog.db}. */
        public static Sqlite in(Path warehouse) {
            return at(warehouse.resolve("catalog.db"));
        }
    }

    /**
     * In PostgreSQL, for several machines.
     *
     * @param url {@code jdbc:postgresql://host:port/database}, without user and password
     * @param password asked whenever a connection is made; never kept
     * @param schema of the catalog's tables, made if it is not there; default: {@code tarn}
     * @param connections at most so many at once; default: 8
     * @param lockTimeout how long a writer waits for others before it is refused; default: 30 s
     */
    record Postgres(
            String url,
            String user,
            Supplier<String> password,
            String schema,
            int connections,
            Duration lockTimeout)
            implements StateConfig {
        public static Postgres at(String url, String user, Supplier<String> password) {
            return new Postgres(url, user, password, "tarn", 8, Duration.ofSeconds(30));
        }

        public Postgres withSchema(String newSchema) {
            return new Postgres(url, user, password, newSchema, connections, lockTimeout);
        }

        public Postgres withLockTimeout(Duration newTimeout) {
            return new Postgres(url, user, password, schema, connections, newTimeout);
        }

        @Override
        public String toString() {
            return "Postgres[schema=" + schema + ", user=" + user + "]";
        }
    }
}
