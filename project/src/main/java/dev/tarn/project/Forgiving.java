package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Undefined;
import org.jspecify.annotations.Nullable;

/** Something that does not exist while a project is read: whatever is done with it is fine. */
final class Forgiving extends Undefined {
    Forgiving(Origin origin) {
        super(origin);
    }

    @Override
    public Object attribute(String name) {
        return this;
    }

    @Override
    public Object item(@Nullable Object key) {
        return this;
    }

    @Override
    public Object call(Arguments arguments) {
        return this;
    }
}
