package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Values;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What kind of values a column of a result holds, as templates ask for it. */
record ResultType(String typeName) implements PyObject {
    /** The kind of the first value that is there; text when there is none. */
    static ResultType of(List<@Nullable Object> values) {
        Object first = values.stream().filter(Objects::nonNull).findFirst().orElse("");
        return new ResultType(
                switch (first) {
                    case Boolean b -> "Boolean";
                    case Double d -> "Number";
                    case Float f -> "Number";
                    case BigDecimal d -> "Number";
                    case Number n -> "Integer";
                    case Moment m -> m.typeName().equals("date") ? "Date" : "DateTime";
                    default -> "Text";
                });
    }

    /** The kinds of so many columns. */
    static List<Object> all(int count, IntFunction<List<@Nullable Object>> values) {
        List<Object> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            types.add(of(values.apply(i)));
        }
        return types;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "jsonify" -> (PyCallable) a -> plain(a, false);
            case "csvify" -> (PyCallable) a -> plain(a, true);
            case "cast" -> (PyCallable) a -> a.require(0, "d");
            default -> Missing.VALUE;
        };
    }

    private @Nullable Object plain(Arguments a, boolean text) {
        Object value = a.get(0, "d", null);
        if (value == null) {
            return null;
        }
        if (value instanceof Moment m) {
            return m.iso("T");
        }
        if (text) {
            return Values.text(value);
        }
        return typeName.equals("Number") && value instanceof Number n ? n.doubleValue() : value;
    }
}
