package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a macro.
 *
 * @param name its name
 * @param type its type as written, if types are enabled and one is given
 * @param defaultText its default as written, if it has one
 * @param place where it is declared
 */
public record Parameter(
        String name, @Nullable String type, @Nullable String defaultText, Place place) {}
