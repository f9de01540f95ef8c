package dev.tarn.duckdb;

import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Turns a table's scan into SQL that reads its files by the ids of their columns. */
final class ParquetScan {
    private final DeletedRowsFunction.Registrations deletions;

    ParquetScan(DeletedRowsFunction.Registrations deletions) {
        this.deletions = deletions;
    }

    String select(TableScan scan) {
        List<DataFile> clean = new ArrayList<>();
        List<DataFile> dirty = new ArrayList<>();
        for (DataFile file : scan.files()) {
            boolean whole = file.deleted().map(d -> d.count() == 0).orElse(true);
            (whole ? clean : dirty).add(file);
        }
        List<String> parts = new ArrayList<>();
        if (!clean.isEmpty()) {
            parts.add(columns(scan) + read(scan, clean));
        }
        if (!dirty.isEmpty()) {
            List<DeletedRows> deleted = dirty.stream().map(f -> f.deleted().orElseThrow()).toList();
            parts.add(
                    columns(scan)
                            + read(scan, dirty)
                            + " WHERE "
                            + deletions.live(deleted, "file_index", "file_row_number"));
        }
        return parts.isEmpty() ? empty(scan.schema()) : String.join(" UNION ALL ", parts);
    }

    /** A scan that also tells each row's file, as an index into the files, and its position. */
    String selectWithPositions(TableScan scan, String fileColumn, String positionColumn) {
        String positions =
                "file_index::BIGINT AS "
                        + Sql.name(fileColumn)
                        + ", file_row_number AS "
                        + Sql.name(positionColumn);
        if (scan.files().isEmpty()) {
            return "SELECT *, 0::BIGINT AS "
                    + Sql.name(fileColumn)
                    + ", 0::BIGINT AS "
                    + Sql.name(positionColumn)
                    + " FROM ("
                    + empty(scan.schema())
                    + ")";
        }
        String select =
                "SELECT "
                        + Sql.names(scan.schema().names())
                        + ", "
                        + positions
                        + read(scan.schema(), scan.files());
        if (scan.files().stream().noneMatch(f -> f.deleted().isPresent())) {
            return select;
        }
        List<DeletedRows> deleted =
                scan.files().stream()
                        .map(f -> f.deleted().orElse(DeletedRowsFunction.NONE))
                        .toList();
        return select + " WHERE " + deletions.live(deleted, "file_index", "file_row_number");
    }

    /** Casts to a type that a column has already cost nothing. */
    private static String columns(TableScan scan) {
        if (!scan.uniform()) {
            return "SELECT " + Sql.names(scan.schema().names());
        }
        return scan.schema().fields().stream()
                .map(f -> {
                    String name = Sql.name(f.name());
                    return "CAST(" + name + " AS " + f.type().sql() + ") AS " + name;
                })
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    /**
     * Without a schema, DuckDB looks into the files while it plans and learns how many rows and
     * which values there are; with one it does not, and guesses in which order to join.
     */
    private static String read(TableScan scan, List<DataFile> files) {
        return scan.uniform()
                ? " FROM read_parquet("
                        + literals(paths(files))
                        + ", hive_partitioning = false, union_by_name = false)"
                : read(scan.schema(), files);
    }

    private static List<Path> paths(List<DataFile> files) {
        return files.stream().map(DataFile::path).toList();
    }

    private static String literals(List<Path> paths) {
        return Sql.literals(paths.stream().map(p -> p.toAbsolutePath().toString()).toList());
    }

    private static String empty(Schema schema) {
        return schema.fields().stream()
                .map(f -> "NULL::" + f.type().sql() + " AS " + Sql.name(f.name()))
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }

    private static String read(Schema schema, List<DataFile> files) {
        return read(schema, paths(files), false);
    }

    /** Reads columns by their ids; DuckDB plans this without a look into the files. */
    static String read(Schema schema, List<Path> files, boolean numbered) {
        return " FROM read_parquet("
                + literals(files)
                + (numbered ? ", file_row_number = true" : "")
                + ", schema = "
                + fields(schema.fields())
                + ")";
    }

    private static String fields(List<Field> fields) {
        return fields.stream()
                .map(ParquetScan::field)
                .collect(Collectors.joining(",", "MAP{", "}"));
    }

    private static String field(Field field) {
        return field.id()
                + ":{name:"
                + Sql.literal(field.name())
                + ",type:"
                + Sql.literal(field.type().sql())
                + ",default_value:"
                + field.initialDefault().map(ParquetScan::value).orElse("NULL")
                + ",children:"
                + children(field.type())
                + "}";
    }

    /** A literal's text as the value DuckDB casts to the column's type. */
    private static String value(String literal) {
        return "(" + literal + ")::VARCHAR";
    }

    private static String children(Type type) {
        return switch (type) {
            case Type.Primitive p -> "NULL";
            case Type.Decimal d -> "NULL";
            case Type.Struct struct -> fields(struct.fields());
            case Type.ListOf list -> fields(List.of(list.element().withName("element")));
            case Type.MapOf map ->
                    fields(List.of(map.key().withName("key"), map.value().withName("value")));
        };
    }
}
