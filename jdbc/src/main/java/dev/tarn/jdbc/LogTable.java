package dev.tarn.jdbc;

import java.util.List;

/**
 * A table whose log is read.
 *
 * @param id its number while this process works
 * @param name with its schema
 * @param number what tells it from others, also from those that had its name before
 * @param identity the columns that the log tells of rows that go
 * @param isWhole whether it tells all columns of them
 * @param key the primary key
 * @param columns what is told of its rows
 */
record LogTable(
        int id,
        String name,
        String number,
        List<String> identity,
        boolean isWhole,
        List<String> key,
        List<Column> columns) {
    LogTable {
        identity = List.copyOf(identity);
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }
}
