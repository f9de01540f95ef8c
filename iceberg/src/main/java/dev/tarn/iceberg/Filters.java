package dev.tarn.iceberg;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Predicate.Operator;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Turns predicates into Iceberg's expressions. What is not certain to mean the same on both sides
 * is left out: files too many cost time, files too few cost rows.
 */
final class Filters {
    private Filters() {}

    static Expression of(Schema schema, List<Predicate> predicates) {
        Expression all = Expressions.alwaysTrue();
        for (Predicate predicate : predicates) {
            Optional<NestedField> column = Columns.topLevel(schema, predicate.column());
            for (String part : predicate.within()) {
                column = column.flatMap(outer -> Optional.ofNullable(part(outer, part)));
            }
            String name =
                    column.map(c -> schema.findColumnName(c.fieldId())).orElse(predicate.column());
            if (column.isPresent() && isAddressable(schema, name, column.get())) {
                all = Expressions.and(all, one(name, column.get().type(), predicate));
            }
        }
        return all;
    }

    private static @Nullable NestedField part(NestedField outer, String name) {
        return outer.type().isStructType() ? outer.type().asStructType().field(name) : null;
    }

    /** A name with dots may mean a part of a struct to Iceberg, or a column of that name. */
    private static boolean isAddressable(Schema schema, String name, NestedField column) {
        NestedField found = schema.findField(name);
        return found != null
                && found.fieldId() == column.fieldId()
                && column.type().isPrimitiveType()
                && !column.type().isVariantType();
    }

    private static Expression one(String name, Type type, Predicate predicate) {
        Operator operator = predicate.operator();
        if (operator == Operator.IS_NULL) {
            return Expressions.isNull(name);
        }
        if (operator == Operator.IS_NOT_NULL) {
            return Expressions.notNull(name);
        }
        Optional<Object> value = comparable(type, operator, predicate.literal());
        if (value.isEmpty()) {
            return Expressions.alwaysTrue();
        }
        Object wanted = value.get();
        return switch (operator) {
            case EQUAL -> Expressions.equal(name, wanted);
            case LESS -> Expressions.lessThan(name, wanted);
            case LESS_OR_EQUAL -> Expressions.lessThanOrEqual(name, wanted);
            case GREATER -> Expressions.greaterThan(name, wanted);
            case GREATER_OR_EQUAL -> Expressions.greaterThanOrEqual(name, wanted);
            case IS_NULL, IS_NOT_NULL -> Expressions.alwaysTrue();
        };
    }

    private static Optional<Object> comparable(Type type, Operator operator, String literal) {
        boolean ordered =
                switch (type.typeId()) {
                    case INTEGER, LONG, DATE, TIME, TIMESTAMP, TIMESTAMP_NANO, STRING, DECIMAL ->
                            true;
                    // NaN is above all for the engine and absent from the statistics.
                    case FLOAT, DOUBLE ->
                            operator != Operator.GREATER && operator != Operator.GREATER_OR_EQUAL;
                    case BOOLEAN -> operator == Operator.EQUAL;
                    default -> false;
                };
        if (!ordered) {
            return Optional.empty();
        }
        return Values.value(type, literal).filter(Filters::isPlain).map(v -> constant(type, v));
    }

    /** The two zeros are one for the engine and two for the statistics; NaN equals nothing. */
    private static boolean isPlain(Object value) {
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) && number != 0;
        }
        return true;
    }

    /** Nanoseconds given as a bare number would be taken for microseconds. */
    private static Object constant(Type type, Object value) {
        return type.typeId() == Type.TypeID.TIMESTAMP_NANO
                ? Values.text(type, value).replace(' ', 'T')
                : value;
    }
}
