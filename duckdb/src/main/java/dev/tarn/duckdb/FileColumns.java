package dev.tarn.duckdb;

import dev.tarn.duckdb.FileTrees.Kind;
import dev.tarn.duckdb.FileTrees.Node;
import dev.tarn.duckdb.FileTrees.Tree;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.ForeignFile;
import dev.tarn.model.table.ForeignFile.ColumnsBy;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes down a table's columns in terms of a file's: as they are where both agree, else put
 * together from their parts.
 */
final class FileColumns {
    private final Tree tree;
    private final boolean byId;
    private final Map<Integer, List<String>> names;
    private int lambdas;

    FileColumns(Tree tree, ForeignFile foreign) {
        this.tree = tree;
        this.names = foreign.names();
        this.byId =
                foreign.columnsBy() == ColumnsBy.ID
                        || (foreign.columnsBy() == ColumnsBy.ID_ELSE_NAME && tree.hasIds());
    }

    /** The column of the file that a column of the table is kept in. */
    Optional<Node> find(Field column) {
        return find(tree.columns(), column);
    }

    private Optional<Node> find(List<Node> among, Field wanted) {
        if (byId) {
            return among.stream().filter(n -> n.id() == wanted.id()).findFirst();
        }
        List<String> candidates = names.getOrDefault(wanted.id(), List.of(wanted.name()));
        for (String name : candidates) {
            Optional<Node> exact = among.stream().filter(n -> n.name().equals(name)).findFirst();
            if (exact.isPresent()) {
                return exact;
            }
        }
        return among.stream()
                .filter(n -> candidates.stream().anyMatch(n.name()::equalsIgnoreCase))
                .findFirst();
    }

    /** A column of the table, cast to its type; empty if the file does not have it. */
    Optional<String> expression(Field column) {
        return find(column)
                .map(n -> cast(value(column.type(), Sql.name(n.name()), n), column.type()));
    }

    static String cast(String value, Type type) {
        return "CAST(" + value + " AS " + type.sql() + ")";
    }

    /** What a field reads as in files that lack it. */
    static String missing(Field field) {
        return cast(field.initialDefault().orElse("NULL"), field.type());
    }

    private String value(Type wanted, String sql, Node have) {
        return switch (wanted) {
            case Type.Primitive p -> isPlainVariant(p, have) ? variant(sql, have) : sql;
            case Type.Decimal d -> sql;
            case Type.Struct s when have.kind() == Kind.STRUCT && !same(s, have) ->
                    struct(s, sql, have);
            case Type.ListOf l when have.kind() == Kind.LIST && !same(l, have) ->
                    list(l, sql, have);
            case Type.MapOf m when have.kind() == Kind.MAP && !same(m, have) -> map(m, sql, have);
            default -> sql;
        };
    }

    /** Whether all parts have the same names in the same order, so that a cast will do. */
    private boolean same(Type wanted, Node have) {
        return switch (wanted) {
            case Type.Primitive p -> !isPlainVariant(p, have);
            case Type.Decimal d -> true;
            case Type.Struct s -> {
                boolean same =
                        have.kind() == Kind.STRUCT && have.parts().size() == s.fields().size();
                for (int i = 0; same && i < s.fields().size(); i++) {
                    Field field = s.fields().get(i);
                    Node part = have.parts().get(i);
                    same =
                            find(have.parts(), field).filter(part::equals).isPresent()
                                    && part.name().equals(field.name())
                                    && same(field.type(), part);
                }
                yield same;
            }
            case Type.ListOf l ->
                    have.kind() == Kind.LIST && same(l.element().type(), have.parts().getFirst());
            case Type.MapOf m ->
                    have.kind() == Kind.MAP
                            && same(m.key().type(), have.parts().getFirst())
                            && same(m.value().type(), have.parts().getLast());
        };
    }

    /** Whether a variant is kept in a group that does not say that it is one. */
    private static boolean isPlainVariant(Type.Primitive wanted, Node have) {
        return wanted == Type.Primitive.VARIANT && have.kind() == Kind.STRUCT;
    }

    private static String variant(String sql, Node have) {
        List<String> parts = have.parts().stream().map(Node::name).sorted().toList();
        if (!parts.equals(List.of("metadata", "value"))) {
            throw FileErrors.shreddedVariant(have.name(), parts);
        }
        return "variant_bytes_to_variant((%1$s).metadata || (%1$s).value)".formatted(sql);
    }

    private String struct(Type.Struct wanted, String sql, Node have) {
        List<String> fields = new ArrayList<>();
        for (Field field : wanted.fields()) {
            String value =
                    find(have.parts(), field)
                            .map(part ->
                                    cast(
                                            value(
                                                    field.type(),
                                                    "(" + sql + ")." + Sql.name(part.name()),
                                                    part),
                                            field.type()))
                            .orElseGet(() -> missing(field));
            fields.add(Sql.name(field.name()) + " := " + value);
        }
        return whenPresent(sql, "struct_pack(" + String.join(", ", fields) + ")");
    }

    private String list(Type.ListOf wanted, String sql, Node have) {
        String each = "tarn_e" + lambdas++;
        String element = value(wanted.element().type(), each, have.parts().getFirst());
        return "list_transform(" + sql + ", lambda " + each + ": " + element + ")";
    }

    private String map(Type.MapOf wanted, String sql, Node have) {
        String each = "tarn_e" + lambdas++;
        String key = value(wanted.key().type(), each + ".key", have.parts().getFirst());
        String value = value(wanted.value().type(), each + ".value", have.parts().getLast());
        return whenPresent(
                sql,
                "map_from_entries(list_transform(map_entries("
                        + sql
                        + "), lambda "
                        + each
                        + ": struct_pack(k := "
                        + key
                        + ", v := "
                        + value
                        + ")))");
    }

    private static String whenPresent(String sql, String value) {
        return "CASE WHEN " + sql + " IS NULL THEN NULL ELSE " + value + " END";
    }
}
