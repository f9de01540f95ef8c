package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/** Something a template can call. */
@FunctionalInterface
public interface PyCallable {
    @Nullable Object call(Arguments arguments);
}
