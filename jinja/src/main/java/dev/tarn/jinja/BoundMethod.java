package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/** A method taken from its object without calling it, as in {@code {% set f = list.append %}}. */
final class BoundMethod implements PyCallable {
    private final Object owner;
    private final String name;

    BoundMethod(Object owner, String name) {
        this.owner = owner;
        this.name = name;
    }

    @Override
    public @Nullable Object call(Arguments arguments) {
        return Methods.call(owner, name, arguments);
    }

    @Override
    public String toString() {
        return "<built-in method " + name + " of " + Values.typeName(owner) + " object>";
    }
}
