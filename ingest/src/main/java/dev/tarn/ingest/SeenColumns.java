package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The columns of files by name, in the order in which they were first seen. */
final class SeenColumns {
    private final Map<String, Seen> columns = new LinkedHashMap<>();

    /**
     * What is known of a column.
     *
     * @param shape of its values in text files
     * @param type of the column in typed files
     */
    private record Seen(String name, JsonShape shape, Optional<Type> type) {
        Seen or(Seen other) {
            Optional<Type> both =
                    type.isPresent() && other.type.isPresent()
                            ? Optional.of(TypeUnion.of(type.get(), other.type.get()))
                            : type.or(other::type);
            return new Seen(name, shape.or(other.shape), both);
        }

        Optional<Type> known() {
            if (shape.equals(JsonShape.Scalar.NOTHING)) {
                return type;
            }
            return Optional.of(type.map(t -> TypeUnion.of(t, shape.type())).orElse(shape.type()));
        }
    }

    /** Takes note of the current record's columns. */
    void add(TextRows rows) {
        for (String column : rows.columns()) {
            add(column, rows.shape(column));
        }
    }

    void add(String column, JsonShape shape) {
        String key = column.toLowerCase(Locale.ROOT);
        Seen seen = columns.get(key);
        if (seen == null) {
            columns.put(key, new Seen(column, shape, Optional.empty()));
            return;
        }
        JsonShape both = seen.shape().or(shape);
        if (!both.equals(seen.shape())) {
            columns.put(key, new Seen(seen.name(), both, seen.type()));
        }
    }

    void addHeader(Collection<String> names) {
        names.forEach(name -> add(name, JsonShape.Scalar.NOTHING));
    }

    void add(Schema schema) {
        for (Field field : schema.fields()) {
            merge(new Seen(field.name(), JsonShape.Scalar.NOTHING, Optional.of(field.type())));
        }
    }

    void addAll(SeenColumns other) {
        other.columns.values().forEach(this::merge);
    }

    /** The same without some of the columns. */
    SeenColumns without(Collection<String> names) {
        SeenColumns rest = new SeenColumns();
        rest.addAll(this);
        names.forEach(name -> rest.columns.remove(name.toLowerCase(Locale.ROOT)));
        return rest;
    }

    List<String> names() {
        return columns.values().stream().map(Seen::name).toList();
    }

    boolean has(String name) {
        return columns.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** The type of a column; empty when it was never seen with a value. */
    Optional<Type> type(String name) {
        Seen seen = columns.get(name.toLowerCase(Locale.ROOT));
        return seen == null ? Optional.empty() : seen.known();
    }

    /** All columns with their types; text for those without values. */
    Schema schema() {
        return new Schema(
                columns.values().stream()
                        .map(c -> Field.of(c.name(), c.known().orElse(Primitive.VARCHAR)))
                        .toList());
    }

    private void merge(Seen seen) {
        columns.merge(seen.name().toLowerCase(Locale.ROOT), seen, Seen::or);
    }
}
