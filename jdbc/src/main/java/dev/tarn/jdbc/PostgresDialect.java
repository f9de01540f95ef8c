package dev.tarn.jdbc;

import dev.tarn.jdbc.Column.Form;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** PostgreSQL: rows come by COPY in its binary form, which is the fastest way out of it. */
final class PostgresDialect implements Dialect {
    private static final String TEXT = "%s::text";

    /** Types whose arrays become lists. */
    private static final Map<String, Type> ELEMENTS =
            Map.ofEntries(
                    Map.entry("_bool", Primitive.BOOLEAN),
                    Map.entry("_int2", Primitive.INTEGER),
                    Map.entry("_int4", Primitive.INTEGER),
                    Map.entry("_int8", Primitive.BIGINT),
                    Map.entry("_float4", Primitive.FLOAT),
                    Map.entry("_float8", Primitive.DOUBLE),
                    Map.entry("_text", Primitive.VARCHAR),
                    Map.entry("_varchar", Primitive.VARCHAR),
                    Map.entry("_uuid", Primitive.UUID),
                    Map.entry("_date", Primitive.DATE),
                    Map.entry("_timestamp", Primitive.TIMESTAMP),
                    Map.entry("_timestamptz", Primitive.TIMESTAMPTZ));

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public String url(String written, Path project) {
        String url = written.replaceFirst("^(jdbc:)?postgres(ql)?:", "");
        return "jdbc:postgresql:" + url;
    }

    @Override
    public Properties properties(JdbcSettings settings) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "tarn");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", Long.toString(settings.timeout().toSeconds()));
        properties.setProperty(
                "options",
                "-c TimeZone=UTC -c DateStyle=ISO -c extra_float_digits=3"
                        + " -c IntervalStyle=postgres -c bytea_output=hex");
        return properties;
    }

    @Override
    public String quoted(String name) {
        return Type.quoted(name);
    }

    @Override
    public List<Column> columns(Connection connection, JdbcSettings settings) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet none =
                        statement.executeQuery(
                                "SELECT * FROM " + settings.relation() + " LIMIT 0")) {
            ResultSetMetaData meta = none.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                columns.add(
                        column(
                                meta.getColumnLabel(i),
                                meta.getColumnTypeName(i),
                                meta.getPrecision(i),
                                meta.getScale(i)));
            }
        }
        return columns;
    }

    /** What a column of a type becomes. The one table of types: what is read and what is told. */
    Column column(String name, String type, int precision, int scale) {
        return switch (type) {
            case "bool" -> plain(name, type, Primitive.BOOLEAN, Form.TRUTH);
            case "int2", "smallserial" -> plain(name, type, Primitive.INTEGER, Form.INT2);
            case "int4", "serial" -> plain(name, type, Primitive.INTEGER, Form.INT4);
            case "int8", "bigserial" -> plain(name, type, Primitive.BIGINT, Form.INT8);
            case "oid" -> plain(name, type, Primitive.BIGINT, Form.OID);
            case "float4" -> plain(name, type, Primitive.FLOAT, Form.FLOAT4);
            case "float8" -> plain(name, type, Primitive.DOUBLE, Form.FLOAT8);
            case "numeric" ->
                    precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision
                            ? plain(name, type, new Type.Decimal(precision, scale), Form.NUMERIC)
                            : plain(name, type, Primitive.VARCHAR, Form.NUMERIC_TEXT);
            case "text", "varchar", "bpchar", "name", "json" ->
                    plain(name, type, Primitive.VARCHAR, Form.TEXT);
            case "jsonb" -> plain(name, type, Primitive.VARCHAR, Form.JSONB);
            case "bytea" -> plain(name, type, Primitive.BINARY, Form.BYTES);
            case "date" -> plain(name, type, Primitive.DATE, Form.DATE);
            case "time" -> plain(name, type, Primitive.TIME, Form.TIME);
            case "timestamp" -> plain(name, type, Primitive.TIMESTAMP, Form.TIMESTAMP);
            case "timestamptz" -> plain(name, type, Primitive.TIMESTAMPTZ, Form.TIMESTAMP);
            case "uuid" -> plain(name, type, Primitive.UUID, Form.UUID);
            default -> {
                Type element = ELEMENTS.get(type);
                yield element == null
                        ? new Column(
                                name,
                                TEXT.formatted(quoted(name)),
                                type,
                                Primitive.VARCHAR,
                                Form.TEXT)
                        : plain(name, type, Type.ListOf.of(element), Form.ARRAY);
            }
        };
    }

    /** A column of the same type. */
    Column named(String name, Column like) {
        String expression =
                like.expression().endsWith("::text") ? TEXT.formatted(quoted(name)) : quoted(name);
        return new Column(name, expression, like.sourceType(), like.type(), like.form());
    }

    private Column plain(String name, String sourceType, Type type, Form form) {
        return new Column(name, quoted(name), sourceType, type, form);
    }

    @Override
    public List<String> key(Connection connection, JdbcSettings settings) throws SQLException {
        if (settings.table().isEmpty()) {
            return List.of();
        }
        List<String> key = new ArrayList<>();
        String sql =
                "SELECT a.attname FROM pg_index i"
                        + " JOIN pg_attribute a ON a.attrelid = i.indrelid"
                        + " AND a.attnum = ANY(i.indkey)"
                        + " WHERE i.indrelid = ?::regclass AND i.indisprimary"
                        + " ORDER BY array_position(i.indkey::int2[], a.attnum)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, settings.relation());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    key.add(rows.getString(1));
                }
            }
        }
        return key;
    }

    @Override
    public Optional<String> identity(Connection connection, JdbcSettings settings)
            throws SQLException {
        if (settings.table().isEmpty()) {
            return Optional.empty();
        }
        return one(connection, "SELECT ?::regclass::oid::text", settings.relation());
    }

    @Override
    public Size size(Connection connection, JdbcSettings settings) throws SQLException {
        if (settings.table().isEmpty()) {
            return new Size(-1, -1);
        }
        String sql =
                "SELECT reltuples::bigint, pg_relation_size(oid) FROM pg_class"
                        + " WHERE oid = ?::regclass";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, settings.relation());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next() || rows.getLong(1) <= 0) {
                    return new Size(-1, -1);
                }
                return new Size(rows.getLong(1), Math.max(1, rows.getLong(2) / rows.getLong(1)));
            }
        }
    }

    private static Optional<String> one(Connection connection, String sql, String parameter)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        }
    }

    @Override
    public String text(Column column) {
        // Named otherwise, or ORDER BY would take the text for the column.
        return TEXT.formatted(quoted(column.name())) + " AS tarn_text";
    }

    @Override
    public String literal(Column column, String text) {
        String type =
                switch (column.sourceType()) {
                    case "serial" -> "int4";
                    case "bigserial" -> "int8";
                    case "smallserial" -> "int2";
                    default -> column.sourceType();
                };
        return "'" + text.replace("'", "''") + "'::" + type;
    }

    @Override
    public boolean cutsRanges() {
        return true;
    }

    @Override
    public String minus(Column column, String literal, Duration lag) {
        return switch (column.form()) {
            case TIMESTAMP -> "(%s - interval '%d seconds')".formatted(literal, lag.toSeconds());
            case DATE ->
                    "(%s - %d)"
                            .formatted(literal, Math.max(1, (lag.toSeconds() + 86_399) / 86_400));
            default -> "(%s - %d)".formatted(literal, lag.toSeconds());
        };
    }

    @Override
    public long read(Connection connection, Reading reading) throws SQLException {
        String copy = "COPY (" + reading.sql() + ") TO STDOUT (FORMAT binary)";
        CopyOut out = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy);
        BinaryRows rows = new BinaryRows(reading);
        long bytes = 0;
        boolean done = false;
        try {
            byte[] message;
            while ((message = out.readFromCopy()) != null) {
                bytes += message.length;
                rows.take(message);
            }
            done = true;
        } finally {
            if (!done && out.isActive()) {
                // The connection is not used again; asking the server to end may take for ever.
                connection.abort(Runnable::run);
            }
        }
        return bytes;
    }
}
