package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.List;
import java.util.Optional;

/** Partition transforms as SQL, exactly as Iceberg's specification defines them. */
final class PartitionSql {
    private static final long DAY = 86_400_000_000L;
    private static final long HOUR = 3_600_000_000L;

    private PartitionSql() {}

    /** The transformed value of a column of a schema; the column may be part of a struct. */
    static String of(Schema schema, String column, Transform transform) {
        Source source = find(schema, column);
        return transform(source.sql(), source.type(), transform, column);
    }

    private record Source(String sql, Type type) {}

    private static Source find(Schema schema, String column) {
        Optional<Field> whole = schema.find(column);
        if (whole.isPresent()) {
            return new Source(Sql.name(whole.get().name()), whole.get().type());
        }
        List<Field> fields = schema.fields();
        StringBuilder sql = new StringBuilder();
        Type type = new Type.Struct(fields);
        for (String part : column.split("\\.")) {
            if (!(type instanceof Type.Struct struct)) {
                throw unknown(column);
            }
            Field field = new Schema(struct.fields()).find(part).orElseThrow(() -> unknown(column));
            sql.append(sql.isEmpty() ? "" : ".").append(Sql.name(field.name()));
            type = field.type();
        }
        return new Source(sql.toString(), type);
    }

    private static TarnException unknown(String column) {
        return new TarnException(
                ErrorCode.COLUMN_NOT_FOUND,
                "The table is partitioned or sorted by '%s', which is none of its columns."
                        .formatted(column));
    }

    private static String transform(String sql, Type type, Transform transform, String column) {
        String result =
                switch (transform) {
                    case Transform.Identity i -> sql;
                    case Transform.Bucket bucket -> {
                        String hash = hash(sql, type);
                        yield hash.isEmpty()
                                ? ""
                                : "((%s & 2147483647) %% %d)".formatted(hash, bucket.buckets());
                    }
                    case Transform.Truncate truncate -> truncate(sql, type, truncate.width());
                    case Transform.Year y -> period(sql, type, "(year(%s) - 1970)");
                    case Transform.Month m ->
                            period(sql, type, "((year(%1$s) - 1970) * 12 + month(%1$s) - 1)");
                    case Transform.Day d -> day(sql, type);
                    case Transform.Hour h -> {
                        String micros = micros(sql, type);
                        yield micros.isEmpty() ? "" : floorDivide(micros, HOUR);
                    }
                    case Transform.AlwaysNull n -> "NULL";
                };
        if (result.isEmpty()) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    "Column '%s' of type %s cannot be partitioned by %s."
                            .formatted(column, type.sql(), name(transform)));
        }
        return result;
    }

    private static String name(Transform transform) {
        return transform.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    private static String hash(String sql, Type type) {
        return switch (type) {
            case Type.Decimal d -> BucketFunctions.HASH_DECIMAL + "(" + sql + "::VARCHAR)";
            case Primitive primitive ->
                    switch (primitive) {
                        case INTEGER, BIGINT -> hashLong(sql + "::BIGINT");
                        case DATE -> hashLong(days(sql));
                        case TIME -> hashLong("epoch_us(" + sql + ")");
                        case TIMESTAMP, TIMESTAMPTZ, TIMESTAMP_NS -> hashLong(micros(sql, type));
                        case VARCHAR -> BucketFunctions.HASH_TEXT + "(" + sql + ")";
                        case BINARY -> BucketFunctions.HASH_HEX + "(hex(" + sql + "))";
                        case UUID ->
                                BucketFunctions.HASH_HEX
                                        + "(replace("
                                        + sql
                                        + "::VARCHAR, '-', ''))";
                        case BOOLEAN, FLOAT, DOUBLE, VARIANT -> "";
                    };
            case Type.Struct s -> "";
            case Type.ListOf l -> "";
            case Type.MapOf m -> "";
        };
    }

    private static String hashLong(String sql) {
        return BucketFunctions.HASH_LONG + "(" + sql + ")";
    }

    private static String truncate(String sql, Type type, int width) {
        if (type instanceof Type.Decimal) {
            return "%s(%s::VARCHAR, %d::BIGINT)"
                    .formatted(BucketFunctions.TRUNCATE_DECIMAL, sql, width);
        }
        if (type == Primitive.INTEGER || type == Primitive.BIGINT) {
            return "(%1$s - ((%1$s %% %2$d) + %2$d) %% %2$d)".formatted(sql, width);
        }
        if (type == Primitive.VARCHAR) {
            return "substring(%s, 1, %d)".formatted(sql, width);
        }
        if (type == Primitive.BINARY) {
            return "unhex(substring(hex(%s), 1, %d))".formatted(sql, 2 * width);
        }
        return "";
    }

    private static String period(String sql, Type type, String pattern) {
        if (type == Primitive.DATE || type == Primitive.TIMESTAMP) {
            return pattern.formatted(sql);
        }
        String micros = micros(sql, type);
        return micros.isEmpty() ? "" : pattern.formatted("make_timestamp(" + micros + ")");
    }

    private static String day(String sql, Type type) {
        if (type == Primitive.DATE) {
            return days(sql);
        }
        String micros = micros(sql, type);
        return micros.isEmpty() ? "" : floorDivide(micros, DAY);
    }

    private static String days(String sql) {
        return "(" + sql + " - DATE '1970-01-01')::BIGINT";
    }

    /** Microseconds since 1970 in UTC; empty for what is no point in time. */
    private static String micros(String sql, Type type) {
        if (type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMPTZ) {
            return "epoch_us(" + sql + ")";
        }
        return type == Primitive.TIMESTAMP_NS ? floorDivide("epoch_ns(" + sql + ")", 1000) : "";
    }

    /** DuckDB's own integer division cuts towards zero; periods before 1970 need the floor. */
    private static String floorDivide(String sql, long by) {
        return "((%1$s - ((%1$s %% %2$d) + %2$d) %% %2$d) // %2$d)".formatted(sql, by);
    }
}
