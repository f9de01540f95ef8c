package dev.tarn.model.job;

import dev.tarn.model.Place;

/**
 * A text that may hold {@code {{ … }}}, and where its first character stands.
 *
 * @param indent by how many characters its further lines are moved to the right in the file
 */
public record TemplateText(String text, Place place, int indent) {
    public boolean isTemplate() {
        return text.contains("{{") || text.contains("{%") || text.contains("{#");
    }

    /** The place in the file of a line and column of the text, both counted from 1. */
    public Place at(int line, int column) {
        if (place.line() == 0) {
            return place;
        }
        return line <= 1
                ? new Place(place.file(), place.line(), place.column() + column - 1)
                : new Place(place.file(), place.line() + line - 1, indent + column);
    }
}
