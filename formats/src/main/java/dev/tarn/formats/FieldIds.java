package dev.tarn.formats;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.List;
import java.util.stream.Collectors;

/** The ids of columns, as the engine is told to write them into a Parquet file. */
final class FieldIds {
    private FieldIds() {}

    /** An option of COPY; empty where no column has an id. */
    static String option(Schema columns) {
        String ids = ids(columns.fields());
        return ids.isEmpty() ? "" : ", FIELD_IDS {" + ids + "}";
    }

    private static String ids(List<Field> fields) {
        return fields.stream()
                .filter(f -> f.id() > 0)
                .map(f -> Type.quoted(f.name()) + ": " + id(f))
                .collect(Collectors.joining(", "));
    }

    private static String id(Field field) {
        String parts =
                switch (field.type()) {
                    case Type.Primitive p -> "";
                    case Type.Decimal d -> "";
                    case Type.Struct s -> ids(s.fields());
                    case Type.ListOf l -> part("element", l.element());
                    case Type.MapOf m ->
                            List.of(part("key", m.key()), part("value", m.value())).stream()
                                    .filter(p -> !p.isEmpty())
                                    .collect(Collectors.joining(", "));
                };
        return parts.isEmpty()
                ? Integer.toString(field.id())
                : "{__duckdb_field_id: " + field.id() + ", " + parts + "}";
    }

    private static String part(String name, Field field) {
        return field.id() > 0 ? name + ": " + id(field) : "";
    }
}
