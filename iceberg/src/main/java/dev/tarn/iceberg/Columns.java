package dev.tarn.iceberg;

import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;

/** Finds columns and their parts by name. */
final class Columns {
    private Columns() {}

    /** The names of all columns and parts, with dots. */
    static List<String> leaves(Schema schema) {
        return TypeUtil.indexNameById(schema.asStruct()).values().stream().sorted().toList();
    }

    /** A top-level column; case does not distinguish names. */
    static Optional<NestedField> topLevel(Schema schema, String name) {
        return schema.columns().stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }
}
