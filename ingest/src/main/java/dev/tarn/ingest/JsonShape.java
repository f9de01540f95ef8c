package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What values a column has: of one kind, objects, lists, or a mixture that only text can hold. */
sealed interface JsonShape {
    /** Objects with more names than this are kept as text: their names are data. */
    int MOST_NAMES = 200;

    record Scalar(TextType kind) implements JsonShape {
        static final Scalar NOTHING = new Scalar(TextType.NOTHING);
        static final Scalar TEXT = new Scalar(TextType.TEXT);
    }

    record Objects(Map<String, JsonShape> fields) implements JsonShape {}

    record Lists(JsonShape element) implements JsonShape {}

    static JsonShape of(TextType kind) {
        return kind == TextType.NOTHING ? Scalar.NOTHING : new Scalar(kind);
    }

    /** The shape that can hold both. */
    default JsonShape or(JsonShape other) {
        if (equals(Scalar.NOTHING) || equals(other)) {
            return other;
        }
        if (other.equals(Scalar.NOTHING)) {
            return this;
        }
        return switch (this) {
            case Scalar s -> other instanceof Scalar o ? of(s.kind().or(o.kind())) : Scalar.TEXT;
            case Lists l ->
                    other instanceof Lists o ? new Lists(l.element().or(o.element())) : Scalar.TEXT;
            case Objects s -> other instanceof Objects o ? union(s, o) : Scalar.TEXT;
        };
    }

    /** The type of a column of this shape. */
    default Type type() {
        return switch (this) {
            case Scalar s -> s.kind().type();
            case Lists l -> Type.ListOf.of(l.element().type());
            case Objects o -> {
                Set<String> names = new HashSet<>();
                boolean distinct =
                        o.fields().keySet().stream()
                                .allMatch(n -> names.add(n.toLowerCase(Locale.ROOT)));
                if (!distinct || names.isEmpty() || names.contains("")) {
                    yield Primitive.VARCHAR;
                }
                List<Field> fields = new ArrayList<>();
                o.fields().forEach((name, shape) -> fields.add(Field.of(name, shape.type())));
                yield new Type.Struct(fields);
            }
        };
    }

    private static JsonShape union(Objects left, Objects right) {
        Map<String, JsonShape> fields = new LinkedHashMap<>(left.fields());
        right.fields().forEach((name, shape) -> fields.merge(name, shape, JsonShape::or));
        return fields.size() > MOST_NAMES ? Scalar.TEXT : new Objects(fields);
    }
}
