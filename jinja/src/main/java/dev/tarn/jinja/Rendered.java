package dev.tarn.jinja;

/**
 * What rendering gives.
 *
 * @param text the output
 * @param sourceMap where each part of the output came from
 */
public record Rendered(String text, SourceMap sourceMap) {
    @Override
    public String toString() {
        return text;
    }
}
