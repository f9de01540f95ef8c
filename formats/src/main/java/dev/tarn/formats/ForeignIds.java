package dev.tarn.formats;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import java.util.function.IntSupplier;

/** Gives ids to columns of files that have none. */
final class ForeignIds {
    private ForeignIds() {}

    static Field assigned(Field field, IntSupplier ids) {
        int id = ids.getAsInt();
        return new Field(
                id,
                field.name(),
                type(field.type(), ids),
                field.required(),
                field.initialDefault(),
                field.doc());
    }

    private static Type type(Type type, IntSupplier ids) {
        return switch (type) {
            case Type.Primitive p -> p;
            case Type.Decimal d -> d;
            case Type.Struct s ->
                    new Type.Struct(s.fields().stream().map(f -> assigned(f, ids)).toList());
            case Type.ListOf l -> new Type.ListOf(assigned(l.element(), ids));
            case Type.MapOf m -> new Type.MapOf(assigned(m.key(), ids), assigned(m.value(), ids));
        };
    }
}
