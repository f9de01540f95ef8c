package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mapping of Python whose values are made when somebody asks for them. */
abstract class NamedValues implements PyObject {
    /** The value of a name, or {@link Missing#VALUE}. */
    abstract @Nullable Object named(String name);

    /** The names that somebody sees who lists them. */
    abstract Collection<String> names();

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "get" -> (PyCallable) this::get;
            case "keys" -> (PyCallable) a -> new ArrayList<Object>(names());
            case "values" -> (PyCallable) a -> values();
            case "items" -> (PyCallable) a -> items();
            default -> named(name);
        };
    }

    @Nullable Object get(Arguments a) {
        Object found = named(a.requireText(0, "key"));
        return found == Missing.VALUE ? a.get(1, "default", null) : found;
    }

    private List<@Nullable Object> values() {
        List<@Nullable Object> values = new ArrayList<>();
        names().forEach(n -> values.add(named(n)));
        return values;
    }

    private List<Object> items() {
        List<Object> items = new ArrayList<>();
        names().forEach(n -> items.add(Tuple.of(n, named(n))));
        return items;
    }

    @Override
    public @Nullable Object item(@Nullable Object key) {
        return key instanceof String name ? named(name) : Missing.VALUE;
    }

    @Override
    public @Nullable Object operate(String operator, @Nullable Object other, boolean reflected) {
        return operator.equals("in") && reflected
                ? other instanceof String name && named(name) != Missing.VALUE
                : Missing.VALUE;
    }

    @Override
    public Iterator<Object> iterate() {
        return new ArrayList<Object>(names()).iterator();
    }

    @Override
    public int length() {
        return names().size();
    }

    @Override
    public boolean mapping() {
        return true;
    }
}
