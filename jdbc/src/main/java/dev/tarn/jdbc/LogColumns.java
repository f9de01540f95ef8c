package dev.tarn.jdbc;

import dev.tarn.jdbc.ChangeBuffer.Change;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.Changes;
import dev.tarn.spi.RowSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The columns that rows of a log are told with: those of the table, then what is known of the
 * change.
 *
 * @param isEvents whether each change becomes a row of its own, with its place in the log
 */
record LogColumns(List<Column> ofTable, boolean isEvents) {
    private static final String KIND = "_op";
    private static final String AT = "_changed_at";
    private static final String UNTOLD = "_unchanged";
    private static final String PLACE = "_lsn";
    private static final String TRANSACTION = "_transaction";
    private static final String ORDER = "_order";

    LogColumns {
        ofTable = List.copyOf(ofTable);
    }

    /** With columns that are missing so far. */
    LogColumns and(List<Column> others) {
        List<Column> all = new ArrayList<>(ofTable);
        for (Column other : others) {
            if (all.stream().noneMatch(c -> c.name().equals(other.name()))) {
                all.add(other);
            }
        }
        return new LogColumns(all, isEvents);
    }

    /** What a batch tells. */
    Schema told() {
        List<Field> fields = new ArrayList<>(fields());
        fields.add(Field.of(KIND, Primitive.VARCHAR));
        fields.add(Field.of(UNTOLD, Primitive.VARCHAR));
        return new Schema(fields);
    }

    /** What the table has. */
    Schema ofResult() {
        return isEvents ? told() : new Schema(fields());
    }

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        ofTable.forEach(c -> fields.add(Field.of(c.name(), c.type())));
        fields.add(Field.of(AT, Primitive.TIMESTAMPTZ));
        if (isEvents) {
            fields.add(Field.of(PLACE, Primitive.BIGINT));
            fields.add(Field.of(TRANSACTION, Primitive.BIGINT));
            fields.add(Field.of(ORDER, Primitive.INTEGER));
        }
        return fields;
    }

    Changes changes() {
        return new Changes(
                KIND,
                Optional.of(UNTOLD),
                Optional.of(AT),
                isEvents
                        ? List.of(KIND, UNTOLD, AT, PLACE, TRANSACTION, ORDER)
                        : List.of(KIND, UNTOLD, AT));
    }

    void tellChange(RowSink sink, String kind, Change change, @Nullable String untold) {
        sink.timestamp(change.micros());
        if (isEvents) {
            sink.integer(change.commit().value());
            sink.integer(Integer.toUnsignedLong(change.transaction()));
            sink.integer(change.order());
        }
        sink.text(kind);
        if (untold == null) {
            sink.nothing();
        } else {
            sink.text(untold);
        }
    }

    /** For rows that were found in the table. */
    void tellRead(RowSink sink, LogSnapshot snapshot) {
        sink.timestamp(snapshot.micros());
        if (isEvents) {
            // Before the first change that it does not have.
            sink.integer(snapshot.end().value() - 1);
            sink.nothing();
            sink.nothing();
        }
        sink.text(Changes.READ);
        sink.nothing();
    }
}
