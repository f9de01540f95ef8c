package dev.tarn.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

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
}
