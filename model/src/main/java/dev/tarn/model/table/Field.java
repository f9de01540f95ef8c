package dev.tarn.model.table;

import java.util.Optional;

/**
 * A column or a part of one.
 *
 * @param id what the column is, for ever, whatever it is called; 0 while no table has assigned one
 * @param required whether nulls are refused
 * @param initialDefault what rows written before the column existed read as, as the text of a
 *     literal in the house dialect
 * @param doc what people say about it
 */
public record Field(
        int id,
        String name,
        Type type,
        boolean required,
        Optional<String> initialDefault,
        Optional<String> doc) {

    /** An optional field without an id. */
    public static Field of(String name, Type type) {
        return new Field(0, name, type, false, Optional.empty(), Optional.empty());
    }

    public Field asRequired() {
        return new Field(id, name, type, true, initialDefault, doc);
    }

    public Field withName(String newName) {
        return new Field(id, newName, type, required, initialDefault, doc);
    }

    public Field withType(Type newType) {
        return new Field(id, name, newType, required, initialDefault, doc);
    }

    public Field withDoc(String newDoc) {
        return new Field(id, name, type, required, initialDefault, Optional.of(newDoc));
    }

    public Field withoutIds() {
        return new Field(0, name, type.withoutIds(), required, initialDefault, doc);
    }
}
