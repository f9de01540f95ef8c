package dev.tarn.model.table;

import java.util.List;
import java.util.Optional;

/** The columns of a table or of a query's result, in order. */
public record Schema(List<Field> fields) {
    public Schema {
        fields = List.copyOf(fields);
    }

    /** Finds a column by name; case does not distinguish names. */
    public Optional<Field> find(String name) {
        return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }

    public List<String> names() {
        return fields.stream().map(Field::name).toList();
    }

    public Schema withoutIds() {
        return new Schema(fields.stream().map(Field::withoutIds).toList());
    }

    /** Whether both have the same columns of the same types in the same order, ids aside. */
    public boolean sameColumns(Schema other) {
        if (fields.size() != other.fields.size()) {
            return false;
        }
        for (int i = 0; i < fields.size(); i++) {
            Field mine = fields.get(i);
            Field theirs = other.fields.get(i);
            if (!mine.name().equalsIgnoreCase(theirs.name())
                    || !mine.type().withoutIds().equals(theirs.type().withoutIds())) {
                return false;
            }
        }
        return true;
    }
}
