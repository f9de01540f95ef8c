package dev.tarn.upkeep;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Orders rows so that those with near values of several columns are near each other: each column is
 * cut into 256 parts with about as many rows each, and the bits of a row's parts are taken in turn
 * (a Z-order over ranks). By one column it is a plain sort.
 */
final class Clustering {
    private static final int BITS = 8;
    private static final int MOST_COLUMNS = 4;
    private static final int SAMPLE = 100_000;

    private final TableName rows;
    private final List<String> columns;

    Clustering(TableName rows, List<String> columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** The columns of a table that a property names. */
    static List<String> columns(Schema schema, String text) {
        if (text.isBlank()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (String part : text.split(",")) {
            Field field =
                    schema.find(part.strip())
                            .orElseThrow(() ->
                                    UpkeepErrors.clusterColumnUnknown(
                                            part.strip(), schema.names()));
            if (!(field.type() instanceof Type.Primitive || field.type() instanceof Type.Decimal)
                    || field.type() == Type.Primitive.VARIANT) {
                throw UpkeepErrors.clusterColumnUnfit(field.name(), field.type().sql());
            }
            names.add(field.name());
        }
        if (names.size() > MOST_COLUMNS) {
            throw UpkeepErrors.property(
                    UpkeepPolicy.CLUSTER_BY, text, "one to %d columns".formatted(MOST_COLUMNS));
        }
        return names;
    }

    /** A query of all rows in their new order. Looks at a sample of them first. */
    SqlText query(EngineSession session) {
        if (columns.size() == 1) {
            return SqlText.of(
                    "select * from %s order by %s"
                            .formatted(rows, Type.quoted(columns.getFirst())));
        }
        StringJoiner joins = new StringJoiner(" ");
        for (int i = 0; i < columns.size(); i++) {
            TableName bounds = new TableName(rows.schema(), "bounds_" + i);
            session.stage(bounds, bounds(columns.get(i)));
            joins.add(
                    "asof left join %s as b%d on t.%s >= b%d.value"
                            .formatted(bounds, i, Type.quoted(columns.get(i)), i));
        }
        return SqlText.of(
                "select t.* from %s as t %s order by %s".formatted(rows, joins, interleaved()));
    }

    /** The values at which the parts of a column begin. */
    private SqlText bounds(String column) {
        String value = Type.quoted(column);
        return SqlText.of(
                """
                select min(value) as value, part from (
                    select value, ntile(%d) over (order by value) as part
                    from (select %s as value from %s where %s is not null
                        using sample %d rows))
                group by part
                """
                        .formatted(1 << BITS, value, rows, value, SAMPLE));
    }

    private String interleaved() {
        StringJoiner bits = new StringJoiner(" | ");
        for (int bit = 0; bit < BITS; bit++) {
            for (int i = 0; i < columns.size(); i++) {
                int shift = bit * columns.size() + columns.size() - 1 - i;
                bits.add(
                        "((((coalesce(b%d.part, 1) - 1) >> %d) & 1) << %d)"
                                .formatted(i, bit, shift));
            }
        }
        return bits.toString();
    }
}
