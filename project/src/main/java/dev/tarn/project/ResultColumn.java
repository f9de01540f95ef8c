package dev.tarn.project;

import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import dev.tarn.jinja.Values;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One column of the result of a query, as templates hold it. */
record ResultColumn(String name, int index, List<@Nullable Object> all) implements PyObject {
    @Override
    public @Nullable Object attribute(String attribute) {
        return switch (attribute) {
            case "name" -> name;
            case "index" -> (long) index;
            case "data_type" -> ResultType.of(all);
            case "values" -> (PyCallable) a -> Tuple.copyOf(all);
            case "values_without_nulls" ->
                    (PyCallable) a -> Tuple.copyOf(all.stream().filter(Objects::nonNull).toList());
            case "values_distinct" -> (PyCallable) a -> Tuple.copyOf(new LinkedHashSet<>(all));
            case "values_sorted" ->
                    (PyCallable)
                            a -> all.stream().sorted((x, y) -> Values.compare(x, y, "<")).toList();
            default -> Missing.VALUE;
        };
    }

    @Override
    public @Nullable Object item(@Nullable Object key) {
        if (!(key instanceof Number n)) {
            return Missing.VALUE;
        }
        int at = n.intValue() < 0 ? all.size() + n.intValue() : n.intValue();
        return at >= 0 && at < all.size() ? all.get(at) : Missing.VALUE;
    }

    @Override
    public Iterator<Object> iterate() {
        return Tuple.copyOf(all).iterator();
    }

    @Override
    public int length() {
        return all.size();
    }

    @Override
    public boolean sequence() {
        return true;
    }

    @Override
    public boolean truthy() {
        return !all.isEmpty();
    }
}
