package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which columns data files have, from their footers. Files never change, so what was read is kept
 * for the newest few thousand. Safe for use by many threads.
 */
final class FileShapes {
    private static final int REMEMBERED = 8_192;

    /** Reading more footers than this costs more than it saves. */
    private static final int MOST_READ = 1_024;

    private final Map<String, FileShape> remembered =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, FileShape> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private final FileTrees trees = new FileTrees();

    /** The same of files that others wrote, in full. */
    FileTrees trees() {
        return trees;
    }

    /** The columns of a file, in order. */
    record FileShape(List<Part> parts) {
        FileShape {
            parts = List.copyOf(parts);
        }

        /**
         * Whether names and ids lead to the same columns: DuckDB gives other names to columns that
         * differ in case only.
         */
        boolean hasClearNames() {
            List<String> names =
                    parts.stream()
                            .filter(p -> p.depth() == 0)
                            .map(p -> p.name().toLowerCase(Locale.ROOT))
                            .toList();
            return names.stream().distinct().count() == names.size()
                    && parts.stream().allMatch(p -> p.id() >= 0);
        }

        /** Each column with what is inside it, in order. */
        List<List<Part>> columns() {
            List<List<Part>> columns = new ArrayList<>();
            int start = 0;
            for (int i = 1; i <= parts.size(); i++) {
                if (i == parts.size() || parts.get(i).depth() == 0) {
                    columns.add(parts.subList(start, i));
                    start = i;
                }
            }
            return columns;
        }

        /** The column with an id, and what is inside it. */
        Optional<List<Part>> column(int id) {
            return columns().stream().filter(c -> c.getFirst().id() == id).findFirst();
        }

        /** How a field of a table is found in files that have it as it is now. */
        static List<Part> expected(Field field) {
            List<Part> parts = new ArrayList<>();
            expect(field, 0, parts);
            return parts;
        }

        private static void expect(Field field, int depth, List<Part> parts) {
            Type type = field.type();
            boolean leaf = type instanceof Type.Primitive || type instanceof Type.Decimal;
            parts.add(new Part(depth, field.name(), field.id(), leaf ? type.sql() : ""));
            switch (type) {
                case Type.Primitive p -> {}
                case Type.Decimal d -> {}
                case Type.Struct s -> s.fields().forEach(f -> expect(f, depth + 1, parts));
                case Type.ListOf l -> expect(l.element().withName("element"), depth + 1, parts);
                case Type.MapOf m -> {
                    expect(m.key().withName("key"), depth + 1, parts);
                    expect(m.value().withName("value"), depth + 1, parts);
                }
            }
        }
    }

    /**
     * A column, or a part of one that has an id.
     *
     * @param depth 0 for a column
     * @param type DuckDB's own text; empty for what has parts
     */
    record Part(int depth, String name, int id, String type) {}

    /** The shapes of files by their paths; without those that were not worth reading. */
    Map<String, FileShape> of(List<DataFile> files, StatementRunner runner) {
        Map<String, FileShape> shapes = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        synchronized (remembered) {
            for (DataFile file : files) {
                String path = file.path().toAbsolutePath().toString();
                FileShape known = remembered.get(path);
                if (known == null) {
                    unknown.add(path);
                } else {
                    shapes.put(path, known);
                }
            }
        }
        if (unknown.isEmpty() || unknown.size() > MOST_READ) {
            return shapes;
        }
        Map<String, FileShape> read =
                runner.query(
                        "SELECT file_name, name, num_children, field_id, duckdb_type FROM"
                                + " parquet_schema("
                                + Sql.literals(unknown)
                                + ") ORDER BY file_name, column_id",
                        Source.OURS,
                        FileShapes::read);
        synchronized (remembered) {
            remembered.putAll(read);
        }
        shapes.putAll(read);
        return shapes;
    }

    private static Map<String, FileShape> read(ResultSet rows) throws SQLException {
        Map<String, List<Element>> files = new LinkedHashMap<>();
        while (rows.next()) {
            long children = rows.getLong(3);
            int id = rows.getInt(4);
            boolean hasId = !rows.wasNull();
            files.computeIfAbsent(rows.getString(1), f -> new ArrayList<>())
                    .add(
                            new Element(
                                    rows.getString(2),
                                    (int) children,
                                    hasId ? id : -1,
                                    Optional.ofNullable(rows.getString(5)).orElse("")));
        }
        return files.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> shape(e.getValue())));
    }

    /** One line of a footer; what has children is followed by them. */
    private record Element(String name, int children, int id, String type) {}

    private static FileShape shape(List<Element> elements) {
        List<Part> parts = new ArrayList<>();
        // How many children are still to come at each level; the first element is the file itself.
        List<Integer> open = new ArrayList<>();
        int ids = 0;
        List<Boolean> counted = new ArrayList<>();
        for (Element element :
                elements.isEmpty() ? elements : elements.subList(1, elements.size())) {
            while (!open.isEmpty() && open.getLast() == 0) {
                open.removeLast();
                ids -= counted.removeLast() ? 1 : 0;
            }
            if (!open.isEmpty()) {
                open.set(open.size() - 1, open.getLast() - 1);
            }
            boolean column = open.isEmpty();
            boolean named = column || element.id() >= 0;
            if (named) {
                String type = element.children() > 0 ? "" : element.type();
                parts.add(new Part(column ? 0 : ids, element.name(), element.id(), type));
            }
            if (element.children() > 0) {
                open.add(element.children());
                counted.add(named);
                ids += named ? 1 : 0;
            }
        }
        return new FileShape(Collections.unmodifiableList(parts));
    }
}
