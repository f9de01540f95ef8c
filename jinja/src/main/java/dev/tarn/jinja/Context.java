package dev.tarn.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the free names of a template come from. Asked after the template's own variables and before
 * the environment's globals, each time a name is used; must not change its answers during one
 * rendering.
 */
@FunctionalInterface
public interface Context {
    /** Returns the value of a name (null is None) or {@link Missing#VALUE}. */
    @Nullable Object resolve(String name);

    /** Returns how undefined values are made here; null leaves it to the environment. */
    default @Nullable UndefinedFactory undefined() {
        return null;
    }

    /** Returns a context over a map. */
    static Context of(Map<String, ?> values) {
        return name -> {
            Object value = values.get(name);
            return value == null && !values.containsKey(name) ? Missing.VALUE : value;
        };
    }
}
