package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/** A filter: {@code value | name(arguments)}. */
@FunctionalInterface
public interface Filter {
    @Nullable Object apply(@Nullable Object value, Arguments arguments);
}
