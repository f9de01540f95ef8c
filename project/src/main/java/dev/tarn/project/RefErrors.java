package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import java.util.List;

/** What is wrong with who refers to whom, in words. */
final class RefErrors {
    private RefErrors() {}

    static Problem ambiguous(Place place, String by, String name, List<String> packages) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s refers to '%s', which is in several packages: %s. Write ref('%s', '%s'), with the package first."
                        .formatted(
                                by, name, String.join(", ", packages), packages.getFirst(), name));
    }

    static Problem notInPackage(Place place, String by, String name, String packageName) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s refers to '%s', which package '%s' keeps to itself ('restrict-access'). Reference a model with 'access: public'."
                        .formatted(by, name, packageName));
    }

    static Problem access(Place place, String by, String access) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s has access '%s', which is not one of private, protected, public."
                        .formatted(by, access));
    }

    static Problem saidTwice(Place place, String what, String key) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s: '%s' is here and in 'config'. Keep the one in 'config'.".formatted(what, key));
    }

    static Problem publicEphemeral(Place place, String by) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s is ephemeral, so it cannot have access 'public'. Give it another materialization, or another access."
                        .formatted(by));
    }
}
