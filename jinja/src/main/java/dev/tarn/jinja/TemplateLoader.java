package dev.tarn.jinja;

import java.util.Optional;

/** Finds the templates that others import, include or extend. Safe for use by many threads. */
@FunctionalInterface
public interface TemplateLoader {
    /** Returns the text of a template, or empty if there is none of this name. */
    Optional<String> load(String name);
}
