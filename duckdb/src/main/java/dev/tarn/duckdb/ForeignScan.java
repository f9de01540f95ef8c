package dev.tarn.duckdb;

import dev.tarn.duckdb.FileTrees.Tree;
import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.ForeignFile;
import dev.tarn.model.table.ForeignFile.ColumnsBy;
import dev.tarn.model.table.ForeignFile.KeyDeletes;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns files that others wrote into SQL: files of the same kind are read together, by the names
 * they have themselves.
 */
final class ForeignScan {
    private static final ForeignFile PLAIN =
            ForeignFile.of(ColumnsBy.ID_ELSE_NAME, Map.of(), Map.of());

    private final StatementRunner runner;
    private final FileTrees trees;
    private final DeletedRowsFunction.Registrations deletions;

    ForeignScan(
            StatementRunner runner, FileTrees trees, DeletedRowsFunction.Registrations deletions) {
        this.runner = runner;
        this.trees = trees;
        this.deletions = deletions;
    }

    /** Columns that tell each row's file and place in it. */
    record Positions(String file, String position) {}

    /** A file and its number among all files of a scan. */
    private record Numbered(int number, DataFile file) {
        ForeignFile foreign() {
            return file.foreign().orElse(PLAIN);
        }
    }

    /** What files that are read together have in common. */
    private record Likeness(
            Tree tree,
            ColumnsBy columnsBy,
            Map<Integer, List<String>> names,
            Set<Integer> constants,
            List<KeyDeletes> keyDeletes,
            boolean whole) {}

    /** One SELECT for each kind of files. */
    List<String> selects(Schema schema, List<DataFile> files, @Nullable Positions positions) {
        Map<String, Tree> shapes = trees.of(files.stream().map(DataFile::path).toList(), runner);
        Map<String, DeletedRows> byPosition = PositionDeletes.read(files, runner);
        Map<Likeness, List<Numbered>> groups = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            DataFile file = withDeletes(files.get(i), byPosition);
            Numbered numbered = new Numbered(i, file);
            Tree tree = Objects.requireNonNull(shapes.get(file.path().toAbsolutePath().toString()));
            ForeignFile foreign = numbered.foreign();
            Likeness likeness =
                    new Likeness(
                            tree,
                            foreign.columnsBy(),
                            foreign.names(),
                            foreign.constants().keySet(),
                            foreign.keyDeletes(),
                            file.deleted().isEmpty());
            groups.computeIfAbsent(likeness, k -> new ArrayList<>()).add(numbered);
        }
        return groups.entrySet().stream()
                .map(e -> select(schema, e.getKey(), e.getValue(), positions))
                .toList();
    }

    private static DataFile withDeletes(DataFile file, Map<String, DeletedRows> byPosition) {
        @Nullable DeletedRows more =
                file.foreign().map(f -> f.positionDeletes().isEmpty()).orElse(true)
                        ? null
                        : byPosition.get(file.location());
        Optional<DeletedRows> deleted = file.deleted().filter(d -> d.count() > 0);
        if (more != null) {
            deleted = Optional.of(deleted.map(d -> PositionDeletes.both(d, more)).orElse(more));
        }
        return file.withDeleted(deleted);
    }

    private String select(
            Schema schema, Likeness likeness, List<Numbered> files, @Nullable Positions positions) {
        FileColumns columns = new FileColumns(likeness.tree(), files.getFirst().foreign());
        List<String> selected = new ArrayList<>();
        for (Field field : schema.fields()) {
            selected.add(column(field, columns, files) + " AS " + Sql.name(field.name()));
        }
        if (positions != null) {
            List<String> numbers = files.stream().map(f -> f.number() + "::BIGINT").toList();
            selected.add(perFile(numbers) + " AS " + Sql.name(positions.file()));
            selected.add("file_row_number AS " + Sql.name(positions.position()));
        }
        List<String> outside = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (KeyDeletes deletes : likeness.keyDeletes()) {
            List<String> keys = new ArrayList<>();
            for (Field key : deletes.keys()) {
                String name = "__tarn_key_" + outside.size();
                outside.add(column(key, columns, files) + " AS " + Sql.name(name));
                keys.add(name);
            }
            conditions.add(goneByKey(deletes, keys));
        }
        String where = likeness.whole() ? "" : " WHERE " + live(files);
        String from = " FROM " + read(files) + where;
        if (conditions.isEmpty()) {
            return "SELECT " + String.join(", ", selected) + from;
        }
        String shown = Sql.names(schema.names());
        if (positions != null) {
            shown += ", " + Sql.names(List.of(positions.file(), positions.position()));
        }
        selected.addAll(outside);
        return "SELECT %s FROM (SELECT %s%s) AS tarn_rows WHERE %s"
                .formatted(
                        shown, String.join(", ", selected), from, String.join(" AND ", conditions));
    }

    /** What a column of the table reads as in files of one kind. */
    private static String column(Field field, FileColumns columns, List<Numbered> files) {
        // What the table says of a file counts, whatever the file holds itself; only bytes are
        // better
        // read than written as text.
        Optional<String> said =
                field.type() == Type.Primitive.BINARY && columns.find(field).isPresent()
                        ? Optional.empty()
                        : constant(field, files);
        return said.or(() -> columns.expression(field)).orElseGet(() -> FileColumns.missing(field));
    }

    private static Optional<String> constant(Field field, List<Numbered> files) {
        if (!files.getFirst().foreign().constants().containsKey(field.id())) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (Numbered file : files) {
            Optional<String> text =
                    Objects.requireNonNull(file.foreign().constants().get(field.id()));
            texts.add(text.map(Sql::literal).orElse("NULL"));
        }
        return Optional.of(FileColumns.cast("(" + perFile(texts) + ")::VARCHAR", field.type()));
    }

    /** A value that depends on the file alone. */
    private static String perFile(List<String> values) {
        return values.stream().distinct().count() == 1
                ? values.getFirst()
                : "[" + String.join(", ", values) + "][file_index::BIGINT + 1]";
    }

    private String live(List<Numbered> files) {
        List<DeletedRows> deleted =
                files.stream()
                        .map(f -> f.file().deleted().orElse(DeletedRowsFunction.NONE))
                        .toList();
        return deletions.live(deleted, "file_index", "file_row_number");
    }

    private String goneByKey(KeyDeletes deletes, List<String> keys) {
        List<Field> fields = new ArrayList<>();
        StringBuilder equal = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            String name = "__tarn_gone_" + i;
            fields.add(deletes.keys().get(i).withName(name));
            equal.append(i == 0 ? "" : " AND ")
                    .append("tarn_gone.")
                    .append(name)
                    .append(" IS NOT DISTINCT FROM tarn_rows.")
                    .append(keys.get(i));
        }
        Map<Integer, List<String>> names = new HashMap<>();
        deletes.keys().forEach(k -> names.put(k.id(), List.of(k.name())));
        List<DataFile> files = new ArrayList<>();
        for (DataFile file : deletes.files()) {
            ForeignFile foreign = file.foreign().orElse(PLAIN);
            names.putAll(foreign.names());
            files.add(
                    new DataFile(
                            file.location(),
                            file.path(),
                            file.rows(),
                            file.bytes(),
                            file.deleted(),
                            Optional.of(
                                    ForeignFile.of(
                                            foreign.columnsBy(), names, foreign.constants()))));
        }
        String gone = String.join(" UNION ALL ", selects(new Schema(fields), files, null));
        return "NOT EXISTS (SELECT 1 FROM (%s) AS tarn_gone WHERE %s)".formatted(gone, equal);
    }

    private static String read(List<Numbered> files) {
        String paths =
                files.stream()
                        .map(f -> Sql.literal(absolute(f.file().path())))
                        .collect(Collectors.joining(", ", "[", "]"));
        return "read_parquet(" + paths + ", hive_partitioning = false, union_by_name = false)";
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().toString();
    }

    /** Whether a scan has files that must be read here. */
    static boolean isNeeded(List<DataFile> files) {
        Set<Boolean> foreign = new LinkedHashSet<>();
        files.forEach(f -> foreign.add(f.foreign().isPresent()));
        return foreign.contains(true);
    }
}
