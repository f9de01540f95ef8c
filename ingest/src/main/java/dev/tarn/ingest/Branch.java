package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rows that one part of a landing's query reads.
 *
 * @param from what stands behind FROM; has {@code _file} and {@code _row} beside the columns
 * @param columns it has, under the names of the landing's columns
 * @param text whether every column is text as it stood in the file
 * @param hasRaw whether {@code _raw_text} holds the whole record as it stood in the file
 * @param certain names, in lower case, of text columns whose values can all be cast
 * @param typed names, in lower case, of columns that are not text all the same
 * @param beside what came with a record and is not part of it, as an expression
 */
record Branch(
        String from,
        List<Field> columns,
        boolean text,
        boolean hasRaw,
        Set<String> certain,
        Set<String> typed,
        String beside) {
    Branch {
        columns = List.copyOf(columns);
        certain = Set.copyOf(certain);
        typed = Set.copyOf(typed);
    }

    Branch(String from, List<Field> columns, boolean text, boolean hasRaw, Set<String> certain) {
        this(from, columns, text, hasRaw, certain, Set.of());
    }

    Branch(
            String from,
            List<Field> columns,
            boolean text,
            boolean hasRaw,
            Set<String> certain,
            Set<String> typed) {
        this(from, columns, text, hasRaw, certain, typed, "CAST(NULL AS VARCHAR)");
    }

    Branch(String from, List<Field> columns, boolean text, boolean hasRaw) {
        this(from, columns, text, hasRaw, Set.of());
    }

    Branch withBeside(String expression) {
        return new Branch(from, columns, text, hasRaw, certain, typed, expression);
    }

    /** The good rows, cast to what was decided. */
    String rows(SchemaDecision decision, String ingestedAt) {
        return rows(decision, ingestedAt, "");
    }

    /**
     * The same with other values behind them.
     *
     * @param others begins with a comma if there are any
     */
    String rows(SchemaDecision decision, String ingestedAt, String others) {
        List<String> values = new ArrayList<>();
        for (Field field : decision.data()) {
            values.add(value(decision, field) + " AS " + name(field.name()));
        }
        String bad =
                misfits(decision).stream().map(Misfit::when).collect(Collectors.joining(" OR "));
        return "SELECT "
                + String.join(", ", values)
                + (values.isEmpty() ? "" : ", ")
                + "_file, _row, "
                + ingestedAt
                + " AS _ingested_at"
                + others
                + " FROM "
                + from
                + (bad.isEmpty() ? "" : " WHERE NOT (" + bad + ")");
    }

    /** The other rows, with the first reason; empty when all rows must be good. */
    String quarantine(SchemaDecision decision, String ingestedAt) {
        List<Misfit> misfits = misfits(decision);
        if (misfits.isEmpty()) {
            return "";
        }
        String column =
                misfits.stream()
                        .map(m -> "WHEN " + m.when() + " THEN " + literal(m.column()))
                        .collect(Collectors.joining(" ", "CASE ", " END"));
        String reason =
                misfits.stream()
                        .map(m -> "WHEN " + m.when() + " THEN " + m.reason())
                        .collect(Collectors.joining(" ", "CASE ", " END"));
        String bad = misfits.stream().map(Misfit::when).collect(Collectors.joining(" OR "));
        return "SELECT _file, _row, %s AS _column, %s AS _reason, %s AS _raw, %s AS _ingested_at, %s AS _beside"
                        .formatted(column, reason, raw(), ingestedAt, beside)
                + " FROM "
                + from
                + " WHERE "
                + bad;
    }

    /** A way in which a row can be bad: conditions are never null. */
    private record Misfit(String column, String when, String reason) {}

    private List<Misfit> misfits(SchemaDecision decision) {
        List<Misfit> misfits = new ArrayList<>();
        for (Field field : decision.data()) {
            if (has(field.name()) && !isSafe(decision, field)) {
                String given = given(field);
                misfits.add(
                        new Misfit(
                                field.name(),
                                "(%s IS NOT NULL AND %s IS NULL)"
                                        .formatted(given, value(decision, field)),
                                "'''' || left(CAST(%s AS VARCHAR), 200) || ''' is no %s'"
                                        .formatted(given, field.type().sql().replace("'", "''"))));
            }
        }
        for (String unknown : decision.unknown()) {
            if (has(unknown)) {
                misfits.add(
                        new Misfit(
                                unknown,
                                "(%s IS NOT NULL)".formatted(name(unknown)),
                                literal("the table has no column '" + unknown + "'")));
            }
        }
        return misfits;
    }

    /** Whether no value can be lost: the type was chosen for all values, or it takes any. */
    private boolean isSafe(SchemaDecision decision, Field field) {
        if (!isText(field)) {
            return column(field.name()).type().withoutIds().equals(field.type().withoutIds());
        }
        boolean inferred =
                decision.inferred().contains(lower(field.name()))
                        || certain.contains(lower(field.name()));
        return field.type() == Primitive.VARCHAR
                || field.type() == Primitive.BINARY
                || (inferred
                        && (field.type() instanceof Primitive
                                || field.type() instanceof Type.Decimal));
    }

    /** What the row has, null for nothing. */
    private String given(Field field) {
        String column = name(field.name());
        return isText(field) && field.type() != Primitive.VARCHAR
                ? "nullif(" + column + ", '')"
                : column;
    }

    private boolean isText(Field field) {
        return text && !typed.contains(lower(field.name()));
    }

    private String value(SchemaDecision decision, Field field) {
        String type = field.type().sql();
        if (!has(field.name())) {
            return "CAST(NULL AS " + type + ")";
        }
        String given = given(field);
        if (isText(field)) {
            return isSafe(decision, field) ? plain(field, given) : tried(field, given);
        }
        Type own = column(field.name()).type();
        boolean nested = !(own instanceof Primitive) && !(own instanceof Type.Decimal);
        if (own.withoutIds().equals(field.type().withoutIds())) {
            return given;
        }
        if (nested && field.type() == Primitive.VARCHAR) {
            return "CAST(to_json(" + given + ") AS VARCHAR)";
        }
        String cast = "TRY_CAST(" + given + " AS " + type + ")";
        return rounds(own, field.type())
                ? "CASE WHEN %s = %s THEN %s END".formatted(cast, given, cast)
                : cast;
    }

    /** Whether the engine would rather round a value than refuse it. */
    private static boolean rounds(Type from, Type to) {
        boolean fractions =
                from instanceof Type.Decimal || from == Primitive.FLOAT || from == Primitive.DOUBLE;
        boolean narrower =
                to instanceof Type.Decimal || to == Primitive.INTEGER || to == Primitive.BIGINT;
        boolean time = from == Primitive.TIMESTAMP || from == Primitive.TIMESTAMPTZ;
        return (fractions && narrower) || (time && to == Primitive.DATE);
    }

    private static String plain(Field field, String given) {
        if (field.type() == Primitive.VARCHAR) {
            return given;
        }
        return field.type() == Primitive.BINARY
                ? "encode(" + given + ")"
                : "CAST(" + given + " AS " + field.type().sql() + ")";
    }

    private static String tried(Field field, String given) {
        String type = field.type().sql();
        if (field.type() == Primitive.INTEGER || field.type() == Primitive.BIGINT) {
            // The engine would round 2.5 to 3.
            return "CASE WHEN contains(%s, '.') THEN NULL ELSE TRY_CAST(%s AS %s) END"
                    .formatted(given, given, type);
        }
        boolean scalar = field.type() instanceof Primitive && field.type() != Primitive.VARIANT;
        return scalar || field.type() instanceof Type.Decimal
                ? "TRY_CAST(" + given + " AS " + type + ")"
                : "TRY_CAST(TRY_CAST(" + given + " AS JSON) AS " + type + ")";
    }

    /** The record as it came. */
    String raw() {
        if (hasRaw) {
            return "_raw_text";
        }
        if (columns.isEmpty()) {
            return "''";
        }
        return columns.stream()
                .map(c -> literal(c.name()) + ", " + name(c.name()))
                .collect(Collectors.joining(", ", "CAST(json_object(", ") AS VARCHAR)"));
    }

    private boolean has(String name) {
        return columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(name));
    }

    private Field column(String name) {
        return columns.stream()
                .filter(c -> c.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow();
    }

    static String name(String name) {
        return Type.quoted(name);
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String lower(String name) {
        return name.toLowerCase(java.util.Locale.ROOT);
    }
}
