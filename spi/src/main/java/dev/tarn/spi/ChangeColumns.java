package dev.tarn.spi;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.List;

/** The columns of rows that tell how a table changed. */
public final class ChangeColumns {
    /**
     * What is said of a row before its own columns: what happened, in which version, by whom, when.
     */
    public static final List<Field> SAID =
            List.of(
                    Field.of("_change", Type.Primitive.VARCHAR),
                    Field.of("_version", Type.Primitive.BIGINT),
                    Field.of("_run", Type.Primitive.VARCHAR),
                    Field.of("_at", Type.Primitive.TIMESTAMPTZ));

    private ChangeColumns() {}

    public static Schema of(Schema table) {
        List<Field> fields = new ArrayList<>(SAID);
        fields.addAll(table.fields());
        return new Schema(fields);
    }

    /** The same where only columns are known. */
    public static Relation.Shape shape(Relation.Shape table) {
        return new Relation.Shape(of(table.schema()));
    }
}
