package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code context}: everything a template can name. What a template puts into it stays for the rest
 * of its rendering.
 */
final class ContextValue implements PyObject {
    private final NodeContext context;
    private final Map<String, @Nullable Object> known;

    /**
     * @param known what has been asked for or put in so far
     */
    ContextValue(NodeContext context, Map<String, @Nullable Object> known) {
        this.context = context;
        this.known = known;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "get" -> (PyCallable) this::get;
            case "update" -> (PyCallable) this::update;
            case "setdefault" ->
                    (PyCallable)
                            a -> {
                                String key = a.requireText(0, "key");
                                if (context.resolve(key) == Missing.VALUE) {
                                    known.put(key, a.get(1, "default", null));
                                }
                                return known.get(key);
                            };
            case "pop" ->
                    (PyCallable)
                            a -> {
                                Object value = get(a);
                                known.put(a.requireText(0, "key"), Missing.VALUE);
                                return value;
                            };
            case "keys" -> (PyCallable) a -> names();
            default -> context.resolve(name);
        };
    }

    private @Nullable Object get(Arguments a) {
        Object found = context.resolve(a.requireText(0, "key"));
        return found == Missing.VALUE ? a.get(1, "default", null) : found;
    }

    private @Nullable Object update(Arguments a) {
        if (a.get(0, "values", null) instanceof Map<?, ?> values) {
            values.forEach((k, v) -> known.put(String.valueOf(k), v));
        }
        a.keywords().forEach(known::put);
        return null;
    }

    /** What has been put in or asked for; nobody could list everything that might be. */
    private List<Object> names() {
        List<Object> names = new ArrayList<>();
        known.forEach((name, value) -> {
            if (value != Missing.VALUE) {
                names.add(name);
            }
        });
        return names;
    }

    @Override
    public @Nullable Object item(@Nullable Object key) {
        return key instanceof String name ? context.resolve(name) : Missing.VALUE;
    }

    @Override
    public @Nullable Object operate(String operator, @Nullable Object other, boolean reflected) {
        return operator.equals("in") && reflected
                ? other instanceof String name && context.resolve(name) != Missing.VALUE
                : Missing.VALUE;
    }

    @Override
    public boolean mapping() {
        return true;
    }

    @Override
    public String typeName() {
        return "context";
    }
}
