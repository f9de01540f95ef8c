package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code context}: everything a template can name. What a template puts into it stays for the rest
 * of its rendering.
 */
final class ContextValue extends NamedValues {
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
            default -> super.attribute(name);
        };
    }

    @Override
    @Nullable Object named(String name) {
        return context.resolve(name);
    }

    private @Nullable Object update(Arguments a) {
        if (a.get(0, "values", null) instanceof Map<?, ?> values) {
            values.forEach((k, v) -> known.put(String.valueOf(k), v));
        }
        a.keywords().forEach(known::put);
        return null;
    }

    /** What dbt has there: its own words, macros, packages, and what has been put in. */
    @Override
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(BuiltinsValue.NAMES);
        names.addAll(context.scope().macros().names(context.packageName()));
        known.forEach((name, value) -> {
            if (value != Missing.VALUE) {
                names.add(name);
            }
        });
        return names;
    }

    @Override
    public String typeName() {
        return "context";
    }
}
