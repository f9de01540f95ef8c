package dev.tarn.iceberg;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.util.SerializableFunction;
import org.jspecify.annotations.Nullable;

/** Writes and reads a table's Parquet files with DuckDB, as the engine's adapter does. */
final class DuckFiles implements AutoCloseable {
    private final Connection connection;

    DuckFiles() {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            execute("set timezone = 'UTC'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    List<WrittenFile> write(WriteTarget target, String query) {
        Schema schema = target.schema();
        String columns =
                schema.fields().stream()
                        .map(f ->
                                "cast(%1$s as %2$s) as %1$s"
                                        .formatted(Type.quoted(f.name()), f.type().sql()))
                        .collect(Collectors.joining(", "));
        execute(
                "create or replace temp table source as select "
                        + columns
                        + " from ("
                        + query
                        + ")");
        List<WrittenFile> files = new ArrayList<>();
        if (target.partitioning().isEmpty()) {
            if (!text("select count(*) from source").equals(List.of("0"))) {
                files.add(copy(target, "from source", List.of()));
            }
            return files;
        }
        target.partitioning().forEach(p -> defineKeys(schema, p));
        String keys =
                target.partitioning().stream()
                        .map(p -> partitionSql(p) + "::varchar")
                        .collect(Collectors.joining(", "));
        for (List<@Nullable String> values : values("select distinct " + keys + " from source")) {
            List<String> conditions = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                String value = values.get(i) == null ? "null" : literal(values.get(i));
                conditions.add(
                        partitionSql(target.partitioning().get(i))
                                + "::varchar is not distinct from "
                                + value);
            }
            files.add(
                    copy(target, "from source where " + String.join(" and ", conditions), values));
        }
        return files;
    }

    private WrittenFile copy(
            WriteTarget target, String from, List<@Nullable String> partitionValues) {
        try {
            Files.createDirectories(target.directory());
            Path path = target.directory().resolve(UUID.randomUUID() + ".parquet");
            execute(
                    "copy (select * %s) to %s (format parquet, compression zstd, field_ids {%s})"
                            .formatted(
                                    from,
                                    literal(path.toString()),
                                    fieldIds(target.schema().fields())));
            long rows = Long.parseLong(text("select count(*) " + from).getFirst());
            return new WrittenFile(path, rows, Files.size(path), partitionValues);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Buckets and truncations come from Iceberg itself. */
    private void defineKeys(Schema schema, PartitionField field) {
        if (!(field.transform() instanceof Transform.Bucket)
                && !(field.transform() instanceof Transform.Truncate)) {
            return;
        }
        Field column = schema.find(field.column()).orElseThrow();
        var type = IcebergTypes.toIceberg(column.type(), column.name(), 3);
        String transform =
                switch (field.transform()) {
                    case Transform.Bucket b -> "bucket[" + b.buckets() + "]";
                    case Transform.Truncate t -> "truncate[" + t.width() + "]";
                    default -> "void";
                };
        String name = Type.quoted(column.name());
        execute(
                "create or replace temp table keys as select distinct %1$s as value, null::varchar as key from source where %1$s is not null"
                        .formatted(name));
        for (String text : text("select value::varchar from keys")) {
            execute(
                    "update keys set key = %s where value::varchar = %s"
                            .formatted(literal(key(type, transform, text)), literal(text)));
        }
    }

    @SuppressWarnings("unchecked") // The value is of the type.
    private static String key(org.apache.iceberg.types.Type type, String transform, String text) {
        var function =
                (SerializableFunction<Object, Object>) Transforms.fromString(transform).bind(type);
        Object value = Values.value(type, text).orElseThrow();
        Object key = function.apply(value);
        return key instanceof Integer ? key.toString() : Values.text(type, key);
    }

    private static String partitionSql(PartitionField field) {
        String column =
                List.of(field.column().split("\\.")).stream()
                        .map(Type::quoted)
                        .collect(Collectors.joining("."));
        return switch (field.transform()) {
            case Transform.Identity i -> column;
            case Transform.Year y -> "(year(" + column + ") - 1970)";
            case Transform.Month m ->
                    "((year(%1$s) - 1970) * 12 + month(%1$s) - 1)".formatted(column);
            case Transform.Day d ->
                    "(datediff('day', date '1970-01-01', cast(%s as date)))".formatted(column);
            case Transform.Hour h ->
                    "(datediff('hour', timestamp '1970-01-01', cast(%s as timestamp)))"
                            .formatted(column);
            case Transform.Truncate t -> "(select key from keys where value = " + column + ")";
            case Transform.Bucket b -> "(select key from keys where value = " + column + ")";
            case Transform.AlwaysNull n -> "null";
        };
    }

    private static String fieldIds(List<Field> fields) {
        return fields.stream()
                .map(f -> Type.quoted(f.name()) + ": " + fieldId(f))
                .collect(Collectors.joining(", "));
    }

    private static String fieldId(Field field) {
        return switch (field.type()) {
            case Type.Primitive p -> Integer.toString(field.id());
            case Type.Decimal d -> Integer.toString(field.id());
            case Type.Struct s ->
                    "{__duckdb_field_id: %d, %s}".formatted(field.id(), fieldIds(s.fields()));
            case Type.ListOf l ->
                    "{__duckdb_field_id: %d, element: %s}"
                            .formatted(field.id(), fieldId(l.element()));
            case Type.MapOf m ->
                    "{__duckdb_field_id: %d, key: %s, value: %s}"
                            .formatted(field.id(), fieldId(m.key()), fieldId(m.value()));
        };
    }

    List<String> read(TableScan scan) {
        List<String> rows = new ArrayList<>();
        for (TableScan.DataFile file : scan.files()) {
            String sql =
                    "select file_row_number, %s from read_parquet(%s, schema = %s)"
                            .formatted(
                                    scan.schema().fields().stream()
                                            .map(f -> Type.quoted(f.name()) + "::varchar")
                                            .collect(Collectors.joining(", ")),
                                    literal(file.path().toString()),
                                    schemaMap(scan.schema().fields()));
            for (List<@Nullable String> row : values(sql)) {
                long position = Long.parseLong(String.valueOf(row.getFirst()));
                boolean deleted = file.deleted().map(d -> d.contains(position)).orElse(false);
                if (!deleted) {
                    rows.add(
                            row.stream()
                                    .skip(1)
                                    .map(String::valueOf)
                                    .collect(Collectors.joining("|")));
                }
            }
        }
        rows.sort(null);
        return rows;
    }

    private static String schemaMap(List<Field> fields) {
        return fields.stream()
                .map(f ->
                        "%d: {name: %s, type: %s, default_value: %s::varchar, children: %s}"
                                .formatted(
                                        f.id(),
                                        literal(f.name()),
                                        literal(f.type().sql()),
                                        f.initialDefault().orElse("null"),
                                        children(f.type())))
                .collect(Collectors.joining(", ", "map{", "}"));
    }

    private static String children(Type type) {
        return switch (type) {
            case Type.Primitive p -> "null";
            case Type.Decimal d -> "null";
            case Type.Struct s -> schemaMap(s.fields());
            case Type.ListOf l -> schemaMap(List.of(l.element()));
            case Type.MapOf m -> schemaMap(List.of(m.key(), m.value()));
        };
    }

    private static String literal(@Nullable String text) {
        return "'" + String.valueOf(text).replace("'", "''") + "'";
    }

    List<String> text(String sql) {
        return values(sql).stream()
                .map(r -> r.stream().map(String::valueOf).collect(Collectors.joining("|")))
                .toList();
    }

    private List<List<@Nullable String>> values(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<List<@Nullable String>> rows = new ArrayList<>();
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
