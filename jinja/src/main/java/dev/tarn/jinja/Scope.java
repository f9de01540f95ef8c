package dev.tarn.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that are visible at one point of a rendering: a chain that ends in the context. */
final class Scope {
    final Rendering rendering;
    final Session session;
    private final @Nullable Scope parent;
    private @Nullable HashMap<String, Object> variables;

    private Scope(Rendering rendering, Session session, @Nullable Scope parent) {
        this.rendering = rendering;
        this.session = session;
        this.parent = parent;
    }

    static Scope root(Rendering rendering, Session session) {
        return new Scope(rendering, session, null);
    }

    Scope child() {
        return new Scope(rendering, session, this);
    }

    /** Returns a scope inside this one that counts for another rendering. */
    Scope child(Session other) {
        return new Scope(rendering, other, this);
    }

    /** Returns a scope inside this one for another template. */
    Scope child(Rendering other) {
        return new Scope(other, session, this);
    }

    void set(String name, @Nullable Object value) {
        HashMap<String, Object> map = variables;
        if (map == null) {
            map = new HashMap<>(8);
            variables = map;
        }
        map.put(name, value);
    }

    @Nullable Object find(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            HashMap<String, Object> map = scope.variables;
            if (map != null) {
                Object value = map.get(name);
                if (value != null || map.containsKey(name)) {
                    return value;
                }
            }
        }
        return rendering.resolve(name);
    }

    Undefined undefined(Undefined.Origin origin) {
        return rendering.undefined.create(origin);
    }

    JinjaEnvironment environment() {
        return rendering.environment;
    }

    /** Returns this scope's own variables. */
    Map<String, Object> own() {
        return variables == null ? Map.of() : variables;
    }
}
