package dev.tarn.http;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.RowPlace;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns beside the members of a record.
 *
 * @param placed whether the table has which answer rows are from; not where that would be a change
 * @param parents whether rows say of which parent they are
 */
record RestColumns(boolean placed, boolean parents) {
    private static final String REQUEST = "_request";
    private static final String RECORD = "_record";

    /** Before names of what is not of the table. */
    private static final String ASIDE = "tarn";

    static final String PARENT = "_parent";
    static final String VALUE = "value";

    Schema schema() {
        List<Field> fields = new ArrayList<>();
        fields.add(Field.of(name(REQUEST), Primitive.VARCHAR));
        fields.add(Field.of(name(RECORD), Primitive.BIGINT));
        if (parents) {
            fields.add(Field.of(PARENT, Primitive.VARCHAR));
        }
        fields.add(Field.of(VALUE, Primitive.VARCHAR));
        return new Schema(fields);
    }

    RowPlace place() {
        return new RowPlace(List.of(name(REQUEST)), name(RECORD));
    }

    private String name(String column) {
        return placed ? column : ASIDE + column;
    }
}
