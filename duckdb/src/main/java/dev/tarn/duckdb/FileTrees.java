package dev.tarn.duckdb;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the footers of Parquet files say of their columns, down to the innermost, with
 * ids where the files have some. Files never change, so what was read is kept for the newest few
 * thousand. Safe for use by many threads.
 */
final class FileTrees {
    private static final int REMEMBERED = 4_096;
    private static final int AT_ONCE = 512;

    private final Map<String, Tree> remembered =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Tree> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /** What a column or a part of one is made of. */
    enum Kind {
        LEAF,
        STRUCT,
        LIST,
        MAP
    }

    /**
     * A column or a part of one.
     *
     * @param id negative when the file gives none
     * @param type DuckDB's own text
     * @param parts the fields of a struct, the element of a list, key and value of a map
     */
    record Node(String name, int id, String type, Kind kind, List<Node> parts) {
        Node {
            parts = List.copyOf(parts);
        }

        boolean hasIds() {
            return id >= 0 || parts.stream().anyMatch(Node::hasIds);
        }
    }

    /** The columns of one file, in order. */
    record Tree(List<Node> columns) {
        Tree {
            columns = List.copyOf(columns);
        }

        boolean hasIds() {
            return columns.stream().anyMatch(Node::hasIds);
        }
    }

    /** The trees of files by their absolute paths. */
    Map<String, Tree> of(Collection<Path> files, StatementRunner runner) {
        Map<String, Tree> trees = new HashMap<>();
        Set<String> unknown = new LinkedHashSet<>();
        synchronized (remembered) {
            for (Path file : files) {
                String path = file.toAbsolutePath().toString();
                @Nullable Tree known = remembered.get(path);
                if (known == null) {
                    unknown.add(path);
                } else {
                    trees.put(path, known);
                }
            }
        }
        List<String> missing = List.copyOf(unknown);
        for (int from = 0; from < missing.size(); from += AT_ONCE) {
            Map<String, Tree> read =
                    read(missing.subList(from, Math.min(from + AT_ONCE, missing.size())), runner);
            synchronized (remembered) {
                remembered.putAll(read);
            }
            trees.putAll(read);
        }
        return trees;
    }

    private static Map<String, Tree> read(List<String> paths, StatementRunner runner) {
        return runner.query(
                "SELECT file_name, name, num_children, field_id, duckdb_type, repetition_type FROM"
                        + " parquet_schema("
                        + Sql.literals(paths)
                        + ") ORDER BY file_name, column_id",
                Source.OURS,
                FileTrees::read);
    }

    private static Map<String, Tree> read(ResultSet rows) throws SQLException {
        Map<String, List<Element>> files = new LinkedHashMap<>();
        while (rows.next()) {
            int id = rows.getInt(4);
            boolean hasId = !rows.wasNull();
            @Nullable String type = rows.getString(5);
            files.computeIfAbsent(rows.getString(1), f -> new ArrayList<>())
                    .add(
                            new Element(
                                    rows.getString(2),
                                    (int) rows.getLong(3),
                                    hasId ? id : -1,
                                    type == null ? "" : type,
                                    "REPEATED".equals(rows.getString(6))));
        }
        Map<String, Tree> trees = new HashMap<>();
        files.forEach((file, elements) -> trees.put(file, new Tree(columns(elements))));
        return trees;
    }

    /** One line of a footer; what has children is followed by them. */
    private record Element(String name, int children, int id, String type, boolean repeated) {}

    /** An element with what is inside it, as the file itself nests it. */
    private record Group(Element element, List<Group> children) {}

    private static List<Node> columns(List<Element> elements) {
        if (elements.isEmpty()) {
            return List.of();
        }
        int[] next = {0};
        return group(elements, next).children().stream().map(FileTrees::node).toList();
    }

    private static Group group(List<Element> elements, int[] next) {
        Element element = elements.get(next[0]);
        next[0]++;
        List<Group> children = new ArrayList<>();
        for (int i = 0; i < element.children() && next[0] < elements.size(); i++) {
            children.add(group(elements, next));
        }
        return new Group(element, children);
    }

    private static Node node(Group group) {
        Element element = group.element();
        String type = element.type();
        if (group.children().isEmpty()) {
            return new Node(element.name(), element.id(), type, Kind.LEAF, List.of());
        }
        Group first = group.children().getFirst();
        if (type.endsWith("[]")) {
            boolean wrapped = first.element().type().equals(type) && first.children().size() == 1;
            Group inner = wrapped ? first.children().getFirst() : first;
            // A repeated group without a list around it is a list of what is inside the group.
            List<Node> parts =
                    element.repeated() && !first.element().repeated()
                            ? List.of(struct(group, type.substring(0, type.length() - 2)))
                            : List.of(node(inner));
            return new Node(element.name(), element.id(), type, Kind.LIST, parts);
        }
        if (type.startsWith("MAP(") && first.children().size() == 2) {
            List<Node> parts = first.children().stream().map(FileTrees::node).toList();
            return new Node(element.name(), element.id(), type, Kind.MAP, parts);
        }
        return type.startsWith("STRUCT(")
                ? struct(group, type)
                : new Node(element.name(), element.id(), type, Kind.LEAF, List.of());
    }

    private static Node struct(Group group, String type) {
        return new Node(
                group.element().name(),
                group.element().id(),
                type,
                Kind.STRUCT,
                group.children().stream().map(FileTrees::node).toList());
    }
}
