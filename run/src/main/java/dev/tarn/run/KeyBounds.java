package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.util.Optional;
import java.util.Set;

/**
 * Between which values a column of staged rows lies: files of a table without such values need not
 * be read.
 */
final class KeyBounds {
    /** Types whose order is the same in statistics, in texts and in the engine. */
    private static final Set<Type> ORDERED =
            Set.of(
                    Type.Primitive.INTEGER,
                    Type.Primitive.BIGINT,
                    Type.Primitive.DATE,
                    Type.Primitive.TIMESTAMP,
                    Type.Primitive.VARCHAR);

    private KeyBounds() {}

    /** Whether columns of two types can be compared by their bounds. */
    static boolean fit(Type table, Type rows) {
        return table.equals(rows) && (ORDERED.contains(table) || table instanceof Type.Decimal);
    }

    /**
     * The condition that a column lies within what the rows have; empty when they have no value.
     *
     * @param column of the rows
     * @param bounded of the table
     * @param expression how the condition names the column of the table
     */
    static Optional<String> of(
            EngineSession session,
            TableName rows,
            String column,
            Field bounded,
            String expression) {
        String quoted = Type.quoted(column);
        SqlText query =
                SqlText.of(
                        "select cast(min(%s) as varchar), cast(max(%s) as varchar) from %s"
                                .formatted(quoted, quoted, rows));
        try (QueryResult found = session.query(query)) {
            if (!found.next()
                    || !(found.value(0) instanceof String low)
                    || !(found.value(1) instanceof String high)) {
                return Optional.empty();
            }
            return Optional.of(
                    "%s >= %s and %s <= %s"
                            .formatted(
                                    expression,
                                    literal(low, bounded),
                                    expression,
                                    literal(high, bounded)));
        }
    }

    private static String literal(String value, Field field) {
        return "'" + value.replace("'", "''") + "'::" + field.type().sql();
    }
}
