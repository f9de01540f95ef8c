package dev.tarn.jinja;

/**
 * A position in a template.
 *
 * @param template the template's name
 * @param line counted from 1
 * @param column counted from 1, in UTF-16 units
 */
public record Place(String template, int line, int column) {
    @Override
    public String toString() {
        return template + ":" + line + ":" + column;
    }
}
