package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import java.util.Collection;
import java.util.List;

/** What is said about {@code alerts.yml}. */
final class AlertErrors {
    private AlertErrors() {}

    private static Problem invalid(Place place, String message) {
        return Problem.at(ErrorCode.CONFIG_INVALID, place, message);
    }

    static Problem channelTwice(String name, Place place, Place first) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "There is a channel '%s' in line %d already. Rename one of them."
                        .formatted(name, first.line()));
    }

    static Problem badName(String name, Place place) {
        return Problem.at(
                ErrorCode.NAME_INVALID,
                place,
                "The name of a channel has letters, digits, '_' and '-', at most 60 of them, and not '%s'."
                        .formatted(name));
    }

    static Problem noChannel(String name, Place place, Collection<String> channels) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "There is no channel '%s'.%s".formatted(name, Suggestion.hint(name, channels)));
    }

    static Problem oneWay(String what, Place place, List<String> ways) {
        return invalid(
                place,
                "%s needs exactly one of these keys: %s.".formatted(what, String.join(", ", ways)));
    }

    static Problem notSecret(String what, Place place) {
        return invalid(
                place, what + " is a secret and must be a reference: env:NAME or file:PATH.");
    }

    static Problem notAddress(String what, Place place) {
        return invalid(
                place,
                what
                        + " must be an address of http or https, or a reference: env:NAME or file:PATH.");
    }

    static Problem badLink(Place place) {
        return invalid(
                place, "'link' must be an address of http or https: where people reach the pages.");
    }

    static Problem notMailbox(String what, String text, Place place) {
        return invalid(
                place, "%s: '%s' is no address such as ann@example.org.".formatted(what, text));
    }

    static Problem badHeader(String what, Place place) {
        return invalid(
                place,
                what
                        + ": a header's name has letters, digits and '-', its value is one line. Say tokens with 'token'.");
    }

    static Problem loginHalf(String what, Place place) {
        return invalid(place, what + " needs 'user' and 'password' together.");
    }

    static Problem loginInTheOpen(String what, Place place) {
        return invalid(
                place,
                what
                        + " would send its password in the open. Use `tls: starttls` or `tls: implicit`.");
    }

    static Problem openElsewhere(String what, Place place) {
        return invalid(
                place,
                what
                        + ": `tls: none` is for mail servers of this machine only. Use `tls: starttls` or `tls: implicit`.");
    }

    static Problem needsAge(String kind, Place place) {
        return invalid(place, "A rule on %s needs 'older_than', such as 26h.".formatted(kind));
    }

    static Problem notHere(String key, String kind, Place place) {
        return invalid(place, "'%s' means nothing in a rule on %s.".formatted(key, kind));
    }

    static Problem noRoutes(Place place) {
        return invalid(place, "There are rules but no routes, so nobody would hear of anything.");
    }
}
