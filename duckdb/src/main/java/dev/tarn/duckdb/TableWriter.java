package dev.tarn.duckdb;

import dev.tarn.model.Place;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.FileOptions;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the rows of a query as Parquet files for a table. */
final class TableWriter {
    private static final String PARTITION = "__tarn_partition_";

    /** DuckDB's own choice. */
    private static final long ROW_GROUP_ROWS = 122_880;

    /** For texts of up to half a kilobyte in a row group of that size. */
    private static final int DICTIONARY_BYTES = 64 << 20;

    private final StatementRunner runner;

    TableWriter(StatementRunner runner) {
        this.runner = runner;
    }

    private static final Set<Type> TIMES =
            Set.of(
                    Type.Primitive.DATE,
                    Type.Primitive.TIMESTAMP,
                    Type.Primitive.TIMESTAMPTZ,
                    Type.Primitive.TIMESTAMP_NS);

    /**
     * A file, how many nulls its columns have, and the columns whose smallest or largest value is
     * told as infinity.
     */
    private record Written(WrittenFile file, Map<String, Long> nulls, Set<String> endless) {}

    /**
     * Writes the rows of a query.
     *
     * @param query its columns
     * @param source its place
     * @param ordered whether rows are to stay in the order in which the query gives them
     */
    List<WrittenFile> write(
            SqlText text, Schema query, WriteTarget target, Source source, boolean ordered) {
        check(query, target.schema(), text.locate(0));
        makeDirectory(target.directory());
        List<String> partitions =
                target.partitioning().stream().map(p -> partition(target.schema(), p)).toList();
        String head =
                "COPY (SELECT *"
                        + columns(partitions)
                        + " FROM (SELECT "
                        + casts(query, target.schema())
                        + " FROM (\n";
        String tail =
                "\n))"
                        + order(target)
                        + ") TO "
                        + Sql.literal(target.directory().toAbsolutePath().toString())
                        + " ("
                        + options(target, ordered)
                        + ")";
        List<Written> written =
                runner.query(
                        head + Statements.trimmed(text.sql()) + tail,
                        source.after(head),
                        rows -> read(rows, target.partitioning()));
        return keep(written, target.schema(), text.locate(0));
    }

    private static void check(Schema query, Schema table, Optional<Place> place) {
        Set<String> seen = new HashSet<>();
        for (Field field : query.fields()) {
            if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
                throw EngineErrors.doubleColumn(field.name(), place);
            }
        }
        List<String> extra = query.names().stream().filter(n -> table.find(n).isEmpty()).toList();
        if (!extra.isEmpty()) {
            throw EngineErrors.extraColumns(extra, table.names(), place);
        }
        for (Field field : table.fields()) {
            if (field.type() != Type.Primitive.VARIANT && holdsVariant(field.type())) {
                throw EngineErrors.nestedVariant(field.name(), place);
            }
            if (field.required() && query.find(field.name()).isEmpty()) {
                throw EngineErrors.missingRequired(field.name(), place);
            }
        }
    }

    private static boolean holdsVariant(Type type) {
        return switch (type) {
            case Type.Primitive p -> p == Type.Primitive.VARIANT;
            case Type.Decimal d -> false;
            case Type.Struct s -> s.fields().stream().anyMatch(f -> holdsVariant(f.type()));
            case Type.ListOf l -> holdsVariant(l.element().type());
            case Type.MapOf m -> holdsVariant(m.key().type()) || holdsVariant(m.value().type());
        };
    }

    private static String casts(Schema query, Schema table) {
        return table.fields().stream()
                .map(f -> cast(query, f) + " AS " + Sql.name(f.name()))
                .collect(Collectors.joining(", "));
    }

    /**
     * DuckDB lists the names in a variant as they came, and other readers look them up as if they
     * were sorted, as the format has it.
     */
    private static String cast(Schema query, Field field) {
        String cast =
                "CAST("
                        + query.find(field.name()).map(q -> Sql.name(q.name())).orElse("NULL")
                        + " AS "
                        + field.type().sql()
                        + ")";
        return field.type() == Type.Primitive.VARIANT ? "variant_normalize(" + cast + ")" : cast;
    }

    /**
     * The key of a row's partition. Among texts a mark tells null from the text NULL: DuckDB
     * reports both as NULL.
     */
    private static String partition(Schema schema, PartitionField field) {
        String value = PartitionSql.of(schema, field.column(), field.transform());
        return isNumber(field.transform())
                ? "(" + value + ")::BIGINT"
                : "'=' || (" + value + ")::VARCHAR";
    }

    /** Whether the values of a transform are whole numbers, for which no text need be made. */
    private static boolean isNumber(Transform transform) {
        return switch (transform) {
            case Transform.Bucket b -> true;
            case Transform.Year y -> true;
            case Transform.Month m -> true;
            case Transform.Day d -> true;
            case Transform.Hour h -> true;
            case Transform.Identity i -> false;
            case Transform.Truncate t -> false;
            case Transform.AlwaysNull n -> false;
        };
    }

    private static String columns(List<String> partitions) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < partitions.size(); i++) {
            sql.append(", ").append(partitions.get(i)).append(" AS ").append(PARTITION).append(i);
        }
        return sql.toString();
    }

    private static String order(WriteTarget target) {
        if (target.sortOrder().isEmpty()) {
            return "";
        }
        return target.sortOrder().stream()
                .map(s -> sort(target.schema(), s))
                .collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    private static String sort(Schema schema, SortField field) {
        return PartitionSql.of(schema, field.column(), field.transform())
                + (field.descending() ? " DESC" : " ASC")
                + (field.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
    }

    private static String options(WriteTarget target, boolean ordered) {
        StringBuilder options =
                new StringBuilder("FORMAT parquet, RETURN_STATS, ")
                        .append(encoding(target.options()))
                        .append("FILENAME_PATTERN '{uuidv7}', FIELD_IDS ")
                        .append(ids(target.schema().fields()));
        if (target.partitioning().isEmpty()) {
            options.append(", PER_THREAD_OUTPUT false");
            if (!ordered && target.sortOrder().isEmpty()) {
                options.append(", PRESERVE_ORDER false");
            }
        } else {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < target.partitioning().size(); i++) {
                names.add(PARTITION + i);
            }
            options.append(", PARTITION_BY (").append(String.join(", ", names)).append(")");
            options.append(", WRITE_PARTITION_COLUMNS false, HIVE_FILE_PATTERN false");
        }
        String variants = variants(target.schema());
        if (!variants.isEmpty()) {
            options.append(", SHREDDING {").append(variants).append("}");
        }
        return options.append(", APPEND true, FILE_SIZE_BYTES ")
                .append(target.targetFileBytes())
                .toString();
    }

    /** Not every reader of variants can put shredded ones together again. */
    private static String variants(Schema schema) {
        return schema.fields().stream()
                .filter(f -> f.type() == Type.Primitive.VARIANT)
                .map(f -> Sql.name(f.name()) + ": 'VARIANT'")
                .collect(Collectors.joining(", "));
    }

    /**
     * DuckDB makes Bloom filters where it writes a dictionary, and a dictionary where values
     * repeat. So for all columns to have one, dictionaries may be as large as a row group.
     */
    private static String encoding(FileOptions options) {
        StringBuilder sql = new StringBuilder("COMPRESSION ").append(options.codec()).append(", ");
        options.level().ifPresent(l -> sql.append("COMPRESSION_LEVEL ").append(l).append(", "));
        options.rowGroupRows().ifPresent(r -> sql.append("ROW_GROUP_SIZE ").append(r).append(", "));
        options.falsePositives()
                .ifPresent(f ->
                        sql.append("BLOOM_FILTER_FALSE_POSITIVE_RATIO ").append(f).append(", "));
        return switch (options.bloomFilters()) {
            case OF_REPEATED_VALUES -> sql.toString();
            case NONE -> sql.append("WRITE_BLOOM_FILTER false, ").toString();
            case ALL ->
                    sql.append("DICTIONARY_SIZE_LIMIT ")
                            .append(options.rowGroupRows().orElse(ROW_GROUP_ROWS))
                            .append(", STRING_DICTIONARY_PAGE_SIZE_LIMIT ")
                            .append(DICTIONARY_BYTES)
                            .append(", ")
                            .toString();
        };
    }

    private static String ids(List<Field> fields) {
        return fields.stream()
                .map(f -> Sql.name(f.name()) + ":" + id(f))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String id(Field field) {
        String own = "{__duckdb_field_id:" + field.id() + ",";
        return switch (field.type()) {
            case Type.Primitive p -> Integer.toString(field.id());
            case Type.Decimal d -> Integer.toString(field.id());
            case Type.Struct struct -> own + ids(struct.fields()).substring(1);
            case Type.ListOf list -> own + "element:" + id(list.element()) + "}";
            case Type.MapOf map -> own + "key:" + id(map.key()) + ",value:" + id(map.value()) + "}";
        };
    }

    private static @Nullable String value(PartitionField field, @Nullable Object key) {
        String text = key == null ? "" : key.toString();
        if (isNumber(field.transform())) {
            return text.isEmpty() || text.equals("NULL") ? null : text;
        }
        return text.startsWith("=") ? text.substring(1) : null;
    }

    private static List<Written> read(ResultSet rows, List<PartitionField> partitions)
            throws SQLException {
        List<Written> written = new ArrayList<>();
        while (rows.next()) {
            Map<?, ?> keys = (Map<?, ?>) rows.getObject("partition_keys");
            List<@Nullable String> values = new ArrayList<>();
            for (int i = 0; i < partitions.size(); i++) {
                Object key = keys == null ? null : keys.get(PARTITION + i);
                values.add(value(partitions.get(i), key));
            }
            written.add(
                    new Written(
                            new WrittenFile(
                                    Path.of(rows.getString("filename")),
                                    rows.getLong("count"),
                                    rows.getLong("file_size_bytes"),
                                    values),
                            nulls((Map<?, ?>) rows.getObject("column_statistics")),
                            endless((Map<?, ?>) rows.getObject("column_statistics"))));
        }
        return written;
    }

    private static Map<String, Long> nulls(Map<?, ?> statistics) {
        Map<String, Long> nulls = new HashMap<>();
        statistics.forEach((column, values) -> {
            Object count = ((Map<?, ?>) values).get("null_count");
            if (count != null) {
                nulls.put(column.toString(), Long.valueOf(count.toString()));
            }
        });
        return nulls;
    }

    private static Set<String> endless(Map<?, ?> statistics) {
        Set<String> endless = new HashSet<>();
        statistics.forEach((column, values) -> {
            Map<?, ?> told = (Map<?, ?>) values;
            if ("-infinity".equals(told.get("min")) || "infinity".equals(told.get("max"))) {
                endless.add(column.toString());
            }
        });
        return endless;
    }

    /** No format of tables has a time without an end; its number would be read as a far year. */
    private static void refuseEndless(
            List<Written> written, String before, List<Field> fields, Optional<Place> place) {
        for (Field field : fields) {
            String key = before + key(field);
            if (field.type() instanceof Type.Struct struct) {
                refuseEndless(written, key + ".", struct.fields(), place);
            } else if (TIMES.contains(field.type())
                    && written.stream().anyMatch(w -> w.endless().contains(key))) {
                written.forEach(w -> delete(w.file().path()));
                throw EngineErrors.endless(field, place);
            }
        }
    }

    /** Keeps files with rows; none at all when a column has what it must not. */
    private static List<WrittenFile> keep(
            List<Written> written, Schema schema, Optional<Place> place) {
        for (Field field : schema.fields()) {
            if (field.required()) {
                long nulls =
                        written.stream()
                                .mapToLong(w -> w.nulls().getOrDefault(key(field), 0L))
                                .sum();
                if (nulls > 0) {
                    TarnException error = EngineErrors.nullsInRequired(field.name(), nulls, place);
                    written.forEach(w -> delete(w.file().path()));
                    throw error;
                }
            }
        }
        refuseEndless(written, "", schema.fields(), place);
        List<WrittenFile> kept = new ArrayList<>();
        for (Written w : written) {
            if (w.file().rows() > 0) {
                kept.add(w.file());
            } else {
                delete(w.file().path());
            }
        }
        return kept;
    }

    private static String key(Field field) {
        return Sql.name(field.name());
    }

    private static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw EngineErrors.directory(directory, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw EngineErrors.directory(file, e);
        }
    }
}
