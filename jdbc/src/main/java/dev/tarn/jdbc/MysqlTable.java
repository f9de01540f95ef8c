package dev.tarn.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A table of MySQL or MariaDB, with the database that it is in. */
record MysqlTable(String schema, String name) {
    /**
     * @param written perhaps with its database
     */
    static MysqlTable of(Connection connection, String written) throws SQLException {
        int dot = written.indexOf('.');
        if (dot >= 0) {
            return new MysqlTable(written.substring(0, dot), written.substring(dot + 1));
        }
        String schema = connection.getCatalog();
        return new MysqlTable(schema == null ? "" : schema, written);
    }

    String quoted(Dialect dialect) {
        return schema.isEmpty()
                ? dialect.quoted(name)
                : dialect.quoted(schema) + "." + dialect.quoted(name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }

    /** The numbers that tables have while this process works. Used by many threads. */
    static final class Numbers {
        private final Map<MysqlTable, Integer> numbers = new ConcurrentHashMap<>();
        private final AtomicInteger last = new AtomicInteger();

        int of(MysqlTable table) {
            return numbers.computeIfAbsent(table, t -> last.incrementAndGet());
        }

        /** Null for a table that nobody has asked for. */
        @Nullable Integer find(MysqlTable table) {
            return numbers.get(table);
        }

        Map<MysqlTable, Integer> all() {
            return Map.copyOf(numbers);
        }
    }
}
