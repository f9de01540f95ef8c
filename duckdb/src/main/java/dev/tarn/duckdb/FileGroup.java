package dev.tarn.duckdb;

import dev.tarn.duckdb.FileShapes.FileShape;
import dev.tarn.duckdb.FileShapes.Part;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan.DataFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Files of a table that one scan can read by the names of their columns: what has the same name has
 * the same meaning and type in all of them, and what some of them lack reads as null.
 */
final class FileGroup {
    private static final int NO_FIELD = -1;

    private final Schema schema;
    private final Map<String, Column> columns = new HashMap<>();
    private final List<DataFile> files = new ArrayList<>();
    private int shapes;

    /** A column of the files; {@code field} is its place in the table's schema, if it has one. */
    private record Column(int field, List<Part> parts) {}

    FileGroup(Schema schema) {
        this.schema = schema;
    }

    /** Whether files of this kind can be read by name at all. */
    static boolean canRead(Schema schema, FileShape shape) {
        return shape.hasClearNames()
                && schema.fields().stream()
                        .allMatch(f -> shape.column(f.id()).map(c -> fits(f, c)).orElse(true));
    }

    private static boolean fits(Field field, List<Part> column) {
        List<Part> expected = FileShape.expected(field);
        return expected.size() == 1 ? column.size() == 1 : column.equals(expected);
    }

    /** Takes files of another kind in, if they can be read together with those that are here. */
    boolean join(FileShape shape) {
        Map<String, Column> others = columns(shape);
        if (shapes > 0 && !agrees(others)) {
            return false;
        }
        columns.putAll(others);
        shapes++;
        return true;
    }

    private boolean agrees(Map<String, Column> others) {
        boolean same =
                others.entrySet().stream()
                        .allMatch(e ->
                                e.getValue()
                                        .equals(columns.getOrDefault(e.getKey(), e.getValue())));
        for (int i = 0; same && i < schema.fields().size(); i++) {
            // What older files lack reads as the default, which no scan by name gives.
            boolean everywhere = name(i, columns).isPresent() == name(i, others).isPresent();
            same = name(i, columns).equals(name(i, others)) || !everywhere;
            same &= everywhere || schema.fields().get(i).initialDefault().isEmpty();
        }
        return same;
    }

    private Map<String, Column> columns(FileShape shape) {
        Map<String, Column> found = new HashMap<>();
        for (List<Part> parts : shape.columns()) {
            int field = NO_FIELD;
            for (int i = 0; i < schema.fields().size(); i++) {
                if (schema.fields().get(i).id() == parts.getFirst().id()) {
                    field = i;
                }
            }
            String name = parts.getFirst().name().toLowerCase(Locale.ROOT);
            found.put(name, new Column(field, parts));
        }
        return found;
    }

    private static Optional<String> name(int field, Map<String, Column> columns) {
        return columns.values().stream()
                .filter(c -> c.field() == field)
                .map(c -> c.parts().getFirst().name())
                .findFirst();
    }

    void add(DataFile file) {
        files.add(file);
    }

    List<DataFile> files() {
        return files;
    }

    /** The table's columns, as a SELECT without FROM. */
    String select() {
        StringJoiner select = new StringJoiner(", ", "SELECT ", "");
        for (int i = 0; i < schema.fields().size(); i++) {
            Field field = schema.fields().get(i);
            String value =
                    name(i, columns).map(Sql::name).orElse(field.initialDefault().orElse("NULL"));
            select.add(
                    "CAST("
                            + value
                            + " AS "
                            + field.type().sql()
                            + ") AS "
                            + Sql.name(field.name()));
        }
        return select.toString();
    }

    /** Whether DuckDB has to look at all files to know all columns. */
    boolean isMixed() {
        return shapes > 1;
    }
}
