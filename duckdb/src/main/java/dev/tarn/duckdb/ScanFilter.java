package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a scan must meet, as far as it compares columns with constants. It is read from
 * the conditions that DuckDB pushed into the scan.
 */
record ScanFilter(List<Comparison> comparisons) {
    private static final Pattern WHOLE = Pattern.compile("-?\\d+");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern SECOND =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?");

    private static final String ZONED = "TIMESTAMP WITH TIME ZONE";

    /** Names of DuckDB's comparisons, and what they are with the sides swapped. */
    private static final Map<String, Predicate.Operator> OPERATORS =
            Map.of(
                    "COMPARE_EQUAL", Predicate.Operator.EQUAL,
                    "COMPARE_LESSTHAN", Predicate.Operator.LESS,
                    "COMPARE_LESSTHANOREQUALTO", Predicate.Operator.LESS_OR_EQUAL,
                    "COMPARE_GREATERTHAN", Predicate.Operator.GREATER,
                    "COMPARE_GREATERTHANOREQUALTO", Predicate.Operator.GREATER_OR_EQUAL);

    /** A column, or a part of a struct: names from outside in. */
    record Reference(List<String> names) {
        /** Whether it is a column: where a part is null, the whole struct may be. */
        private boolean isWhole() {
            return names.size() == 1;
        }

        /** The type of what is meant; empty when the column has no such part. */
        private Optional<Type> typeIn(Field column) {
            Type type = column.type();
            for (String name : names.subList(1, names.size())) {
                Optional<Field> part =
                        type instanceof Type.Struct struct
                                ? struct.fields().stream()
                                        .filter(f -> f.name().equals(name))
                                        .findFirst()
                                : Optional.empty();
                if (part.isEmpty()) {
                    return Optional.empty();
                }
                type = part.get().type();
            }
            return Optional.of(type);
        }
    }

    /**
     * A column compared with a constant.
     *
     * @param cast the type the constant was written with, such as {@code DATE}; empty for none
     */
    record Comparison(
            Reference column, Predicate.Operator operator, Kind kind, String text, String cast) {
        private Comparison as(Predicate.Operator other) {
            return new Comparison(column, other, kind, text, cast);
        }
    }

    /** What a constant is. */
    enum Kind {
        NUMBER,
        TEXT,
        TRUTH,
        NULL
    }

    ScanFilter {
        comparisons = List.copyOf(comparisons);
    }

    /** What all of these expressions say together. */
    static ScanFilter of(List<JsonNode> expressions) {
        List<Comparison> found = new ArrayList<>();
        expressions.forEach(expression -> conjuncts(expression, found));
        return new ScanFilter(found);
    }

    private static void conjuncts(JsonNode node, List<Comparison> found) {
        String type = node.path("type").asText("");
        switch (type) {
            case "CONJUNCTION_AND" ->
                    node.path("children").forEach(child -> conjuncts(child, found));
            case "COMPARE_BETWEEN" -> {
                Reference column = column(node.path("input"));
                add(column, Predicate.Operator.GREATER_OR_EQUAL, node.path("lower"), found);
                add(column, Predicate.Operator.LESS_OR_EQUAL, node.path("upper"), found);
            }
            case "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL" -> {
                Reference column = column(node.path("children").path(0));
                if (column != null && column.isWhole()) {
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
            case "COLUMN_REF" -> truth(node, "true", found);
            case "OPERATOR_NOT" -> truth(node.path("children").path(0), "false", found);
            case "COMPARE_IN" -> range(node.path("children"), found);
            default -> {
                Predicate.Operator operator = OPERATORS.get(type);
                if (operator != null) {
                    Reference left = column(node.path("left"));
                    Reference right = column(node.path("right"));
                    add(left, operator, node.path("right"), found);
                    add(right, swapped(operator), node.path("left"), found);
                }
            }
        }
    }

    private static void truth(JsonNode node, String value, List<Comparison> found) {
        Reference column = column(node);
        if (column != null) {
            found.add(new Comparison(column, Predicate.Operator.EQUAL, Kind.TRUTH, value, ""));
        }
    }

    /** A value that is one of many lies between the least and the greatest of them. */
    private static void range(JsonNode children, List<Comparison> found) {
        Reference column = column(children.path(0));
        List<Comparison> values = new ArrayList<>();
        for (int i = 1; i < children.size(); i++) {
            add(column, Predicate.Operator.EQUAL, children.path(i), values);
        }
        if (values.isEmpty() || values.size() < children.size() - 1) {
            return;
        }
        Comparison first = values.getFirst();
        boolean comparable =
                values.stream()
                        .allMatch(v ->
                                v.kind() == first.kind()
                                        && v.cast().equals(first.cast())
                                        && (v.kind() == Kind.NUMBER || isDate(v.text())));
        if (!comparable) {
            return;
        }
        Comparator<Comparison> order =
                first.kind() == Kind.NUMBER
                        ? Comparator.comparing(v -> new BigDecimal(v.text()))
                        : Comparator.comparing(Comparison::text);
        found.add(Collections.min(values, order).as(Predicate.Operator.GREATER_OR_EQUAL));
        found.add(Collections.max(values, order).as(Predicate.Operator.LESS_OR_EQUAL));
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
            @Nullable Reference column,
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
        return Set.of("DATE", "TIMESTAMP", ZONED).contains(upper) ? upper : "";
    }

    /** DuckDB writes parts of structs with dots, or as calls of a function. */
    private static @Nullable Reference column(JsonNode node) {
        List<String> names = new ArrayList<>();
        JsonNode inner = node;
        while (inner.path("type").asText().equals("FUNCTION")
                && inner.path("function_name").asText().equals("struct_extract")
                && inner.path("children").size() == 2) {
            JsonNode name = inner.path("children").path(1).path("literal");
            if (!name.path("kind").asText().equals("STRING")) {
                return null;
            }
            names.addFirst(name.path("text").asText());
            inner = inner.path("children").path(0);
        }
        if (!inner.path("type").asText().equals("COLUMN_REF")) {
            return null;
        }
        List<String> outer = new ArrayList<>();
        inner.path("column_names").forEach(name -> outer.add(name.asText()));
        outer.addAll(names);
        return outer.isEmpty() ? null : new Reference(List.copyOf(outer));
    }

    /**
     * The comparisons that mean the same to a planner as to DuckDB.
     *
     * @param columns what the names in the conditions stand for
     */
    List<Predicate> predicates(Map<String, Field> columns) {
        List<Predicate> predicates = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            List<String> names = comparison.column().names();
            Field field = columns.get(names.getFirst());
            if (field != null) {
                comparison
                        .column()
                        .typeIn(field)
                        .flatMap(type -> literal(type, comparison))
                        .ifPresent(text ->
                                predicates.add(
                                        new Predicate(
                                                field.name(),
                                                names.subList(1, names.size()),
                                                comparison.operator(),
                                                text)));
            }
        }
        return predicates;
    }

    private static Optional<String> literal(Type type, Comparison comparison) {
        String text = comparison.text();
        String cast = comparison.cast();
        return switch (comparison.kind()) {
            case NULL -> Optional.of("");
            case NUMBER -> when(cast.isEmpty() && fits(type, text), text);
            case TRUTH -> when(type == Primitive.BOOLEAN, text);
            case TEXT ->
                    switch (type) {
                        case Primitive.VARCHAR -> when(cast.isEmpty(), text);
                        case Primitive.DATE -> when(cast.equals("DATE") && isDate(text), text);
                        case Primitive.TIMESTAMP ->
                                when(
                                        cast.equals("TIMESTAMP") && SECOND.matcher(text).matches(),
                                        text);
                        case Primitive.TIMESTAMPTZ -> zoned(text, cast);
                        default -> Optional.empty();
                    };
        };
    }

    /** The engine's own zone is UTC, in which it writes constants down. */
    private static Optional<String> zoned(String text, String cast) {
        boolean utc = cast.equals(ZONED) && text.endsWith("+00");
        String time = utc ? text.substring(0, text.length() - "+00".length()) : "";
        return when(SECOND.matcher(time).matches(), text);
    }

    private static Optional<String> when(boolean certain, String text) {
        return certain ? Optional.of(text) : Optional.empty();
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
