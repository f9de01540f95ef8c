package dev.tarn.jinja;

/** Says that there is no value at all, which differs from Python's None (Java's null). */
public enum Missing {
    VALUE
}
