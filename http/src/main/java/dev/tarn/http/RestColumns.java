package dev.tarn.http;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.RowPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns beside the members of a record.
 *
 * @param placed whether rows say from which answer they are; not where that would be a change
 * @param parents whether rows say of which parent they are
 */
record RestColumns(boolean placed, boolean parents) {
    static final String REQUEST = "_request";
    static final String RECORD = "_record";
    static final String PARENT = "_parent";
    static final String VALUE = "value";

    Schema schema() {
        List<Field> fields = new ArrayList<>();
        if (placed) {
            fields.add(Field.of(REQUEST, Primitive.VARCHAR));
            fields.add(Field.of(RECORD, Primitive.BIGINT));
        }
        if (parents) {
            fields.add(Field.of(PARENT, Primitive.VARCHAR));
        }
        fields.add(Field.of(VALUE, Primitive.VARCHAR));
        return new Schema(fields);
    }

    Optional<RowPlace> place() {
        return placed ? Optional.of(new RowPlace(List.of(REQUEST), RECORD)) : Optional.empty();
    }
}
