package dev.tarn.app;

/**
 * One effective setting.
 *
 * @param value as a person reads it; secrets are shown by their reference only
 * @param origin where it was decided: a file with its line, an option, or {@code default}
 */
public record Setting(String name, String value, String origin) {}
