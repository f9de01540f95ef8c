package dev.tarn.sql.statement;

import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.Transform;
import dev.tarn.sql.statement.Statement.Layout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads partitioning, order and properties of tables. */
final class LayoutParser {
    private final Cursor cursor;

    LayoutParser(Cursor cursor) {
        this.cursor = cursor;
    }

    Layout layout() {
        List<PartitionField> partitioning = List.of();
        List<SortField> order = List.of();
        Map<String, String> properties = new LinkedHashMap<>();
        Optional<String> comment = Optional.empty();
        while (!cursor.atEnd() && !cursor.have("as")) {
            if (cursor.skip("partition", "by") || cursor.skip("partitioned", "by")) {
                partitioning = partitioning();
            } else if (cursor.skip("order", "by") || cursor.skip("sorted", "by")) {
                order = order();
            } else if (cursor.skip("comment")) {
                cursor.skip("=");
                comment = Optional.of(cursor.string("a comment in quotes"));
            } else if (cursor.skip("tblproperties")
                    || cursor.skip("with")
                    || cursor.skip("options")) {
                properties.putAll(properties());
            } else if (!cursor.skip("using", "iceberg")) {
                throw cursor.expected(
                        "AS, PARTITION BY, ORDER BY, WITH (…), COMMENT or the end of the statement");
            }
        }
        return new Layout(partitioning, order, Map.copyOf(properties), comment);
    }

    List<PartitionField> partitioning() {
        boolean listed = cursor.skip("(");
        List<PartitionField> fields = new ArrayList<>();
        do {
            fields.add(partition());
        } while (cursor.skip(","));
        if (listed) {
            cursor.expect(")");
        }
        return fields;
    }

    PartitionField partition() {
        Transformed of = transformed();
        PartitionField field = PartitionField.of(of.column(), of.transform());
        return field;
    }

    private record Transformed(String column, Transform transform) {}

    private Transformed transformed() {
        if (!cursor.peek(1).is("(")) {
            return new Transformed(cursor.column().name(), new Transform.Identity());
        }
        int start = cursor.at();
        String name = cursor.next().text().toLowerCase(Locale.ROOT);
        cursor.expect("(");
        Optional<Integer> width = Optional.empty();
        if (cursor.peek().kind() == Token.Kind.NUMBER) {
            width = Optional.of(number());
            cursor.expect(",");
        }
        String column = cursor.column().name();
        if (width.isEmpty() && cursor.skip(",")) {
            width = Optional.of(number());
        }
        cursor.expect(")");
        return new Transformed(column, transform(name, width, start));
    }

    private Transform transform(String name, Optional<Integer> width, int start) {
        return switch (name) {
            case "identity" -> new Transform.Identity();
            case "year", "years" -> new Transform.Year();
            case "month", "months" -> new Transform.Month();
            case "day", "days", "date" -> new Transform.Day();
            case "hour", "hours" -> new Transform.Hour();
            case "bucket" -> new Transform.Bucket(width(width, name, start));
            case "truncate" -> new Transform.Truncate(width(width, name, start));
            default -> {
                cursor.moveTo(start);
                throw cursor.invalid(
                        "'%s' is no way to partition or sort. What is: a column, year(c), month(c), day(c), hour(c), bucket(n, c), truncate(n, c)."
                                .formatted(name));
            }
        };
    }

    private int width(Optional<Integer> width, String name, int start) {
        if (width.isEmpty() || width.get() < 1) {
            cursor.moveTo(start);
            throw cursor.invalid("Write %s(n, column) with a number above 0.".formatted(name));
        }
        return width.get();
    }

    private int number() {
        try {
            int value = Integer.parseInt(cursor.peek().text());
            cursor.next();
            return value;
        } catch (NumberFormatException e) {
            throw cursor.expected("a whole number");
        }
    }

    List<SortField> order() {
        boolean listed = cursor.skip("(");
        List<SortField> fields = new ArrayList<>();
        do {
            Transformed of = transformed();
            boolean descending = cursor.skip("desc");
            if (!descending) {
                cursor.skip("asc");
            }
            boolean nullsFirst = cursor.skip("nulls", "first");
            if (!nullsFirst) {
                cursor.skip("nulls", "last");
            }
            fields.add(new SortField(of.column(), of.transform(), descending, nullsFirst));
        } while (cursor.skip(","));
        if (listed) {
            cursor.expect(")");
        }
        return fields;
    }

    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        cursor.expect("(");
        do {
            String key = key();
            cursor.skip("=");
            Token value = cursor.peek();
            if (value.text().isEmpty() || value.is(",") || value.is(")")) {
                throw cursor.expected("a value");
            }
            cursor.next();
            properties.put(key, value.value());
        } while (cursor.skip(","));
        cursor.expect(")");
        return properties;
    }

    List<String> keys() {
        List<String> keys = new ArrayList<>();
        cursor.expect("(");
        do {
            keys.add(key());
        } while (cursor.skip(","));
        cursor.expect(")");
        return keys;
    }

    /** In quotes, or in words with dots and hyphens between them. */
    private String key() {
        if (cursor.peek().kind() == Token.Kind.TEXT) {
            return cursor.next().value();
        }
        StringBuilder key = new StringBuilder(cursor.identifier("the name of a property"));
        while (cursor.have(".") || cursor.have("-")) {
            key.append(cursor.next().text());
            key.append(cursor.identifier("the name of a property"));
        }
        return key.toString();
    }
}
