package dev.tarn.model.table;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The types a table can store; those of Iceberg v3. Engines map their own onto these. The text form
 * is the house dialect's (DuckDB's), so it can stand in SQL.
 */
public sealed interface Type {
    /** Types without parts. */
    enum Primitive implements Type {
        BOOLEAN("BOOLEAN"),
        INTEGER("INTEGER"),
        BIGINT("BIGINT"),
        FLOAT("FLOAT"),
        DOUBLE("DOUBLE"),
        DATE("DATE"),
        TIME("TIME"),
        TIMESTAMP("TIMESTAMP"),
        TIMESTAMPTZ("TIMESTAMPTZ"),
        TIMESTAMP_NS("TIMESTAMP_NS"),
        VARCHAR("VARCHAR"),
        UUID("UUID"),
        BINARY("BLOB"),
        VARIANT("VARIANT");

        private final String sql;

        Primitive(String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }
    }

    /** Exact numbers: {@code precision} digits, {@code scale} of them after the point. */
    record Decimal(int precision, int scale) implements Type {
        public Decimal {
            if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
                throw new IllegalArgumentException(
                        "No decimal has precision " + precision + " and scale " + scale);
            }
        }

        @Override
        public String sql() {
            return "DECIMAL(" + precision + "," + scale + ")";
        }
    }

    /** Named parts. */
    record Struct(List<Field> fields) implements Type {
        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public String sql() {
            return fields.stream()
                    .map(f -> quoted(f.name()) + " " + f.type().sql())
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }
    }

    /** Many of one type. The element is a field so that it can carry an id. */
    record ListOf(Field element) implements Type {
        public static ListOf of(Type element) {
            return new ListOf(Field.of("element", element));
        }

        @Override
        public String sql() {
            return element.type().sql() + "[]";
        }
    }

    /** From keys to values. Both are fields so that they can carry ids. */
    record MapOf(Field key, Field value) implements Type {
        public static MapOf of(Type key, Type value) {
            return new MapOf(Field.of("key", key).asRequired(), Field.of("value", value));
        }

        @Override
        public String sql() {
            return "MAP(" + key.type().sql() + ", " + value.type().sql() + ")";
        }
    }

    /** The type as the house dialect writes it. */
    String sql();

    /** The same type with every field id taken away, for comparing shapes. */
    default Type withoutIds() {
        return switch (this) {
            case Primitive p -> p;
            case Decimal d -> d;
            case Struct s -> new Struct(s.fields().stream().map(Field::withoutIds).toList());
            case ListOf l -> new ListOf(l.element().withoutIds());
            case MapOf m -> new MapOf(m.key().withoutIds(), m.value().withoutIds());
        };
    }

    /** A name as the house dialect quotes it. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
