package dev.tarn.jinja;

import static dev.tarn.jinja.JinjaException.Kind.LIMIT;

import org.jspecify.annotations.Nullable;

/** The texts of errors about limits. */
final class LimitErrors {
    private LimitErrors() {}

    static JinjaException output(long limit) {
        return of(
                "The text grew beyond %d characters.".formatted(limit),
                "Check for a loop that writes more than intended.");
    }

    static JinjaException loops(long limit) {
        return of(
                "The loops of this rendering took more than %d rounds.".formatted(limit),
                "Check what the loop runs over.");
    }

    static JinjaException recursion(int limit) {
        return of(
                "Macros, includes or loops are nested more than %d deep.".formatted(limit),
                "Check for a macro that calls itself without end.");
    }

    static JinjaException stack() {
        return of(
                "The template nests values or calls too deeply.",
                "Check for a list that contains itself.");
    }

    static JinjaException range(long size, long limit) {
        return of("range() of %d numbers is beyond the limit of %d.".formatted(size, limit), null);
    }

    static JinjaException size(long size, long limit) {
        return of("A value of size %d is beyond the limit of %d.".formatted(size, limit), null);
    }

    static JinjaException length(long length, long limit) {
        return of(
                "A list of %d items is beyond the limit of %d.".formatted(length, limit),
                "Check for a loop that adds a list to itself.");
    }

    static JinjaException nesting(int limit) {
        return of("Expressions or blocks are nested more than %d deep.".formatted(limit), null);
    }

    private static JinjaException of(String reason, @Nullable String hint) {
        return new JinjaException(LIMIT, reason, hint, null, null);
    }
}
