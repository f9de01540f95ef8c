package dev.tarn.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What namespace() gives: an object whose attributes {@code set} can assign. */
final class Namespace implements PyObject {
    private final Map<Object, Object> attributes = new LinkedHashMap<>();

    Namespace(@Nullable Object initial, Map<String, Object> keywords) {
        DictMethods.putAll(attributes, initial);
        attributes.putAll(keywords);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return Dicts.find(attributes, name);
    }

    @Override
    public @Nullable Object item(@Nullable Object key) {
        return Dicts.find(attributes, key);
    }

    @Override
    public boolean assign(String name, @Nullable Object value) {
        attributes.put(name, value);
        return true;
    }

    @Override
    public String representation() {
        return "<Namespace " + Values.representation(attributes) + ">";
    }
}
