package dev.tarn.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/**
 * Puts rows of Java values into a table through DuckDB's appender. Nested values go through JSON,
 * because the appender does not take all of them.
 */
final class RowStager implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String database;
    private final StatementRunner runner;
    private final LoadFunction loads;
    private final LoadFunction.Registrations kept;

    RowStager(String database, StatementRunner runner, LoadFunction loads) {
        this.database = database;
        this.runner = runner;
        this.loads = loads;
        this.kept = loads.registrations();
    }

    /** Forgets the rows that were told. */
    @Override
    public void close() {
        kept.close();
    }

    /** Fills a new table; returns the rows. */
    long fill(TableName name, Schema schema, Iterable<List<? extends @Nullable Object>> rows) {
        boolean nested = schema.fields().stream().anyMatch(f -> isTold(f.type()));
        String full = Sql.name(database, name);
        if (!nested) {
            runner.update("CREATE TABLE " + full + Sql.columns(schema), Source.OURS);
            return append(name, schema, rows);
        }
        TableName raw = new TableName(name.schema(), name.table() + "__raw");
        List<Field> texts =
                schema.fields().stream()
                        .map(f -> isTold(f.type()) ? f.withType(Primitive.VARCHAR) : f)
                        .toList();
        runner.update(
                "CREATE TABLE " + Sql.name(database, raw) + Sql.columns(new Schema(texts)),
                Source.OURS);
        try {
            long count = append(raw, schema, rows);
            runner.update(
                    "CREATE TABLE "
                            + full
                            + " AS SELECT "
                            + schema.fields().stream()
                                    .map(RowStager::fromJson)
                                    .collect(Collectors.joining(", "))
                            + " FROM "
                            + Sql.name(database, raw),
                    Source.OURS);
            return count;
        } finally {
            runner.update("DROP TABLE " + Sql.name(database, raw), Source.OURS);
        }
    }

    /**
     * Makes an empty table whose rows are told one after the other, and a view over it where some
     * columns are told as JSON.
     */
    RowSink sink(TableName name, Schema schema) {
        TableName table = new TableName(name.schema(), name.table() + "__raw");
        BroughtLoads.Maker maker =
                new BroughtLoads.Maker() {
                    @Override
                    public List<String> made(Schema all) {
                        return List.of(
                                "CREATE OR REPLACE TABLE "
                                        + Sql.name(database, table)
                                        + Sql.columns(AppendedRows.columnsTold(all)),
                                over(name, all, Sql.name(database, table)));
                    }

                    @Override
                    public String view(Schema all, long id) {
                        return over(name, all, loaded(all, id));
                    }
                };
        maker.made(schema).forEach(sql -> runner.update(sql, Source.OURS));
        return new AppendedRows(
                loads,
                new BroughtLoads(
                        runner.connection(), loads, kept, Sql.name(database, table), schema, maker),
                schema);
    }

    private static String loaded(Schema schema, long id) {
        List<String> names = schema.fields().stream().map(f -> Sql.name(f.name())).toList();
        List<Field> fields = AppendedRows.columnsTold(schema).fields();
        return IntStream.range(0, names.size())
                .mapToObj(i ->
                        RowLane.taken(LoadFunction.column(i), fields.get(i))
                                + " AS "
                                + names.get(i))
                .collect(
                        Collectors.joining(
                                ", ", "(SELECT ", " FROM " + LoadFunction.scan(id) + ")"));
    }

    private String over(TableName name, Schema schema, String from) {
        return "CREATE OR REPLACE VIEW "
                + Sql.name(database, name)
                + " AS SELECT "
                + schema.fields().stream()
                        .map(RowStager::fromJson)
                        .collect(Collectors.joining(", "))
                + " FROM "
                + from;
    }

    private static String fromJson(Field field) {
        String name = Sql.name(field.name());
        return isTold(field.type())
                ? "CAST(" + name + "::JSON AS " + field.type().sql() + ") AS " + name
                : name;
    }

    /** Whether values of a type are told as JSON. */
    static boolean isTold(Type type) {
        return switch (type) {
            case Primitive p -> p == Primitive.VARIANT;
            case Type.Decimal d -> false;
            case Type.Struct s -> true;
            case Type.ListOf l -> true;
            case Type.MapOf m -> true;
        };
    }

    private long append(
            TableName name, Schema schema, Iterable<List<? extends @Nullable Object>> rows) {
        long count = 0;
        List<Field> fields = schema.fields();
        try (DuckDBAppender appender =
                runner.connection().createAppender(database, name.schema(), name.table())) {
            for (List<? extends @Nullable Object> row : rows) {
                if (row.size() != fields.size()) {
                    throw EngineErrors.rowWidth(row.size(), fields.size());
                }
                appender.beginRow();
                for (int i = 0; i < fields.size(); i++) {
                    append(appender, fields.get(i), row.get(i));
                }
                appender.endRow();
                count++;
            }
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
        return count;
    }

    static void append(DuckDBAppender appender, Field field, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            appender.appendNull();
            return;
        }
        try {
            switch (field.type()) {
                case Primitive primitive -> append(appender, primitive, value);
                case Type.Decimal decimal ->
                        appender.append(
                                number(value).setScale(decimal.scale(), RoundingMode.UNNECESSARY));
                case Type.Struct s -> appender.append(json(value));
                case Type.ListOf l -> appender.append(json(value));
                case Type.MapOf m -> appender.append(json(value));
            }
        } catch (ClassCastException | ArithmeticException e) {
            throw EngineErrors.badValue(field.name(), field.type().sql(), value, e);
        }
    }

    private static void append(DuckDBAppender appender, Primitive type, Object value)
            throws SQLException {
        switch (type) {
            case BOOLEAN -> appender.append((boolean) value);
            case INTEGER -> appender.append(number(value).intValueExact());
            case BIGINT -> appender.append(number(value).longValueExact());
            case FLOAT -> appender.append(((Number) value).floatValue());
            case DOUBLE -> appender.append(((Number) value).doubleValue());
            case DATE -> appender.append((LocalDate) value);
            case TIME -> appender.append((LocalTime) value);
            case TIMESTAMP, TIMESTAMP_NS -> appender.append((LocalDateTime) value);
            case TIMESTAMPTZ -> appender.append(((Instant) value).atOffset(ZoneOffset.UTC));
            case VARCHAR -> appender.append(value.toString());
            case UUID -> appender.append((UUID) value);
            case BINARY -> appender.append((byte[]) value);
            case VARIANT -> appender.append(json(value));
        }
    }

    private static BigDecimal number(Object value) {
        return value instanceof BigDecimal decimal ? decimal : exact((Number) value);
    }

    private static BigDecimal exact(Number value) {
        return value instanceof Long || value instanceof Integer
                ? BigDecimal.valueOf(value.longValue())
                : new BigDecimal(value.toString());
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(plain(value));
        } catch (JsonProcessingException e) {
            throw EngineErrors.badValue("", "JSON", value, e);
        }
    }

    /** What JSON has no form for, as the text that DuckDB casts back. */
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case List<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.forEach(item -> items.add(plain(item)));
                yield items;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put(String.valueOf(key), plain(item)));
                yield entries;
            }
            case byte[] bytes -> blob(bytes);
            case LocalDateTime time -> time.toString().replace('T', ' ');
            case Boolean truth -> truth;
            case Number number -> number;
            default -> value.toString();
        };
    }

    private static String blob(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append("\\x").append(String.format("%02X", b));
        }
        return text.toString();
    }
}
