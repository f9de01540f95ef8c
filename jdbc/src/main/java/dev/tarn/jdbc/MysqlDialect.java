package dev.tarn.jdbc;

import dev.tarn.jdbc.Column.Form;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** MySQL and MariaDB: values come as texts, in the forms that the binary log's become too. */
final class MysqlDialect implements Dialect {
    private static final String CAST = "CAST(%s AS CHAR)";
    private static final Pattern DIGITS = Pattern.compile("\\((\\d+)(?:,\\s*(\\d+))?\\)");

    private final String name;

    /**
     * @param name of the connector
     */
    MysqlDialect(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String url(String written, Path project) {
        String place = written.replaceFirst("^(jdbc:)?(mysql|mariadb):", "");
        return "jdbc:mariadb:" + place;
    }

    @Override
    public String url(String written, Path project, boolean hasDriver) {
        if (!hasDriver) {
            return url(written, project);
        }
        return written.startsWith("jdbc:") ? written : "jdbc:" + written;
    }

    @Override
    public Properties properties(JdbcSettings settings) {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "10000");
        properties.setProperty("socketTimeout", Long.toString(settings.timeout().toMillis()));
        properties.setProperty("tcpKeepAlive", "true");
        // Moments are told in UTC, whatever the server's zone is.
        properties.setProperty("sessionVariables", "time_zone='+00:00'");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
        if (settings.url().startsWith("jdbc:mariadb:")) {
            properties.setProperty("connectionAttributes", "program_name:tarn");
        }
        return properties;
    }

    @Override
    public String quoted(String column) {
        return "`" + column.replace("`", "``") + "`";
    }

    @Override
    public List<Column> columns(Connection connection, JdbcSettings settings) throws SQLException {
        Optional<String> table = settings.table();
        return table.isPresent()
                ? columns(connection, MysqlTable.of(connection, table.get()))
                : ofQuery(connection, settings);
    }

    private List<Column> columns(Connection connection, MysqlTable table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (List<@Nullable String> row :
                Queries.rows(
                        connection,
                        "SELECT column_name, data_type, column_type FROM information_schema.columns"
                                + " WHERE table_schema = ? AND table_name = ?"
                                + " ORDER BY ordinal_position",
                        table.schema(),
                        table.name())) {
            columns.add(column(Queries.text(row, 0), Queries.text(row, 1), Queries.text(row, 2)));
        }
        if (columns.isEmpty()) {
            // The server's own words say whether it is not there or not to be seen.
            try (Statement statement = connection.createStatement()) {
                statement.executeQuery("SELECT 1 FROM " + table.quoted(this) + " LIMIT 0").close();
            }
        }
        return columns;
    }

    private List<Column> ofQuery(Connection connection, JdbcSettings settings) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet none =
                        statement.executeQuery(
                                "SELECT * FROM " + settings.relation() + " LIMIT 0")) {
            ResultSetMetaData meta = none.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                String type = meta.getColumnTypeName(i).toLowerCase(Locale.ROOT);
                String plain = type.replace(" unsigned", "").replace("integer", "int");
                String whole =
                        plain.equals("decimal") || plain.equals("bit")
                                ? "%s(%d,%d)"
                                        .formatted(plain, meta.getPrecision(i), meta.getScale(i))
                                : plain;
                boolean signed = meta.isSigned(i) && !type.contains("unsigned");
                columns.add(
                        column(meta.getColumnLabel(i), plain, whole + (signed ? "" : " unsigned")));
            }
        }
        return columns;
    }

    /**
     * A column of a table.
     *
     * @param type such as {@code int}
     * @param declared such as {@code int(10) unsigned}
     */
    Column column(String column, String type, String declared) {
        boolean isUnsigned = declared.contains("unsigned");
        Matcher digits = DIGITS.matcher(declared);
        boolean hasDigits = digits.find();
        int first = hasDigits ? Integer.parseInt(digits.group(1)) : 1;
        int second = hasDigits && digits.group(2) != null ? Integer.parseInt(digits.group(2)) : 0;
        return switch (type) {
            case "tinyint", "smallint", "mediumint", "year" ->
                    column(column, "%s + 0", declared, Primitive.INTEGER, Form.INT8);
            case "int" ->
                    column(
                            column,
                            "%s",
                            declared,
                            isUnsigned ? Primitive.BIGINT : Primitive.INTEGER,
                            Form.INT8);
            case "bigint" ->
                    isUnsigned
                            ? column(column, "%s", declared, new Type.Decimal(20, 0), Form.NUMERIC)
                            : column(column, "%s", declared, Primitive.BIGINT, Form.INT8);
            // Added to a double, or the server would tell six digits of it.
            case "float" -> column(column, "%s + 0e0", declared, Primitive.FLOAT, Form.FLOAT4);
            case "double" -> column(column, "%s", declared, Primitive.DOUBLE, Form.FLOAT8);
            case "decimal" ->
                    first <= 38
                            ? column(
                                    column,
                                    "%s",
                                    declared,
                                    new Type.Decimal(first, second),
                                    Form.NUMERIC)
                            : column(column, CAST, declared, Primitive.VARCHAR, Form.TEXT);
            case "bit" ->
                    first == 1
                            ? column(
                                    column,
                                    "CASE %s + 0 WHEN 1 THEN 't' WHEN 0 THEN 'f' END",
                                    declared,
                                    Primitive.BOOLEAN,
                                    Form.TRUTH)
                            : column(
                                    column,
                                    "LPAD(BIN(%s + 0), " + first + ", '0')",
                                    declared,
                                    Primitive.VARCHAR,
                                    Form.TEXT);
            case "date" -> column(column, CAST, declared, Primitive.DATE, Form.DATE);
            case "datetime" -> column(column, CAST, declared, Primitive.TIMESTAMP, Form.TIMESTAMP);
            case "timestamp" ->
                    column(column, CAST, declared, Primitive.TIMESTAMPTZ, Form.TIMESTAMP);
            case "binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob" ->
                    column(column, "%s", declared, Primitive.BINARY, Form.BYTES);
            case "uuid" -> column(column, CAST, declared, Primitive.UUID, Form.UUID);
            case "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geometrycollection",
                    "geomcollection" ->
                    column(column, "HEX(%s)", declared, Primitive.VARCHAR, Form.GEOMETRY);
            case "char", "varchar", "text", "tinytext", "mediumtext", "longtext" ->
                    column(column, "%s", declared, Primitive.VARCHAR, Form.TEXT);
            default -> column(column, CAST, declared, Primitive.VARCHAR, Form.TEXT);
        };
    }

    private Column column(String column, String expression, String declared, Type type, Form form) {
        return new Column(column, expression.formatted(quoted(column)), declared, type, form);
    }

    @Override
    public List<String> key(Connection connection, JdbcSettings settings) throws SQLException {
        return settings.table().isEmpty()
                ? List.of()
                : key(connection, MysqlTable.of(connection, settings.table().get()));
    }

    static List<String> key(Connection connection, MysqlTable table) throws SQLException {
        return Queries.rows(
                        connection,
                        "SELECT column_name FROM information_schema.key_column_usage"
                                + " WHERE table_schema = ? AND table_name = ?"
                                + " AND constraint_name = 'PRIMARY' ORDER BY ordinal_position",
                        table.schema(),
                        table.name())
                .stream()
                .map(row -> Queries.text(row, 0))
                .toList();
    }

    /** Whether the order of a column's values is that of its texts or numbers. */
    @Override
    public boolean cutsBy(Column column) {
        return !column.sourceType().matches("(enum|set|bit|float|double).*");
    }

    @Override
    public Optional<String> identity(Connection connection, JdbcSettings settings) {
        return Optional.empty();
    }

    @Override
    public Size size(Connection connection, JdbcSettings settings) throws SQLException {
        if (settings.table().isEmpty()) {
            return new Size(-1, -1);
        }
        MysqlTable table = MysqlTable.of(connection, settings.table().get());
        List<List<@Nullable String>> rows =
                Queries.rows(
                        connection,
                        "SELECT coalesce(table_rows, -1), coalesce(avg_row_length, -1)"
                                + " FROM information_schema.tables"
                                + " WHERE table_schema = ? AND table_name = ?",
                        table.schema(),
                        table.name());
        if (rows.isEmpty() || Long.parseLong(Queries.text(rows.getFirst(), 0)) <= 0) {
            return new Size(-1, -1);
        }
        return new Size(
                Long.parseLong(Queries.text(rows.getFirst(), 0)),
                Long.parseLong(Queries.text(rows.getFirst(), 1)));
    }

    @Override
    public String text(Column column) {
        String of =
                column.form() == Form.BYTES
                        ? "HEX(" + quoted(column.name()) + ")"
                        : CAST.formatted(quoted(column.name()));
        return of + " AS tarn_text";
    }

    @Override
    public String literal(Column column, String text) {
        if (column.form() == Form.BYTES) {
            return "x'" + text + "'";
        }
        if (column.form() == Form.INT8 || column.form() == Form.NUMERIC) {
            return text;
        }
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    @Override
    public boolean cutsRanges() {
        return true;
    }

    /** Rows of columns are compared without their index here, so it is spelled out. */
    @Override
    public String compared(List<Column> key, List<String> literals, String comparison) {
        String strict = comparison.substring(0, 1);
        StringBuilder text = new StringBuilder();
        StringBuilder equal = new StringBuilder();
        for (int i = 0; i < key.size(); i++) {
            String column = quoted(key.get(i).name());
            boolean isLast = i == key.size() - 1;
            text.append(i == 0 ? "(" : " OR (")
                    .append(equal)
                    .append(column)
                    .append(' ')
                    .append(isLast ? comparison : strict)
                    .append(' ')
                    .append(literals.get(i))
                    .append(')');
            equal.append(column).append(" = ").append(literals.get(i)).append(" AND ");
        }
        String first = quoted(key.getFirst().name());
        return key.size() == 1
                ? text.toString()
                : "(%s %s= %s AND (%s))".formatted(first, strict, literals.getFirst(), text);
    }

    @Override
    public String minus(Column column, String literal, Duration lag) {
        return column.form() == Form.INT8 || column.form() == Form.NUMERIC
                ? "(%s - %d)".formatted(literal, lag.toSeconds())
                : "(%s - INTERVAL %d SECOND)".formatted(literal, lag.toSeconds());
    }

    @Override
    public long read(Connection connection, Reading reading) throws SQLException {
        try (Statement statement =
                connection.createStatement(
                        ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            // Each driver has a way of its own to be told to stream.
            boolean isTheirs = connection.getClass().getName().startsWith("com.mysql.");
            statement.setFetchSize(isTheirs ? Integer.MIN_VALUE : 5_000);
            try (ResultSet rows = statement.executeQuery(reading.sql())) {
                return new TextRows(reading, rows).tell();
            }
        }
    }
}
