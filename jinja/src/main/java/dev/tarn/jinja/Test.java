package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/** A test: {@code value is name(arguments)}. */
@FunctionalInterface
public interface Test {
    boolean check(@Nullable Object value, Arguments arguments);
}
