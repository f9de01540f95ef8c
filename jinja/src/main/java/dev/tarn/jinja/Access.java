package dev.tarn.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes and items: {@code a.b} tries the attribute first, {@code a['b']} the item. */
final class Access {
    private Access() {}

    static @Nullable Object attributeThenItem(@Nullable Object value, String name) {
        if (value instanceof Undefined undefined) {
            return undefined.attribute(name);
        }
        Object found = attributeOnly(value, name);
        return found == Missing.VALUE ? itemOnly(value, name) : found;
    }

    static @Nullable Object itemThenAttribute(@Nullable Object value, @Nullable Object key) {
        if (value instanceof Undefined undefined) {
            return undefined.item(key);
        }
        if (key instanceof Undefined undefined && !(value instanceof Map<?, ?>)) {
            throw undefined.error();
        }
        Object found = itemOnly(value, key);
        return found == Missing.VALUE && key instanceof String name
                ? attributeOnly(value, name)
                : found;
    }

    static @Nullable Object attributeOnly(@Nullable Object value, String name) {
        if (value instanceof PyObject object) {
            Object found = object.attribute(name);
            if (found != Missing.VALUE) {
                return found;
            }
        }
        return value != null && Methods.has(value, name)
                ? new BoundMethod(value, name)
                : Missing.VALUE;
    }

    static @Nullable Object itemOnly(@Nullable Object value, @Nullable Object key) {
        return switch (value) {
            case PyObject object -> {
                Object found = object.item(key);
                yield found == Missing.VALUE && object instanceof Map<?, ?> map
                        ? Dicts.find(map, key)
                        : found;
            }
            case Map<?, ?> map -> Dicts.find(map, key);
            case String s when Numbers.integral(key) -> {
                int position = Sequences.position(key, Strings.length(s));
                yield position < 0 ? Missing.VALUE : Strings.at(s, position);
            }
            case List<?> list when Numbers.integral(key) -> {
                int position = Sequences.position(key, list.size());
                yield position < 0 ? Missing.VALUE : list.get(position);
            }
            case Bytes bytes when Numbers.integral(key) -> {
                int position = Sequences.position(key, bytes.length());
                yield position < 0 ? Missing.VALUE : (Object) bytes.at(position);
            }
            case null, default -> Missing.VALUE;
        };
    }
}
