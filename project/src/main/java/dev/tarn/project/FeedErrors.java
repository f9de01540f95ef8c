package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;

/** What is said about {@code feeds.yml}. */
final class FeedErrors {
    private FeedErrors() {}

    static Problem badName(String name, Place place) {
        return Problem.at(
                ErrorCode.NAME_INVALID,
                place,
                "The name of a feed has letters, digits, '_' and '-', at most 60 of them, and not '%s'."
                        .formatted(name));
    }

    static Problem twice(String name, Place place, Place first) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "There is a feed '%s' in line %d already. Rename one of them."
                        .formatted(name, first.line()));
    }
}
