package dev.tarn.jdbc;

import dev.tarn.jdbc.Column.Form;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** A database that is read through JDBC's own result sets. */
final class PlainDialect implements Dialect {
    private enum Kind {
        SQLITE,
        ANY
    }

    private static final String SQLITE_OPEN_READWRITE = "2";

    private final String name;
    private final Kind kind;

    private PlainDialect(String name, Kind kind) {
        this.name = name;
        this.kind = kind;
    }

    static PlainDialect sqlite() {
        return new PlainDialect("sqlite", Kind.SQLITE);
    }

    static PlainDialect any() {
        return new PlainDialect("jdbc", Kind.ANY);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String url(String written, Path project) {
        return switch (kind) {
            case SQLITE ->
                    "jdbc:sqlite:"
                            + project.resolve(written.replaceFirst("^(jdbc:)?sqlite:", ""))
                                    .toAbsolutePath()
                                    .normalize();
            case ANY -> written;
        };
    }

    @Override
    public Properties properties(JdbcSettings settings) {
        Properties properties = new Properties();
        String millis = Long.toString(settings.timeout().toMillis());
        switch (kind) {
            case SQLITE -> {
                properties.setProperty("busy_timeout", millis);
                // Not made where there is none. To read behind a crash it has to be written, too.
                properties.setProperty("open_mode", SQLITE_OPEN_READWRITE);
            }
            case ANY -> {}
        }
        return properties;
    }

    @Override
    public String quoted(String column) {
        return "\"" + column.replace("\"", "\"\"") + "\"";
    }

    @Override
    public List<Column> columns(Connection connection, JdbcSettings settings) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet none =
                        statement.executeQuery(
                                "SELECT * FROM " + settings.relation() + " WHERE 1 = 0")) {
            ResultSetMetaData meta = none.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                String label = meta.getColumnLabel(i);
                String declared = String.valueOf(meta.getColumnTypeName(i));
                Type type = kind == Kind.SQLITE ? loose(declared) : type(meta, i, declared);
                columns.add(new Column(label, quoted(label), declared, type, Form.TEXT));
            }
        }
        return columns;
    }

    /** SQLite lets any value into any column; the declared type says what is meant. */
    private static Type loose(String declared) {
        String name = declared.toUpperCase(Locale.ROOT);
        if (name.contains("BOOL")) {
            return Primitive.BOOLEAN;
        }
        if (name.contains("INT")) {
            return Primitive.BIGINT;
        }
        if (name.contains("REAL") || name.contains("FLOA") || name.contains("DOUB")) {
            return Primitive.DOUBLE;
        }
        return name.contains("BLOB") ? Primitive.BINARY : Primitive.VARCHAR;
    }

    private static Type type(ResultSetMetaData meta, int column, String declared)
            throws SQLException {
        boolean signed = meta.isSigned(column);
        int precision = meta.getPrecision(column);
        int scale = meta.getScale(column);
        return switch (meta.getColumnType(column)) {
            case Types.BOOLEAN -> Primitive.BOOLEAN;
            case Types.BIT -> precision > 1 ? Primitive.BINARY : Primitive.BOOLEAN;
            case Types.TINYINT, Types.SMALLINT -> Primitive.INTEGER;
            case Types.INTEGER -> signed ? Primitive.INTEGER : Primitive.BIGINT;
            case Types.BIGINT -> signed ? Primitive.BIGINT : new Type.Decimal(20, 0);
            case Types.REAL -> Primitive.FLOAT;
            case Types.FLOAT, Types.DOUBLE -> Primitive.DOUBLE;
            case Types.DECIMAL, Types.NUMERIC ->
                    precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision
                            ? new Type.Decimal(precision, scale)
                            : Primitive.VARCHAR;
            case Types.DATE -> declared.equals("YEAR") ? Primitive.INTEGER : Primitive.DATE;
            case Types.TIMESTAMP ->
                    declared.startsWith("TIMESTAMP") && declared.contains("ZONE")
                            ? Primitive.TIMESTAMPTZ
                            : Primitive.TIMESTAMP;
            case Types.TIMESTAMP_WITH_TIMEZONE -> Primitive.TIMESTAMPTZ;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> Primitive.BINARY;
            default -> Primitive.VARCHAR;
        };
    }

    @Override
    public List<String> key(Connection connection, JdbcSettings settings) throws SQLException {
        if (settings.table().isEmpty()) {
            return List.of();
        }
        String[] parts = settings.table().get().split("\\.", -1);
        String table = parts[parts.length - 1];
        String schema = parts.length > 1 ? parts[parts.length - 2] : null;
        Map<Short, String> key = new TreeMap<>();
        DatabaseMetaData meta = connection.getMetaData();
        try (ResultSet rows = meta.getPrimaryKeys(null, schema, table)) {
            while (rows.next()) {
                key.put(rows.getShort("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(key.values());
    }

    @Override
    public Optional<String> identity(Connection connection, JdbcSettings settings) {
        return Optional.empty();
    }

    @Override
    public Size size(Connection connection, JdbcSettings settings) {
        return new Size(-1, -1);
    }

    @Override
    public String text(Column column) {
        return quoted(column.name());
    }

    @Override
    public String literal(Column column, String text) {
        if (isNumber(column) && text.matches("[-+]?[0-9][0-9.eE+-]*")) {
            return text;
        }
        return "'" + text.replace("'", "''") + "'";
    }

    private static boolean isNumber(Column column) {
        return column.type() instanceof Type.Decimal
                || column.type() == Primitive.INTEGER
                || column.type() == Primitive.BIGINT
                || column.type() == Primitive.FLOAT
                || column.type() == Primitive.DOUBLE;
    }

    @Override
    public boolean cutsRanges() {
        return kind != Kind.ANY;
    }

    @Override
    public String minus(Column column, String literal, Duration lag) {
        if (isNumber(column)) {
            return "(%s - %d)".formatted(literal, lag.toSeconds());
        }
        throw JdbcErrors.lagOfText(name, column.name(), column.sourceType());
    }

    @Override
    public long read(Connection connection, Reading reading) throws SQLException {
        boolean wasAuto = connection.getAutoCommit();
        if (kind == Kind.ANY) {
            // Some drivers stream only within a transaction.
            connection.setAutoCommit(false);
        }
        try (Statement statement =
                connection.createStatement(
                        ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(10_000);
            try (ResultSet rows = statement.executeQuery(reading.sql())) {
                return new ResultRows(reading, rows, kind == Kind.SQLITE).tell();
            }
        } finally {
            if (connection.getAutoCommit() != wasAuto) {
                connection.rollback();
                connection.setAutoCommit(wasAuto);
            }
        }
    }

    /** The driver of SQLite leaves a connection open that it is told to abort. */
    @Override
    public void end(Connection connection) throws SQLException {
        if (kind == Kind.ANY) {
            Dialect.super.end(connection);
            return;
        }
        synchronized (connection) {
            if (!connection.isClosed()) {
                try (Statement any = connection.createStatement()) {
                    // Whichever runs: it is the connection's work that ends.
                    any.cancel();
                }
                connection.close();
            }
        }
    }
}
