package dev.tarn.model;

import java.util.Optional;

/**
 * One thing that is wrong, told so that a person can act.
 *
 * @param message reason and way out, in whole sentences
 */
public record Problem(ErrorCode code, Optional<Place> place, String message) {
    public static Problem at(ErrorCode code, Place place, String message) {
        return new Problem(code, Optional.of(place), message);
    }

    public static Problem of(ErrorCode code, String message) {
        return new Problem(code, Optional.empty(), message);
    }

    /** The one line every surface shows: {@code place: message [CODE]}. */
    @Override
    public String toString() {
        return place.map(p -> p + ": ").orElse("") + message + " [" + code + "]";
    }
}
