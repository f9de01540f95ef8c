package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import java.util.Collection;
import java.util.stream.Collectors;

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

    /** Keys of dbt on DuckDB that change nothing here, told once and together. */
    static Problem keysIgnored(Place place, Collection<String> keys) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                place,
                ("The profile's %s %s no effect: everything runs in Tarn's own warehouse, and no code"
                                + " is fetched into it. See 'What does not work yet' in"
                                + " docs/projects.md for what to write instead.")
                        .formatted(
                                keys.stream()
                                        .map(k -> "'" + k + "'")
                                        .collect(Collectors.joining(", ")),
                                keys.size() == 1 ? "has" : "have"));
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
