package dev.tarn.spi;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a name in a query stands for. */
public sealed interface Relation {
    /**
     * A table; planned when a query needs it.
     *
     * @param scan plans a read under the predicates that the engine found in the query
     * @param places whether queries see where each row stands
     */
    record Table(Schema schema, ScanPlanner scan, Places places) implements Relation {
        public Table(Schema schema, ScanPlanner scan) {
            this(schema, scan, new Places.Untold());
        }

        /** What queries see. */
        public Schema columns() {
            return switch (places) {
                case Places.Untold untold -> schema;
                case Places.Told told -> {
                    List<Field> all = new ArrayList<>(schema.fields());
                    all.addAll(Places.COLUMNS);
                    yield new Schema(all);
                }
            };
        }
    }

    /** What a relation tells of its rows besides their values. */
    sealed interface Places {
        /** Which file, as a number that {@link EngineSession#positions} understands. */
        String FILE = "__tarn_file";

        String POSITION = "__tarn_position";

        /** The id of the row; null when the table keeps none. */
        String ROW_ID = "__tarn_row_id";

        /** The number of the change that last changed the row; null when the table keeps none. */
        String LAST_UPDATED = "__tarn_last_updated";

        /** The columns that come after those of the table. */
        List<Field> COLUMNS =
                List.of(
                        column(2_147_483_646, FILE),
                        column(2_147_483_645, POSITION),
                        RowLineage.ROW_ID.withName(ROW_ID),
                        RowLineage.LAST_UPDATED.withName(LAST_UPDATED));

        private static Field column(int id, String name) {
            return new Field(
                    id, name, Type.Primitive.BIGINT, false, Optional.empty(), Optional.empty());
        }

        /** Nothing. */
        record Untold() implements Places {}

        /** File and position, row id and last change. */
        record Told() implements Places {}
    }

    /** A query over other relations of the same session. */
    record View(String sql) implements Relation {}

    /** Columns without rows, for binding queries before anything has run. */
    record Shape(Schema schema) implements Relation {}

    /** Plans reads of one table state. */
    interface ScanPlanner {
        TableScan plan(List<Predicate> predicates);
    }
}
