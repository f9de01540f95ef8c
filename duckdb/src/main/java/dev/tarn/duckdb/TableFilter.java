package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of one SELECT on the one table it reads, as far as they compare a column with a
 * constant. They are taken from the WHERE clause, where every row must meet them.
 */
record TableFilter(TableReference table, List<Comparison> comparisons) {
    private static final Pattern WHOLE = Pattern.compile("-?\\d+");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern SECOND =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?");

    /** Names of DuckDB's comparisons, and what they are with the sides swapped. */
    private static final Map<String, Predicate.Operator> OPERATORS =
            Map.of(
                    "COMPARE_EQUAL", Predicate.Operator.EQUAL,
                    "COMPARE_LESSTHAN", Predicate.Operator.LESS,
                    "COMPARE_LESSTHANOREQUALTO", Predicate.Operator.LESS_OR_EQUAL,
                    "COMPARE_GREATERTHAN", Predicate.Operator.GREATER,
                    "COMPARE_GREATERTHANOREQUALTO", Predicate.Operator.GREATER_OR_EQUAL);

    /**
     * A column compared with a constant.
     *
     * @param cast the type the constant was written with, such as {@code DATE}; empty for none
     */
    record Comparison(
            String column, Predicate.Operator operator, Kind kind, String text, String cast) {}

    /** What a constant is. */
    enum Kind {
        NUMBER,
        TEXT,
        NULL
    }

    TableFilter {
        comparisons = List.copyOf(comparisons);
    }

    /** The filter of a SELECT node whose FROM clause is one table. */
    static Optional<TableFilter> of(JsonNode select, TableReference table) {
        JsonNode from = select.path("from_table");
        if (!from.path("column_name_alias").isEmpty() || from.path("sample").isObject()) {
            return Optional.empty();
        }
        List<Comparison> found = new ArrayList<>();
        String alias = from.path("alias").asText("");
        String name = alias.isEmpty() ? table.table() : alias;
        conjuncts(select.path("where_clause"), name, found);
        return found.isEmpty() ? Optional.empty() : Optional.of(new TableFilter(table, found));
    }

    private static void conjuncts(JsonNode node, String table, List<Comparison> found) {
        String type = node.path("type").asText("");
        switch (type) {
            case "CONJUNCTION_AND" ->
                    node.path("children").forEach(child -> conjuncts(child, table, found));
            case "COMPARE_BETWEEN" -> {
                String column = column(node.path("input"), table);
                add(column, Predicate.Operator.GREATER_OR_EQUAL, node.path("lower"), found);
                add(column, Predicate.Operator.LESS_OR_EQUAL, node.path("upper"), found);
            }
            case "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL" -> {
                String column = column(node.path("children").path(0), table);
                if (column != null) {
                    found.add(
                            new Comparison(
                                    column,
                                    type.equals("OPERATOR_IS_NULL")
                                            ? Predicate.Operator.IS_NULL
                                            : Predicate.Operator.IS_NOT_NULL,
                                    Kind.NULL,
                                    "",
                                    ""));
                }
            }
            default -> {
                Predicate.Operator operator = OPERATORS.get(type);
                if (operator != null) {
                    String left = column(node.path("left"), table);
                    String right = column(node.path("right"), table);
                    add(left, operator, node.path("right"), found);
                    add(right, swapped(operator), node.path("left"), found);
                }
            }
        }
    }

    private static Predicate.Operator swapped(Predicate.Operator operator) {
        return switch (operator) {
            case LESS -> Predicate.Operator.GREATER;
            case LESS_OR_EQUAL -> Predicate.Operator.GREATER_OR_EQUAL;
            case GREATER -> Predicate.Operator.LESS;
            case GREATER_OR_EQUAL -> Predicate.Operator.LESS_OR_EQUAL;
            case EQUAL, IS_NULL, IS_NOT_NULL -> operator;
        };
    }

    private static void add(
            @Nullable String column,
            Predicate.Operator operator,
            JsonNode constant,
            List<Comparison> found) {
        if (column == null) {
            return;
        }
        String cast = "";
        JsonNode value = constant;
        if (constant.path("type").asText().equals("OPERATOR_CAST")
                && !constant.path("try_cast").asBoolean()) {
            cast = castType(constant);
            value = constant.path("child");
            if (cast.isEmpty()) {
                return;
            }
        }
        JsonNode literal = value.path("literal");
        if (!value.path("type").asText().equals("VALUE_CONSTANT") || !literal.isObject()) {
            return;
        }
        Kind kind =
                switch (literal.path("kind").asText()) {
                    case "INTEGER", "NUMERIC" -> Kind.NUMBER;
                    case "STRING" -> Kind.TEXT;
                    default -> Kind.NULL;
                };
        if (kind != Kind.NULL) {
            found.add(new Comparison(column, operator, kind, literal.path("text").asText(), cast));
        }
    }

    private static String castType(JsonNode cast) {
        String name = cast.path("type_expr").path("type_name").asText("");
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals("DATE") || upper.equals("TIMESTAMP") ? upper : "";
    }

    private static @Nullable String column(JsonNode node, String table) {
        JsonNode names = node.path("column_names");
        if (!node.path("type").asText().equals("COLUMN_REF")) {
            return null;
        }
        if (names.size() == 1) {
            return names.path(0).asText();
        }
        boolean own = names.size() == 2 && names.path(0).asText().equalsIgnoreCase(table);
        return own ? names.path(1).asText() : null;
    }

    /** The comparisons that mean the same to a planner as to DuckDB. */
    List<Predicate> predicates(Schema schema) {
        List<Predicate> predicates = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            Optional<Field> field = schema.find(comparison.column());
            if (field.isPresent()) {
                literal(field.get().type(), comparison)
                        .ifPresent(text ->
                                predicates.add(
                                        new Predicate(
                                                field.get().name(), comparison.operator(), text)));
            }
        }
        return predicates;
    }

    private static Optional<String> literal(Type type, Comparison comparison) {
        String text = comparison.text();
        boolean plain = comparison.cast().isEmpty();
        if (comparison.kind() == Kind.NULL) {
            return Optional.of("");
        }
        if (comparison.kind() == Kind.NUMBER) {
            return plain && fits(type, text) ? Optional.of(text) : Optional.empty();
        }
        if (type == Primitive.VARCHAR) {
            return plain ? Optional.of(text) : Optional.empty();
        }
        if (type == Primitive.DATE && !comparison.cast().equals("TIMESTAMP")) {
            return isDate(text) ? Optional.of(text) : Optional.empty();
        }
        if (type == Primitive.TIMESTAMP) {
            if (isDate(text)) {
                return Optional.of(text + " 00:00:00");
            }
            boolean second = SECOND.matcher(text).matches() && !comparison.cast().equals("DATE");
            return second ? Optional.of(text) : Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether a planner can hold the number in the column's own type. */
    private static boolean fits(Type type, String text) {
        int digits = text.replace("-", "").length();
        if (type == Primitive.INTEGER || type == Primitive.BIGINT) {
            return WHOLE.matcher(text).matches() && digits <= (type == Primitive.INTEGER ? 9 : 18);
        }
        int point = text.indexOf('.');
        int scale = point < 0 ? 0 : text.length() - point - 1;
        return type instanceof Type.Decimal decimal
                && NUMBER.matcher(text).matches()
                && scale <= decimal.scale()
                && digits <= decimal.precision() - decimal.scale();
    }

    private static boolean isDate(String text) {
        try {
            return text.length() == 10 && LocalDate.parse(text).toString().equals(text);
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
