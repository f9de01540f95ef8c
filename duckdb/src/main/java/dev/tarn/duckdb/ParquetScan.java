package dev.tarn.duckdb;

import dev.tarn.duckdb.FileShapes.FileShape;
import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns a table's scan into SQL. Without a schema, DuckDB looks into the files while it plans and
 * learns how many rows and which values there are; with one, which finds columns by their ids, it
 * does not, and guesses in which order to join. So files that have the same columns are read
 * together by name, and by id only those of which there is nothing better to be known.
 */
final class ParquetScan {
    /** What does not fit into this many scans by name is read by id. */
    private static final int MOST_GROUPS = 4;

    private final DeletedRowsFunction.Registrations deletions;
    private final Optional<PlacedRows> placed;

    ParquetScan(DeletedRowsFunction.Registrations deletions) {
        this(deletions, Optional.empty());
    }

    /**
     * @param placed how rows tell where they stand, where they are asked
     */
    ParquetScan(DeletedRowsFunction.Registrations deletions, Optional<PlacedRows> placed) {
        this.deletions = deletions;
        this.placed = placed;
    }

    /** What to select from files, and how they are read. */
    private record Way(String columns, Kind kind) {}

    /** How columns are found in files. */
    private enum Kind {
        BY_NAME,
        BY_NAMES_OF_ALL,
        BY_ID
    }

    String select(TableScan scan, FileShapes shapes, StatementRunner runner) {
        if (placed.isEmpty()) {
            return select(scan, scan.schema(), scan.uniform(), shapes, runner);
        }
        // Some files have the ids of their rows as columns, others do not.
        Schema read = PlacedRows.read(scan.schema());
        String select = select(scan, read, false, shapes, runner);
        return scan.files().isEmpty() ? PlacedRows.none(scan.schema(), select) : select;
    }

    private String select(
            TableScan scan,
            Schema schema,
            boolean uniform,
            FileShapes shapes,
            StatementRunner runner) {
        List<DataFile> clean = new ArrayList<>();
        List<DataFile> dirty = new ArrayList<>();
        List<DataFile> foreign = new ArrayList<>();
        for (DataFile file : scan.files()) {
            if (file.foreign().isPresent()) {
                foreign.add(file);
                continue;
            }
            boolean whole = file.deleted().map(d -> d.count() == 0).orElse(true);
            (whole ? clean : dirty).add(file);
        }
        List<String> parts = new ArrayList<>();
        for (List<DataFile> files : List.of(clean, dirty)) {
            if (uniform) {
                read(new Way(casts(schema), Kind.BY_NAME), schema, files, parts);
            } else if (!files.isEmpty()) {
                group(schema, files, shapes.of(files, runner), parts);
            }
        }
        if (!foreign.isEmpty()) {
            parts.addAll(foreign(schema, foreign, shapes.trees(), runner));
        }
        return parts.isEmpty() ? empty(schema) : String.join(" UNION ALL ", parts);
    }

    private List<String> foreign(
            Schema schema, List<DataFile> files, FileTrees trees, StatementRunner runner) {
        ForeignScan scan = new ForeignScan(runner, trees, deletions);
        if (placed.isEmpty()) {
            return scan.selects(schema, files, null);
        }
        return scan.selects(schema, files, PlacedRows.FOREIGN).stream()
                .map(select -> placed.get().select(schema, files, select))
                .toList();
    }

    private void group(
            Schema schema,
            List<DataFile> files,
            Map<String, FileShape> shapes,
            List<String> parts) {
        List<FileGroup> groups = new ArrayList<>();
        Map<FileShape, Optional<FileGroup>> known = new HashMap<>();
        List<DataFile> others = new ArrayList<>();
        for (DataFile file : files) {
            FileShape shape = shapes.get(file.path().toAbsolutePath().toString());
            if (shape == null) {
                others.add(file);
            } else {
                known.computeIfAbsent(shape, s -> group(schema, s, groups))
                        .ifPresentOrElse(group -> group.add(file), () -> others.add(file));
            }
        }
        for (FileGroup group : groups) {
            Kind kind = group.isMixed() ? Kind.BY_NAMES_OF_ALL : Kind.BY_NAME;
            read(new Way(group.select(), kind), schema, group.files(), parts);
        }
        read(new Way("SELECT " + Sql.names(schema.names()), Kind.BY_ID), schema, others, parts);
    }

    private static Optional<FileGroup> group(
            Schema schema, FileShape shape, List<FileGroup> groups) {
        if (!FileGroup.canRead(schema, shape)) {
            return Optional.empty();
        }
        for (FileGroup group : groups) {
            if (group.join(shape)) {
                return Optional.of(group);
            }
        }
        if (groups.size() == MOST_GROUPS) {
            return Optional.empty();
        }
        FileGroup group = new FileGroup(schema);
        group.join(shape);
        groups.add(group);
        return Optional.of(group);
    }

    /** Files of which all have deleted rows, or none. */
    private void read(Way way, Schema schema, List<DataFile> files, List<String> parts) {
        if (files.isEmpty()) {
            return;
        }
        String select =
                way.columns()
                        + placed.map(PlacedRows::columns).orElse("")
                        + from(way, schema, files);
        List<DeletedRows> deleted =
                files.stream()
                        .flatMap(f -> f.deleted().stream())
                        .filter(d -> d.count() > 0)
                        .toList();
        String live =
                deleted.isEmpty()
                        ? select
                        : select
                                + " WHERE "
                                + deletions.live(deleted, "file_index", "file_row_number");
        parts.add(placed.map(p -> p.select(schema, files, live)).orElse(live));
    }

    private static String from(Way way, Schema schema, List<DataFile> files) {
        return way.kind() == Kind.BY_ID
                ? read(schema, files)
                : " FROM read_parquet("
                        + literals(paths(files))
                        + ", hive_partitioning = false, union_by_name = "
                        + (way.kind() == Kind.BY_NAMES_OF_ALL)
                        + ")";
    }

    /** A scan that also tells each row's file, as an index into the files, and its position. */
    String selectWithPositions(
            TableScan scan,
            String fileColumn,
            String positionColumn,
            FileTrees trees,
            StatementRunner runner) {
        if (ForeignScan.isNeeded(scan.files())) {
            return String.join(
                    " UNION ALL ",
                    new ForeignScan(runner, trees, deletions)
                            .selects(
                                    scan.schema(),
                                    scan.files(),
                                    new ForeignScan.Positions(fileColumn, positionColumn)));
        }
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
    private static String casts(Schema schema) {
        return schema.fields().stream()
                .map(f -> {
                    String name = Sql.name(f.name());
                    return "CAST(" + name + " AS " + f.type().sql() + ") AS " + name;
                })
                .collect(Collectors.joining(", ", "SELECT ", ""));
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
