package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import java.util.Collection;

/** What is said about {@code profiles.yml}. */
final class ProfileErrors {
    private ProfileErrors() {}

    static Problem profileIgnored(Place place, String type) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                place,
                ("The profile's type is '%s'; its connection and schema are ignored, because"
                                + " everything runs in Tarn's own warehouse.")
                        .formatted(type));
    }

    static Problem profileUnknown(Place place, String name, Collection<String> known) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "There is no profile '%s' here, but: %s.%s"
                        .formatted(name, String.join(", ", known), Suggestion.hint(name, known)));
    }

    static Problem targetUnknown(
            Place place, String profile, String target, Collection<String> known) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Profile '%s' has no target '%s', but: %s.%s"
                        .formatted(
                                profile,
                                target,
                                String.join(", ", known),
                                Suggestion.hint(target, known)));
    }
}
