package dev.tarn.demo;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The checks that a project's YAML files ask for, run in a plain DuckDB. */
final class GenericChecks {
    private static final Pattern REF = Pattern.compile("ref\\('(\\w+)'\\)");

    private final ShopWarehouse warehouse;

    GenericChecks(ShopWarehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** How many rows each finds, by its name. */
    Map<String, Long> run() throws SQLException {
        Map<String, Long> found = new TreeMap<>();
        List<Path> files = new ArrayList<>(warehouse.files("models", ".yml"));
        files.addAll(warehouse.files("seeds", ".yml"));
        for (Path file : files) {
            Map<?, ?> top = yaml(file);
            for (String kind : List.of("models", "seeds")) {
                for (Map<?, ?> node : maps(top.get(kind))) {
                    node(node, found);
                }
            }
        }
        return found;
    }

    private void node(Map<?, ?> node, Map<String, Long> found) throws SQLException {
        String table = String.valueOf(node.get("name"));
        for (Map<?, ?> column : maps(node.get("columns"))) {
            String name = String.valueOf(column.get("name"));
            warehouse.number("select count(%s) from %s".formatted(name, warehouse.relation(table)));
            for (Object check : list(column.get("data_tests"))) {
                check(table, name, check, found);
            }
        }
    }

    private void check(String table, String column, Object check, Map<String, Long> found)
            throws SQLException {
        Map.Entry<?, ?> entry =
                check instanceof Map<?, ?> map
                        ? map.entrySet().iterator().next()
                        : Map.entry(check, Map.of());
        String kind = String.valueOf(entry.getKey());
        Map<?, ?> body = (Map<?, ?>) entry.getValue();
        Map<?, ?> arguments = body.get("arguments") instanceof Map<?, ?> map ? map : Map.of();
        String relation = warehouse.relation(table);
        String sql =
                switch (kind) {
                    case "unique" ->
                            ("select %2$s from %1$s where %2$s is not null"
                                            + " group by 1 having count(*) > 1")
                                    .formatted(relation, column);
                    case "not_null" ->
                            "select 1 from %s where %s is null".formatted(relation, column);
                    case "accepted_values" ->
                            "select 1 from %s where %s not in (%s)"
                                    .formatted(relation, column, values(arguments));
                    case "relationships" ->
                            ("select 1 from %1$s where %2$s is not null"
                                            + " and %2$s not in (select %4$s from %3$s)")
                                    .formatted(
                                            relation,
                                            column,
                                            target(arguments),
                                            arguments.get("field"));
                    default -> throw new IllegalArgumentException("Unknown check " + kind);
                };
        Object name = body.get("name");
        found.put(
                name == null ? kind + "_" + table + "_" + column : name.toString(),
                warehouse.number("select count(*) from (" + sql + ")"));
    }

    private static String values(Map<?, ?> arguments) {
        return list(arguments.get("values")).stream()
                .map(value -> "'" + value + "'")
                .collect(Collectors.joining(", "));
    }

    private String target(Map<?, ?> arguments) {
        Matcher m = REF.matcher(String.valueOf(arguments.get("to")));
        if (!m.matches()) {
            throw new IllegalArgumentException("Not a ref: " + arguments);
        }
        return warehouse.relation(m.group(1));
    }

    static Map<?, ?> yaml(Path file) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(ShopWarehouse.text(file));
    }

    static List<Map<?, ?>> maps(@Nullable Object value) {
        return list(value).stream().<Map<?, ?>>map(item -> (Map<?, ?>) item).toList();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
