package dev.tarn.project;

import dev.tarn.model.graph.SnapshotRules;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.List;

/** The columns of a snapshot's table: those of its query, and its own. */
final class SnapshotColumns {
    private SnapshotColumns() {}

    static Schema of(Schema query, SnapshotRules rules) {
        Type time =
                rules.updatedAt()
                        .flatMap(query::find)
                        .map(f -> f.type().withoutIds())
                        .orElse(Type.Primitive.TIMESTAMP);
        SnapshotRules.Columns names = rules.columns();
        List<Field> fields = new ArrayList<>(query.fields());
        fields.add(Field.of(names.id(), Type.Primitive.VARCHAR));
        fields.add(Field.of(names.updatedAt(), time));
        fields.add(Field.of(names.validFrom(), time));
        fields.add(Field.of(names.validTo(), time));
        if (rules.hardDeletes() == SnapshotRules.HardDeletes.NEW_RECORD) {
            fields.add(Field.of(names.isDeleted(), Type.Primitive.VARCHAR));
        }
        return new Schema(fields);
    }
}
