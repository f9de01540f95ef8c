package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Decimal;
import dev.tarn.model.table.Type.ListOf;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.model.table.Type.Struct;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which type can hold the values of two, and which changes of a table's type lose nothing. */
final class TypeUnion {
    private static final int BIGINT_DIGITS = 19;
    private static final int MOST_DIGITS = 38;

    private TypeUnion() {}

    /** The type that can hold both; text where nothing else can. */
    static Type of(Type left, Type right) {
        if (left.withoutIds().equals(right.withoutIds())) {
            return left;
        }
        if (left instanceof Struct l && right instanceof Struct r) {
            return structs(l, r);
        }
        if (left instanceof ListOf l && right instanceof ListOf r) {
            return ListOf.of(of(l.element().type(), r.element().type()));
        }
        if (isNumber(left) && isNumber(right)) {
            return numbers(left, right);
        }
        boolean bothTimes = isTime(left) && isTime(right);
        if (bothTimes && (left == Primitive.TIMESTAMP_NS || right == Primitive.TIMESTAMP_NS)) {
            return Primitive.TIMESTAMP_NS;
        }
        return bothTimes ? Primitive.TIMESTAMP : Primitive.VARCHAR;
    }

    /** Whether a table's column may become the other type without a loss and without rewriting. */
    static boolean isWidening(Type from, Type to) {
        if (from instanceof Decimal f && to instanceof Decimal t) {
            return f.scale() == t.scale() && f.precision() < t.precision();
        }
        return (from == Primitive.INTEGER && to == Primitive.BIGINT)
                || (from == Primitive.FLOAT && to == Primitive.DOUBLE);
    }

    private static Type structs(Struct left, Struct right) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Struct struct : List.of(left, right)) {
            for (Field field : struct.fields()) {
                fields.merge(
                        field.name().toLowerCase(Locale.ROOT),
                        field,
                        (a, b) -> a.withType(of(a.type(), b.type())));
            }
        }
        return new Struct(List.copyOf(fields.values()));
    }

    private static Type numbers(Type left, Type right) {
        if (isFloating(left) || isFloating(right)) {
            return Primitive.DOUBLE;
        }
        if (left instanceof Primitive && right instanceof Primitive) {
            return Primitive.BIGINT;
        }
        int scale = Math.max(scale(left), scale(right));
        int whole = Math.max(precision(left) - scale(left), precision(right) - scale(right));
        return whole + scale > MOST_DIGITS ? Primitive.DOUBLE : new Decimal(whole + scale, scale);
    }

    private static boolean isNumber(Type type) {
        return type instanceof Decimal
                || type == Primitive.INTEGER
                || type == Primitive.BIGINT
                || isFloating(type);
    }

    private static boolean isFloating(Type type) {
        return type == Primitive.FLOAT || type == Primitive.DOUBLE;
    }

    private static boolean isTime(Type type) {
        return type == Primitive.DATE
                || type == Primitive.TIMESTAMP
                || type == Primitive.TIMESTAMP_NS;
    }

    private static int precision(Type type) {
        return type instanceof Decimal d ? d.precision() : BIGINT_DIGITS;
    }

    private static int scale(Type type) {
        return type instanceof Decimal d ? d.scale() : 0;
    }
}
