package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.sql.Expression;
import dev.tarn.sql.FunctionName;
import dev.tarn.sql.Operator;
import dev.tarn.sql.Operator.Join;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads the bound plan that DuckDB serialises into our own types. The only place that knows the
 * form of that JSON, which changes with DuckDB's major versions; a field with expressions that is
 * not known here makes its operator unknown.
 */
final class PlanReader {
    private static final String SCAN = "seq_scan";
    private static final String CHILDREN = "children";
    private static final String TABLE = "table_index";
    private static final Map<String, Join.Kind> JOINS =
            Map.of(
                    "INNER", Join.Kind.BOTH,
                    "LEFT", Join.Kind.BOTH,
                    "RIGHT", Join.Kind.BOTH,
                    "FULL", Join.Kind.BOTH,
                    "SINGLE", Join.Kind.BOTH,
                    "SEMI", Join.Kind.LEFT_ONLY,
                    "ANTI", Join.Kind.LEFT_ONLY,
                    "RIGHT_SEMI", Join.Kind.RIGHT_ONLY,
                    "RIGHT_ANTI", Join.Kind.RIGHT_ONLY,
                    "MARK", Join.Kind.MARK);

    private PlanReader() {}

    /** An operator with the names that DuckDB has for its columns. */
    private record Bound(Operator operator, List<PlanColumn> columns) {}

    /** The plan of a query as {@code json_serialize_plan} gives it. */
    static Operator read(JsonNode plan) {
        return bound(plan).operator();
    }

    private static Bound bound(JsonNode node) {
        List<Bound> inputs = new ArrayList<>();
        for (JsonNode child : node.path(CHILDREN)) {
            inputs.add(bound(child));
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "LOGICAL_GET" -> get(node, inputs);
            case "LOGICAL_DUMMY_SCAN" -> ready(node, inputs, 1);
            case "LOGICAL_CHUNK_GET" -> ready(node, inputs, node.path("chunk_types").size());
            case "LOGICAL_EMPTY_RESULT" -> empty(node, inputs);
            case "LOGICAL_EXPRESSION_GET" -> rows(node, inputs);
            case "LOGICAL_PROJECTION" -> project(node, inputs);
            case "LOGICAL_FILTER" -> filter(node, inputs);
            case "LOGICAL_AGGREGATE_AND_GROUP_BY" -> aggregate(node, inputs);
            case "LOGICAL_WINDOW" -> extend(node, inputs, "window_index");
            case "LOGICAL_UNNEST" -> extend(node, inputs, "unnest_index");
            case "LOGICAL_ORDER_BY", "LOGICAL_LIMIT", "LOGICAL_DISTINCT", "LOGICAL_SAMPLE" ->
                    arrange(type, node, inputs);
            case "LOGICAL_COMPARISON_JOIN",
                    "LOGICAL_ANY_JOIN",
                    "LOGICAL_ASOF_JOIN",
                    "LOGICAL_CROSS_PRODUCT",
                    "LOGICAL_POSITIONAL_JOIN" ->
                    join(node, inputs);
            case "LOGICAL_PIVOT" -> pivot(node, inputs);
            case "LOGICAL_UNION", "LOGICAL_INTERSECT", "LOGICAL_EXCEPT" ->
                    combine(type, node, inputs);
            case "LOGICAL_MATERIALIZED_CTE" -> common(node, inputs);
            case "LOGICAL_RECURSIVE_CTE" -> recursive(node, inputs);
            case "LOGICAL_CTE_REF" -> use(node, inputs);
            default -> unknown(node, inputs);
        };
    }

    private static Bound get(JsonNode node, List<Bound> inputs) {
        if (!plain(node, inputs, -1, Set.of()) || !node.path("table_filters").isEmpty()) {
            return unknown(node, inputs);
        }
        List<String> all = texts(node.path("names"));
        List<String> columns = new ArrayList<>();
        for (JsonNode column : node.path("column_indexes")) {
            long index = column.path("index").asLong(0);
            columns.add(index >= 0 && index < all.size() ? all.get((int) index) : "rowid");
        }
        List<Integer> shown = numbers(node.path("projection_ids"));
        List<PlanColumn> bindings = PlanColumn.row(node, TABLE, columns.size());
        if (!shown.isEmpty()) {
            columns = shown.stream().map(columns::get).toList();
            bindings = PlanColumn.kept(bindings, shown);
        }
        List<String> name = texts(node.path("qname").path("path"));
        List<String> relation =
                texts(node.path("function_data").path("qualified_name").path("path"));
        if (name.equals(List.of(SCAN)) && !relation.isEmpty() && inputs.isEmpty()) {
            return new Bound(new Operator.Scan(relation, columns), bindings);
        }
        if (name.isEmpty() || inputs.size() > 1) {
            return unknown(node, inputs);
        }
        Optional<Bound> input = inputs.stream().findFirst();
        List<Integer> kept = numbers(node.path("projected_input"));
        if (input.isPresent() && !kept.isEmpty()) {
            bindings = joined(bindings, PlanColumn.kept(input.get().columns(), kept));
        }
        return new Bound(
                new Operator.FunctionScan(
                        new FunctionName(name),
                        input.map(Bound::operator),
                        columns.size(),
                        node.path("input_table_types").size(),
                        kept),
                bindings);
    }

    private static Bound ready(JsonNode node, List<Bound> inputs, int width) {
        return plain(node, inputs, 0, Set.of("collection"))
                ? new Bound(new Operator.Ready(width), PlanColumn.row(node, TABLE, width))
                : unknown(node, inputs);
    }

    private static Bound empty(JsonNode node, List<Bound> inputs) {
        List<PlanColumn> columns = new ArrayList<>();
        node.path("bindings").forEach(b -> columns.add(PlanColumn.of(b)));
        return plain(node, inputs, 0, Set.of())
                ? new Bound(new Operator.Ready(columns.size()), columns)
                : unknown(node, inputs);
    }

    private static Bound rows(JsonNode node, List<Bound> inputs) {
        if (!plain(node, inputs, 1, Set.of("expressions"))) {
            return unknown(node, inputs);
        }
        Bound input = inputs.getFirst();
        ExpressionReader reader = reader(input);
        List<List<Expression>> rows = new ArrayList<>();
        node.path("expressions").forEach(row -> rows.add(reader.all(row)));
        int width = node.path("expr_types").size();
        return new Bound(
                new Operator.Rows(input.operator(), width, rows),
                PlanColumn.row(node, TABLE, width));
    }

    private static Bound project(JsonNode node, List<Bound> inputs) {
        if (!plain(node, inputs, 1, Set.of("expressions"))) {
            return unknown(node, inputs);
        }
        Bound input = inputs.getFirst();
        List<Expression> columns = reader(input).all(node.path("expressions"));
        return new Bound(
                new Operator.Project(input.operator(), columns),
                PlanColumn.row(node, TABLE, columns.size()));
    }

    private static Bound filter(JsonNode node, List<Bound> inputs) {
        if (!plain(node, inputs, 1, Set.of("expressions"))) {
            return unknown(node, inputs);
        }
        Bound input = inputs.getFirst();
        List<Integer> kept = numbers(node.path("projection_map"));
        return new Bound(
                new Operator.Filter(
                        input.operator(), reader(input).all(node.path("expressions")), kept),
                PlanColumn.kept(input.columns(), kept));
    }

    private static Bound aggregate(JsonNode node, List<Bound> inputs) {
        if (!plain(node, inputs, 1, Set.of("expressions", "groups"))) {
            return unknown(node, inputs);
        }
        Bound input = inputs.getFirst();
        List<Expression> groups = reader(input).all(node.path("groups"));
        List<Expression> aggregates = reader(input).all(node.path("expressions"));
        List<List<Integer>> groupings = new ArrayList<>();
        node.path("grouping_functions").forEach(g -> groupings.add(numbers(g)));
        return new Bound(
                new Operator.Aggregate(input.operator(), groups, aggregates, groupings),
                joined(
                        PlanColumn.row(node, "group_index", groups.size()),
                        joined(
                                PlanColumn.row(node, "aggregate_index", aggregates.size()),
                                PlanColumn.row(node, "groupings_index", groupings.size()))));
    }

    private static Bound extend(JsonNode node, List<Bound> inputs, String index) {
        if (!plain(node, inputs, 1, Set.of("expressions"))) {
            return unknown(node, inputs);
        }
        Bound input = inputs.getFirst();
        List<Expression> added = reader(input).all(node.path("expressions"));
        return new Bound(
                new Operator.Extend(input.operator(), added),
                joined(input.columns(), PlanColumn.row(node, index, added.size())));
    }

    private static Bound arrange(String type, JsonNode node, List<Bound> inputs) {
        Set<String> fields =
                Set.of("orders", "order_by", "distinct_targets", "limit_val", "offset_val");
        if (!plain(node, inputs, 1, fields)) {
            return unknown(node, inputs);
        }
        Bound input = inputs.getFirst();
        ExpressionReader reader = reader(input);
        List<Expression> by = new ArrayList<>();
        fields.stream().sorted().forEach(f -> by.addAll(reader.parts(node.path(f))));
        List<Integer> kept =
                numbers(
                        node.has("projection_map")
                                ? node.path("projection_map")
                                : node.path("projections"));
        return new Bound(
                new Operator.Arrange(word(type), input.operator(), by, kept),
                PlanColumn.kept(input.columns(), kept));
    }

    private static Bound join(JsonNode node, List<Bound> inputs) {
        Join.Kind kind = JOINS.get(node.path("join_type").asText("INNER"));
        if (kind == null || !plain(node, inputs, 2, Set.of("conditions", "condition"))) {
            return unknown(node, inputs);
        }
        Bound left = inputs.getFirst();
        Bound right = inputs.getLast();
        ExpressionReader over = new ExpressionReader(joined(left.columns(), right.columns()));
        List<Join.Pair> pairs = new ArrayList<>();
        List<Expression> conditions = new ArrayList<>(over.parts(node.path("condition")));
        for (JsonNode condition : node.path("conditions")) {
            if (condition.has("left") && condition.has("right")) {
                pairs.add(
                        new Join.Pair(
                                reader(left).read(condition.path("left")),
                                reader(right).read(condition.path("right"))));
            } else {
                conditions.add(
                        new Expression.Unknown("condition of a join", over.parts(condition), -1));
            }
        }
        List<Integer> leftKept = numbers(node.path("left_projection_map"));
        List<Integer> rightKept = numbers(node.path("right_projection_map"));
        List<PlanColumn> fromLeft = PlanColumn.kept(left.columns(), leftKept);
        List<PlanColumn> fromRight = PlanColumn.kept(right.columns(), rightKept);
        return new Bound(
                new Join(
                        kind,
                        left.operator(),
                        right.operator(),
                        pairs,
                        conditions,
                        leftKept,
                        rightKept),
                switch (kind) {
                    case BOTH -> joined(fromLeft, fromRight);
                    case LEFT_ONLY -> fromLeft;
                    case RIGHT_ONLY -> fromRight;
                    case MARK -> joined(fromLeft, PlanColumn.row(node, "mark_index", 1));
                });
    }

    private static Bound pivot(JsonNode node, List<Bound> inputs) {
        if (!plain(node, inputs, 1, Set.of("bound_pivot"))) {
            return unknown(node, inputs);
        }
        Bound input = inputs.getFirst();
        JsonNode pivot = node.path("bound_pivot");
        int width = pivot.path("types").size();
        return new Bound(
                new Operator.Pivot(
                        input.operator(),
                        pivot.path("group_count").asInt(0),
                        width,
                        new ExpressionReader(List.of()).parts(pivot)),
                PlanColumn.row(node, "pivot_index", width));
    }

    private static Bound combine(String type, JsonNode node, List<Bound> inputs) {
        boolean except = type.equals("LOGICAL_EXCEPT");
        if (inputs.size() < 2 || !plain(node, inputs, except ? 2 : inputs.size(), Set.of())) {
            return unknown(node, inputs);
        }
        Operator operator =
                except
                        ? new Operator.Except(
                                inputs.getFirst().operator(), inputs.getLast().operator())
                        : new Operator.Merge(operators(inputs));
        return new Bound(operator, PlanColumn.row(node, TABLE, inputs.getFirst().columns().size()));
    }

    private static Bound common(JsonNode node, List<Bound> inputs) {
        if (!plain(node, inputs, 2, Set.of())) {
            return unknown(node, inputs);
        }
        Bound body = inputs.getLast();
        return new Bound(
                new Operator.Common(
                        node.path(TABLE).asLong(0), inputs.getFirst().operator(), body.operator()),
                body.columns());
    }

    private static Bound recursive(JsonNode node, List<Bound> inputs) {
        if (!plain(node, inputs, 2, Set.of())) {
            return unknown(node, inputs);
        }
        return new Bound(
                new Operator.Recursive(
                        node.path(TABLE).asLong(0),
                        inputs.getFirst().operator(),
                        inputs.getLast().operator()),
                PlanColumn.row(node, TABLE, inputs.getFirst().columns().size()));
    }

    private static Bound use(JsonNode node, List<Bound> inputs) {
        int width = node.path("chunk_types").size();
        return plain(node, inputs, 0, Set.of())
                ? new Bound(
                        new Operator.Use(node.path("cte_index").asLong(0), width),
                        PlanColumn.row(node, TABLE, width))
                : unknown(node, inputs);
    }

    private static Bound unknown(JsonNode node, List<Bound> inputs) {
        List<PlanColumn> columns = inputs.stream().flatMap(i -> i.columns().stream()).toList();
        List<Expression> found = new ArrayList<>();
        node.properties().stream()
                .filter(f -> !f.getKey().equals(CHILDREN))
                .forEach(f -> found.addAll(new ExpressionReader(columns).parts(f.getValue())));
        return new Bound(
                new Operator.Unknown(word(node.path("type").asText()), operators(inputs), found),
                List.of());
    }

    /** Whether a node has so many inputs, and expressions in no other fields than those given. */
    private static boolean plain(
            JsonNode node, List<Bound> inputs, int wanted, Set<String> fields) {
        return (wanted < 0 || inputs.size() == wanted)
                && node.properties().stream()
                        .filter(f -> !f.getKey().equals(CHILDREN) && !fields.contains(f.getKey()))
                        .noneMatch(f -> ExpressionReader.holdsCode(f.getValue()));
    }

    private static ExpressionReader reader(Bound input) {
        return new ExpressionReader(input.columns());
    }

    private static List<Operator> operators(List<Bound> bounds) {
        return bounds.stream().map(Bound::operator).toList();
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static String word(String type) {
        return type.replaceFirst("^LOGICAL_", "").toLowerCase(Locale.ROOT);
    }

    private static List<String> texts(JsonNode array) {
        return IntStream.range(0, array.size()).mapToObj(i -> array.get(i).asText()).toList();
    }

    private static List<Integer> numbers(JsonNode array) {
        return IntStream.range(0, array.size()).mapToObj(i -> array.get(i).asInt()).toList();
    }
}
