package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import java.util.Collection;

/** What is said about connectors and their settings. */
final class ConnectorErrors {
    private ConnectorErrors() {}

    static Problem unknown(Place place, String name, Collection<String> known) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "There is no connector '%s'.%s There are: %s."
                        .formatted(name, Suggestion.hint(name, known), String.join(", ", known)));
    }

    static Problem missing(Place place, String connector, String setting) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "The connector '%s' needs '%s'.".formatted(connector, setting));
    }

    static Problem plainSecret(Place place, String setting) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' is a secret and must be a reference: env:NAME or file:PATH."
                        .formatted(setting));
    }

    static Problem unknownSetting(
            Place place, String connector, String name, Collection<String> known) {
        return Problem.at(
                ErrorCode.UNKNOWN_KEY,
                place,
                "The connector '%s' has no setting '%s'.%s It has: %s."
                        .formatted(
                                connector,
                                name,
                                Suggestion.hint(name, known),
                                String.join(", ", known)));
    }
}
