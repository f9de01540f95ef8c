package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Recipe;
import dev.tarn.model.graph.Recipe.Fold;
import dev.tarn.sql.statement.Windows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Reads from a bound plan how the rows of a query follow changes of its tables. A step that is not
 * known here makes it one that has to be asked again. Where a query reads what stands for streams,
 * only these change, and everything else may be done with the other tables.
 */
final class RecipeReader {
    private static final String CHILDREN = "children";
    private static final String CTE = "LOGICAL_MATERIALIZED_CTE";
    private static final String USE = "LOGICAL_CTE_REF";
    private static final String ORDER = "LOGICAL_ORDER_BY";
    private static final String FILTER = "LOGICAL_FILTER";
    private static final String PROJECT = "LOGICAL_PROJECTION";
    private static final String DISTINCT = "LOGICAL_DISTINCT";
    private static final String AGGREGATE = "LOGICAL_AGGREGATE_AND_GROUP_BY";

    /** Joins whose rows on the left each have rows of their own, as long as the right stays. */
    private static final Set<String> OF_EACH_LEFT =
            Set.of("LEFT", "SEMI", "ANTI", "MARK", "SINGLE");

    private static final Set<String> GROUPING = Set.of(DISTINCT, AGGREGATE);

    private final Map<Long, JsonNode> definitions = new HashMap<>();
    private final boolean streams;

    private RecipeReader(boolean streams) {
        this.streams = streams;
    }

    /** Why there is none. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    /**
     * What is linear in each of its tables.
     *
     * @param alone for each table, those on the other sides of unions
     */
    private record Linear(Map<TableName, Set<TableName>> alone) {
        static final Linear CONSTANT = new Linear(Map.of());
    }

    static Recipe read(JsonNode plan) {
        try {
            return new RecipeReader(readsStream(plan)).recipe(plan);
        } catch (Refused refused) {
            return new Recipe.None(String.valueOf(refused.getMessage()));
        }
    }

    private Recipe recipe(JsonNode root) throws Refused {
        JsonNode node = root;
        int width = -1;
        List<Integer> shown = List.of();
        while (true) {
            switch (type(node)) {
                case CTE -> {
                    define(node);
                    node = child(node, 1);
                }
                case USE -> node = definition(node);
                case ORDER -> {
                    if (!node.path("projections").isEmpty()) {
                        throw new Refused("orders by what it does not show");
                    }
                    node = child(node, 0);
                }
                case FILTER -> {
                    if (!streams || !grouped(child(node, 0))) {
                        return new Recipe.Rows(linear(node).alone());
                    }
                    node = child(node, 0);
                }
                case PROJECT -> {
                    if (!grouped(child(node, 0))) {
                        return new Recipe.Rows(linear(node).alone());
                    }
                    List<Integer> columns = columns(node.path("expressions"));
                    shown =
                            width < 0
                                    ? columns
                                    : shown.stream().map(i -> i < 0 ? -1 : columns.get(i)).toList();
                    width = shown.size();
                    node = child(node, 0);
                }
                case DISTINCT -> {
                    return distinct(node, shown, width);
                }
                case AGGREGATE -> {
                    return aggregate(node, shown, width);
                }
                default -> {
                    return new Recipe.Rows(linear(node).alone());
                }
            }
        }
    }

    /** Whether the steps that only show, order and name lead to one that groups. */
    private boolean grouped(JsonNode start) {
        JsonNode node = start;
        while (true) {
            switch (type(node)) {
                case CTE -> {
                    define(node);
                    node = child(node, 1);
                }
                case USE -> node = definition(node);
                case ORDER, PROJECT -> node = child(node, 0);
                case FILTER -> {
                    if (!streams) {
                        return false;
                    }
                    node = child(node, 0);
                }
                default -> {
                    return changes(node) && GROUPING.contains(type(node));
                }
            }
        }
    }

    private Recipe distinct(JsonNode node, List<Integer> shown, int width) throws Refused {
        if (!node.path("distinct_type").asText("").equals("DISTINCT")) {
            throw new Refused("takes one row of several (DISTINCT ON)");
        }
        JsonNode below = child(node, 0);
        int columns = node.path("distinct_targets").size();
        List<Integer> all = width < 0 ? IntStream.range(0, columns).boxed().toList() : shown;
        List<Integer> keys = keys(all, columns);
        boolean plain = all.stream().allMatch(i -> i >= 0) && all.size() == columns;
        return new Recipe.Groups(
                linear(below).alone(),
                keys,
                plain ? Optional.of(all.stream().map(i -> Fold.KEY).toList()) : Optional.empty());
    }

    private Recipe aggregate(JsonNode node, List<Integer> shown, int width) throws Refused {
        if (node.path("grouping_sets").size() > 1 || !node.path("grouping_functions").isEmpty()) {
            throw new Refused("groups in several ways");
        }
        if (width < 0) {
            throw new Refused("groups in a way that is not known");
        }
        int groups = node.path("groups").size();
        JsonNode aggregates = node.path("expressions");
        List<Fold> folds = new ArrayList<>();
        for (int column : shown) {
            Optional<Fold> fold =
                    column < 0
                            ? Optional.empty()
                            : column < groups
                                    ? Optional.of(Fold.KEY)
                                    : fold(aggregates.path(column - groups));
            fold.ifPresent(folds::add);
        }
        return new Recipe.Groups(
                linear(child(node, 0)).alone(),
                keys(shown, groups),
                folds.size() == shown.size() ? Optional.of(folds) : Optional.empty());
    }

    /** Where the result shows each group. */
    private static List<Integer> keys(List<Integer> shown, int groups) throws Refused {
        List<Integer> keys = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            int at = shown.indexOf(group);
            if (at < 0) {
                throw new Refused("does not show all that it groups by");
            }
            keys.add(at);
        }
        return keys;
    }

    private static Optional<Fold> fold(JsonNode aggregate) {
        if (!aggregate.path("aggregate_type").asText("NON_DISTINCT").equals("NON_DISTINCT")
                || aggregate.path(CHILDREN).size() > 1) {
            return Optional.empty();
        }
        JsonNode path = aggregate.path("qname").path("path");
        String type = aggregate.path("return_type").path("id").asText("");
        boolean inexact = type.equals("DOUBLE") || type.equals("FLOAT");
        return switch (path.path(path.size() - 1).asText("")) {
            case "count", "count_star" -> Optional.of(Fold.COUNT);
            case "sum" -> inexact ? Optional.empty() : Optional.of(Fold.SUM);
            case "min" -> Optional.of(Fold.MIN);
            case "max" -> Optional.of(Fold.MAX);
            default -> Optional.empty();
        };
    }

    /** For each expression the column it is, or -1. */
    private static List<Integer> columns(JsonNode expressions) {
        List<Integer> columns = new ArrayList<>();
        for (JsonNode expression : expressions) {
            columns.add(
                    expression.path("expression_class").asText("").equals("BOUND_REF")
                            ? expression.path("index").asInt(0)
                            : -1);
        }
        return columns;
    }

    /** Whether a part of the plan reads what stands for a stream. */
    private static boolean readsStream(JsonNode node) {
        return node.findValues("path").stream()
                .anyMatch(p -> p.size() == 3 && p.path(1).asText("").equals(Windows.SCHEMA));
    }

    /** Whether the rows of a part may change; streams are all that does where there are some. */
    private boolean changes(JsonNode node) {
        if (!streams || readsStream(node)) {
            return true;
        }
        List<JsonNode> uses = new ArrayList<>();
        uses(node, uses);
        return uses.stream().anyMatch(u -> changes(definition(u)));
    }

    private static void uses(JsonNode node, List<JsonNode> found) {
        if (type(node).equals(USE)) {
            found.add(node);
        }
        node.path(CHILDREN).forEach(c -> uses(c, found));
    }

    private Linear linear(JsonNode node) throws Refused {
        if (!changes(node)) {
            return Linear.CONSTANT;
        }
        return switch (type(node)) {
            case "LOGICAL_GET" -> get(node);
            case "LOGICAL_DUMMY_SCAN", "LOGICAL_CHUNK_GET", "LOGICAL_EXPRESSION_GET" ->
                    Linear.CONSTANT;
            case PROJECT, FILTER, "LOGICAL_UNNEST", ORDER -> linear(child(node, 0));
            case CTE -> {
                define(node);
                yield linear(child(node, 1));
            }
            case USE -> linear(definition(node));
            case "LOGICAL_COMPARISON_JOIN", "LOGICAL_ANY_JOIN", "LOGICAL_CROSS_PRODUCT" ->
                    join(node);
            case "LOGICAL_ASOF_JOIN" -> {
                if (!streams || changes(child(node, 1))) {
                    throw new Refused("takes the nearest of several rows (ASOF)");
                }
                yield linear(child(node, 0));
            }
            case "LOGICAL_UNION" -> union(node);
            case AGGREGATE, DISTINCT ->
                    throw new Refused("goes on with groups after it has made them");
            case "LOGICAL_WINDOW" -> throw new Refused("looks at rows beside a row (a window)");
            case "LOGICAL_LIMIT" -> throw new Refused("has a LIMIT");
            case "LOGICAL_DELIM_JOIN" -> throw new Refused("asks a query for each row");
            default ->
                    throw new Refused(
                            "holds a step that cannot be followed: "
                                    + type(node)
                                            .replaceFirst("^LOGICAL_", "")
                                            .toLowerCase(Locale.ROOT));
        };
    }

    private Linear get(JsonNode node) throws Refused {
        if (node.path(CHILDREN).size() == 1) {
            return linear(child(node, 0));
        }
        List<String> path = new ArrayList<>();
        node.path("function_data")
                .path("qualified_name")
                .path("path")
                .forEach(p -> path.add(p.asText()));
        return path.size() == 3
                ? new Linear(Map.of(new TableName(path.get(1), path.get(2)), Set.of()))
                : Linear.CONSTANT;
    }

    private Linear join(JsonNode node) throws Refused {
        String kind = node.path("join_type").asText("INNER");
        if (streams && OF_EACH_LEFT.contains(kind) && !changes(child(node, 1))) {
            return linear(child(node, 0));
        }
        if (streams && kind.equals("RIGHT") && !changes(child(node, 0))) {
            return linear(child(node, 1));
        }
        switch (kind) {
            case "INNER" -> {}
            case "LEFT", "RIGHT", "FULL", "OUTER" ->
                    throw new Refused("keeps rows without a match (an outer join)");
            default -> throw new Refused("asks whether there is a match (a subquery)");
        }
        Map<TableName, Set<TableName>> alone = new TreeMap<>(linear(child(node, 0)).alone());
        add(linear(child(node, 1)), alone);
        return new Linear(alone);
    }

    private Linear union(JsonNode node) throws Refused {
        if (!node.path("setop_all").asBoolean(true)) {
            throw new Refused("drops doubles while it unites");
        }
        List<Linear> sides = new ArrayList<>();
        for (JsonNode side : node.path(CHILDREN)) {
            Linear linear = linear(side);
            if (linear.alone().isEmpty()) {
                throw new Refused("adds rows of no table");
            }
            sides.add(linear);
        }
        Map<TableName, Set<TableName>> alone = new TreeMap<>();
        for (int at = 0; at < sides.size(); at++) {
            Linear side = sides.get(at);
            Set<TableName> others = new TreeSet<>();
            for (int other = 0; other < sides.size(); other++) {
                if (other != at) {
                    others.addAll(sides.get(other).alone().keySet());
                }
            }
            Map<TableName, Set<TableName>> widened = new TreeMap<>();
            side.alone()
                    .forEach((table, before) -> {
                        Set<TableName> all = new HashSet<>(before);
                        all.addAll(others);
                        widened.put(table, all);
                    });
            add(new Linear(widened), alone);
        }
        return new Linear(alone);
    }

    private static void add(Linear more, Map<TableName, Set<TableName>> alone) throws Refused {
        for (Map.Entry<TableName, Set<TableName>> each : more.alone().entrySet()) {
            if (alone.put(each.getKey(), each.getValue()) != null) {
                throw new Refused("reads %s more than once".formatted(each.getKey()));
            }
        }
    }

    private void define(JsonNode node) {
        definitions.put(node.path("table_index").asLong(0), child(node, 0));
    }

    private JsonNode definition(JsonNode use) {
        JsonNode found = definitions.get(use.path("cte_index").asLong(0));
        return found == null ? use.path("missing") : found;
    }

    private static String type(JsonNode node) {
        return node.path("type").asText("");
    }

    private static JsonNode child(JsonNode node, int at) {
        return node.path(CHILDREN).path(at);
    }
}
