package dev.tarn.project;

import dev.tarn.jinja.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Constraints of property files as {@code create table} writes them. */
final class ConstraintText {
    private ConstraintText() {}

    /** Columns with their types and constraints, such as {@code id integer not null}. */
    static List<Object> columns(@Nullable Object rawColumns) {
        List<Object> lines = new ArrayList<>();
        if (!(rawColumns instanceof Map<?, ?> columns)) {
            return lines;
        }
        for (Object each : columns.values()) {
            if (!(each instanceof Map<?, ?> column)) {
                continue;
            }
            String name = text(column, "name");
            boolean quoted = Values.truthy(column.get("quote"));
            StringBuilder line =
                    new StringBuilder(quoted ? SqlNames.always(name) : name)
                            .append(' ')
                            .append(text(column, "data_type"));
            for (Map<?, ?> constraint : constraints(column.get("constraints"))) {
                ofColumn(constraint).ifPresent(c -> line.append(' ').append(c));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** Constraints of a whole table, such as {@code primary key (id, day)}. */
    static List<Object> model(@Nullable Object rawConstraints) {
        List<Object> lines = new ArrayList<>();
        for (Map<?, ?> constraint : constraints(rawConstraints)) {
            String name = text(constraint, "name");
            ofModel(constraint)
                    .ifPresent(c -> lines.add(name.isEmpty() ? c : "constraint " + name + " " + c));
        }
        return lines;
    }

    private static List<Map<?, ?>> constraints(@Nullable Object given) {
        List<Map<?, ?>> constraints = new ArrayList<>();
        if (given != null) {
            for (Object each : Values.list(given)) {
                if (each instanceof Map<?, ?> constraint) {
                    constraints.add(constraint);
                }
            }
        }
        return constraints;
    }

    private static Optional<String> ofColumn(Map<?, ?> constraint) {
        String expression = text(constraint, "expression");
        return switch (text(constraint, "type")) {
            case "check" -> given("check (" + expression + ")", expression);
            case "not_null" -> Optional.of(with("not null", expression));
            case "unique" -> Optional.of(with("unique", expression));
            case "primary_key" -> Optional.of(with("primary key", expression));
            case "foreign_key" -> references(constraint, expression);
            case "custom" -> given(expression, expression);
            default -> Optional.empty();
        };
    }

    private static Optional<String> ofModel(Map<?, ?> constraint) {
        String expression = text(constraint, "expression");
        String columns = " (" + listed(constraint, "columns") + ")";
        return switch (text(constraint, "type")) {
            case "check" -> given("check (" + expression + ")", expression);
            case "unique" -> Optional.of(with("unique", expression) + columns);
            case "primary_key" -> Optional.of(with("primary key", expression) + columns);
            case "foreign_key" ->
                    references(constraint, expression).map(r -> "foreign key" + columns + " " + r);
            case "custom" -> given(expression, expression);
            default -> Optional.empty();
        };
    }

    private static Optional<String> references(Map<?, ?> constraint, String expression) {
        String to = text(constraint, "to");
        String columns = listed(constraint, "to_columns");
        return !to.isEmpty() && !columns.isEmpty()
                ? Optional.of("references %s (%s)".formatted(to, columns))
                : given("references " + expression, expression);
    }

    private static Optional<String> given(String text, String expression) {
        return expression.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String with(String words, String expression) {
        return expression.isEmpty() ? words : words + " " + expression;
    }

    private static String listed(Map<?, ?> constraint, String key) {
        Object columns = constraint.get(key);
        return columns == null
                ? ""
                : Values.list(columns).stream().map(Values::text).collect(Collectors.joining(", "));
    }

    private static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : Values.text(value);
    }
}
