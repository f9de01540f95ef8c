package dev.tarn.jdbc;

import dev.tarn.jdbc.ChangeBuffer.Change;
import java.sql.Connection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;

/**
 * States of tables of a MySQL or MariaDB, each in a transaction of its own, with the place of the
 * log up to which it has everything.
 */
record BinlogSnapshot(Connections connections, Map<Integer, One> tables, long micros)
        implements LogSnapshot {
    BinlogSnapshot {
        tables = Map.copyOf(tables);
    }

    /** A table's. */
    record One(Connection holder, Lsn place) {}

    private One one(int table) {
        One one = tables.get(table);
        if (one == null) {
            throw new IllegalStateException("Table %d is not in the snapshot".formatted(table));
        }
        return one;
    }

    Lsn place(int table) {
        return one(table).place();
    }

    @Override
    public boolean has(int table) {
        return tables.containsKey(table);
    }

    @Override
    public boolean sees(int table, Change change) {
        return change.commit().isBefore(place(table));
    }

    @Override
    public boolean isBehind(Set<Integer> transactions, Lsn place) {
        return tables.values().stream().noneMatch(one -> one.place().isBefore(place));
    }

    @Override
    public Lsn end() {
        return tables.values().stream()
                .map(One::place)
                .max(Comparator.naturalOrder())
                .orElse(Lsn.ZERO);
    }

    @Override
    public Connection enter(int table) {
        return one(table).holder();
    }

    /** It may be read in again. */
    @Override
    public void leave(Connection connection) {}

    @Override
    public void close() {
        tables.values().forEach(one -> connections.drop(one.holder()));
    }
}
