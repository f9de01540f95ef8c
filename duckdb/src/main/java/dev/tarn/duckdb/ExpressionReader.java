package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.sql.Expression;
import dev.tarn.sql.FunctionName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the expressions of a plan. Every expression in another is found, in whatever field it is,
 * so that none is overlooked.
 *
 * @param input the columns that the expressions are over
 */
record ExpressionReader(List<PlanColumn> input) {
    private static final String CLASS = "expression_class";
    private static final String CAST = "__cast";

    List<Expression> all(JsonNode expressions) {
        List<Expression> read = new ArrayList<>();
        for (JsonNode expression : expressions) {
            read.add(read(expression));
        }
        return read;
    }

    Expression read(JsonNode node) {
        String kind = node.path(CLASS).asText();
        return switch (kind) {
            case "BOUND_REF" -> new Expression.Input(node.path("index").asInt(0));
            case "BOUND_COLUMN_REF" -> column(node);
            case "BOUND_CONSTANT" -> new Expression.Constant();
            case "BOUND_FUNCTION", "BOUND_AGGREGATE", "BOUND_WINDOW" -> call(node);
            case "BOUND_CASE", "BOUND_CONJUNCTION", "BOUND_OPERATOR", "BOUND_UNNEST" ->
                    new Expression.Operation(word(node), fields(node));
            case "BOUND_LAMBDA" -> new Expression.Lambda(read(node.path("lambda_expr")));
            default -> new Expression.Unknown(word(node), fields(node), position(node));
        };
    }

    /** The expressions in a part of a plan, those in expressions aside. */
    List<Expression> parts(JsonNode node) {
        List<Expression> found = new ArrayList<>();
        collect(node, found);
        return found;
    }

    private void collect(JsonNode node, List<Expression> found) {
        if (node.has(CLASS)) {
            found.add(read(node));
            return;
        }
        for (JsonNode child : node) {
            if (child.isContainerNode()) {
                collect(child, found);
            }
        }
    }

    private Expression column(JsonNode node) {
        int index = input.indexOf(PlanColumn.of(node.path("binding")));
        return index >= 0
                ? new Expression.Input(index)
                : new Expression.Unknown("column out of sight", List.of(), position(node));
    }

    private Expression call(JsonNode node) {
        List<String> path = new ArrayList<>();
        node.path("qname").path("path").forEach(p -> path.add(p.asText()));
        String type = node.path("type").asText();
        if (path.isEmpty() && type.startsWith("WINDOW_")) {
            path.add(type.substring("WINDOW_".length()));
        }
        List<Expression> arguments = fields(node);
        if (path.isEmpty()) {
            return new Expression.Unknown(word(node), arguments, position(node));
        }
        return path.equals(List.of(CAST)) && arguments.size() == 1
                ? new Expression.Cast(arguments.getFirst())
                : new Expression.Call(new FunctionName(path), arguments, position(node));
    }

    /**
     * The expressions in the fields of one. What a function keeps for itself has its own inputs.
     */
    private List<Expression> fields(JsonNode node) {
        List<Expression> found = new ArrayList<>();
        node.properties()
                .forEach(field -> {
                    if (field.getKey().equals("function_data")) {
                        parts(field.getValue()).forEach(e -> found.add(new Expression.Lambda(e)));
                    } else {
                        collect(field.getValue(), found);
                    }
                });
        return found;
    }

    /** Whether there is an expression or an operator in a part of a plan. */
    static boolean holdsCode(JsonNode node) {
        if (!node.isContainerNode()) {
            return false;
        }
        if (node.has(CLASS) || node.path("type").asText("").startsWith("LOGICAL_")) {
            return true;
        }
        for (JsonNode child : node) {
            if (holdsCode(child)) {
                return true;
            }
        }
        return false;
    }

    private static String word(JsonNode node) {
        String type = node.path("type").asText("");
        String name = type.isEmpty() || type.equals("INVALID") ? node.path(CLASS).asText() : type;
        return name.toLowerCase(Locale.ROOT);
    }

    private static int position(JsonNode node) {
        long position = node.path("query_location").asLong(-1);
        return position < 0 || position > Integer.MAX_VALUE ? -1 : (int) position;
    }
}
