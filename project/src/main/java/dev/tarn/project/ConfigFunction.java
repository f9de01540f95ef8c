package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Values;
import dev.tarn.model.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code config(...)}, and {@code config.get(...)} and its like. */
final class ConfigFunction implements PyCallable, PyObject {
    private final NodeContext context;

    ConfigFunction(NodeContext context) {
        this.context = context;
    }

    @Override
    public Object call(Arguments a) {
        Optional<Draft> node = context.node();
        if (node.isEmpty() || context.executes()) {
            return "";
        }
        Place place = a.place() == null ? node.get().place : TemplateErrors.place(a.place());
        refuseTwice(a.keywords().keySet());
        if (a.count() == 1 && a.positional().getFirst() instanceof Map<?, ?> map) {
            refuseTwice(map.keySet());
            map.forEach((k, v) -> put(node.get(), String.valueOf(k), v, place));
        } else if (a.count() > 0) {
            throw TemplateErrors.badArguments(
                    "config()", "settings by name, such as tags=['daily']");
        }
        a.keywords().forEach((k, v) -> put(node.get(), k, v, place));
        return "";
    }

    private static void refuseTwice(Set<?> keys) {
        for (String hook : List.of("pre", "post")) {
            if (keys.contains(hook + "_hook") && keys.contains(hook + "-hook")) {
                throw TemplateErrors.badArguments(
                        "config()", "either %1$s_hook or %1$s-hook, not both".formatted(hook));
            }
        }
    }

    private static void put(Draft node, String key, @Nullable Object value, Place place) {
        YamlValue told = YamlRendering.of(place, value);
        node.settings.putOrEmpty(key, told);
        if (value != null) {
            node.written.call(key, told);
        }
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "get" -> (PyCallable) this::get;
            case "require" -> (PyCallable) this::require;
            case "set" -> (PyCallable) this::set;
            case "meta_get" -> (PyCallable) this::metaGet;
            case "persist_relation_docs" -> (PyCallable) a -> persistsDocs("relation");
            case "persist_column_docs" -> (PyCallable) a -> persistsDocs("columns");
            case "model" -> {
                context.trace().spoil();
                yield context.node().<Object>map(Draft::asMap).orElse(Missing.VALUE);
            }
            default -> {
                Object value = setting(name);
                yield value == null ? Missing.VALUE : value;
            }
        };
    }

    private @Nullable Object setting(String name) {
        return context.noted(
                context.node()
                        .map(n ->
                                n.settings.has(name)
                                        ? n.settings.plain(name)
                                        : NodeFacts.config(n).get(name))
                        .orElse(null));
    }

    /** While a project is read nothing is known of settings yet, whoever made them. */
    private @Nullable Object get(Arguments a) {
        Object value = setting(a.requireText(0, "name"));
        if (!context.executes()) {
            return "";
        }
        Object otherwise = a.get(1, "default", null);
        Object found = value == null ? otherwise : value;
        if (otherwise != null) {
            check(a.get(2, "validator", null), found);
        }
        return found;
    }

    private static void check(@Nullable Object validator, @Nullable Object value) {
        if (validator != null) {
            Values.call(validator, Arguments.of(value));
        }
    }

    private @Nullable Object metaGet(Arguments a) {
        if (!context.executes()) {
            return "";
        }
        Object value =
                setting("meta") instanceof Map<?, ?> meta ? meta.get(a.require(0, "name")) : null;
        return value == null ? a.get(1, "default", null) : value;
    }

    /** Makes a setting while the template runs. */
    private Object set(Arguments a) {
        Object value = a.get(1, "value", null);
        if (context.executes()) {
            context.trace().spoil();
        }
        context.node().ifPresent(n -> put(n, a.requireText(0, "name"), plain(value), n.place));
        return "";
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value == null
                ? null
                : value instanceof List<?>
                                || value instanceof Map<?, ?>
                                || value instanceof Boolean
                                || value instanceof Number
                        ? value
                        : Values.text(value);
    }

    private boolean persistsDocs(String what) {
        return setting("persist_docs") instanceof Map<?, ?> map && Values.truthy(map.get(what));
    }

    private @Nullable Object require(Arguments a) {
        String name = a.requireText(0, "name");
        Object value = setting(name);
        if (value == null && context.executes()) {
            throw TemplateErrors.missingSetting(name);
        }
        if (context.executes()) {
            check(a.get(1, "validator", null), value);
        }
        return value == null ? "" : value;
    }

    @Override
    public String typeName() {
        return "config";
    }
}
