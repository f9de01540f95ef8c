package dev.tarn.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Predicate.Operator;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which predicates decide about files, and which are left out because they might decide wrongly.
 */
final class FiltersTest {
    private static final Schema SCHEMA =
            new Schema(
                    NestedField.optional(1, "i", Types.IntegerType.get()),
                    NestedField.optional(2, "d", Types.DoubleType.get()),
                    NestedField.optional(3, "dec", Types.DecimalType.of(9, 2)),
                    NestedField.optional(4, "day", Types.DateType.get()),
                    NestedField.optional(5, "ts", Types.TimestampType.withoutZone()),
                    NestedField.optional(6, "tz", Types.TimestampType.withZone()),
                    NestedField.optional(7, "s", Types.StringType.get()),
                    NestedField.optional(8, "u", Types.UUIDType.get()),
                    NestedField.optional(
                            9,
                            "st",
                            Types.StructType.of(
                                    NestedField.optional(10, "a", Types.IntegerType.get()))),
                    NestedField.optional(11, "x.y", Types.IntegerType.get()),
                    NestedField.optional(12, "n", Types.TimestampNanoType.withoutZone()));

    private static Expression bound(String column, Operator operator, String literal) {
        Expression expression =
                Filters.of(SCHEMA, List.of(new Predicate(column, operator, literal)));
        return Binder.bind(SCHEMA.asStruct(), expression, true);
    }

    @ParameterizedTest
    @CsvSource({
        "i, EQUAL, 5, ref(id=1) == 5",
        "I, LESS, 5.0, ref(id=1) < 5",
        "d, LESS_OR_EQUAL, 1.5, ref(id=2) <= 1.5",
        "dec, GREATER, 1.5, ref(id=3) > 1.50",
        "day, GREATER_OR_EQUAL, 2024-02-29, ref(id=4) >= 19782",
        "ts, EQUAL, 1969-12-31 23:59:59.5, ref(id=5) == -500000",
        "ts, LESS, 1970-01-02, ref(id=5) < 86400000000",
        "tz, LESS, 1970-01-01 02:00:00+02, ref(id=6) < 0",
        "tz, LESS, 1970-01-01 05:30:00.000001+05:30, ref(id=6) < 1",
        "n, EQUAL, 1970-01-01 00:00:00.000000007, ref(id=12) == 7",
        "x.y, EQUAL, 3, ref(id=11) == 3",
        "s, IS_NULL, '', is_null(ref(id=7))",
    })
    void predicatesThatAreCertainDecide(
            String column, Operator operator, String literal, String expected) {
        String text = bound(column, operator, literal).toString();
        assertThat(text.replaceAll(", accessor-type=[a-z_]+(\\([0-9, ]+\\))?", ""))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "i, EQUAL, 5.5",
        "i, EQUAL, 3000000000",
        "i, EQUAL, abc",
        "d, GREATER, 1.5",
        "d, EQUAL, 0.0",
        "d, EQUAL, -0.0",
        "d, LESS, nan",
        "d, LESS, inf",
        "dec, EQUAL, 1.005",
        "dec, LESS, 99999999.00",
        "day, EQUAL, 2024-02-29 10:00:00",
        "day, LESS, infinity",
        "ts, EQUAL, 1970-01-01 00:00:00.0000001",
        "tz, EQUAL, 1970-01-01 00:00:00",
        "u, EQUAL, 00112233-4455-6677-8899-aabbccddeeff",
        "st, IS_NULL, ''",
        "unknown, EQUAL, 1",
    })
    void predicatesThatAreNotCertainAreLeftOut(String column, Operator operator, String literal) {
        assertThat(bound(column, operator, literal).op()).isEqualTo(Expression.Operation.TRUE);
    }
}
