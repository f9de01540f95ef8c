package dev.tarn.iceberg;

import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Finds columns and their parts by name; case does not distinguish names. */
final class Columns {
    private Columns() {}

    /** The names of all columns and parts, with dots. */
    static List<String> all(Schema schema) {
        return TypeUtil.indexNameById(schema.asStruct()).values().stream().sorted().toList();
    }

    /** A column, or a part of one by its dotted path. */
    static Optional<NestedField> find(Schema schema, String name) {
        @Nullable NestedField exact = schema.findField(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        return TypeUtil.indexNameById(schema.asStruct()).entrySet().stream()
                .filter(e -> e.getValue().equalsIgnoreCase(name))
                .map(e -> schema.findField(e.getKey()))
                .findFirst();
    }

    /** A top-level column. */
    static Optional<NestedField> topLevel(Schema schema, String name) {
        return schema.columns().stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }
}
