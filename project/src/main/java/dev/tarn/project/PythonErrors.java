package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import java.util.List;

/** What is said about the code of Python models. */
final class PythonErrors {
    private PythonErrors() {}

    private static Problem invalid(Place place, String message) {
        return Problem.at(ErrorCode.CONFIG_INVALID, place, message);
    }

    static Problem open(Place place, char bracket) {
        return invalid(place, "Python cannot read this: '%s' is never closed.".formatted(bracket));
    }

    static Problem closesNothing(Place place, char bracket) {
        return invalid(
                place,
                "Python cannot read this: '%1$s' closes nothing. Open it, or remove '%1$s'."
                        .formatted(bracket));
    }

    static Problem closesOther(Place place, char bracket, char open, int line) {
        return invalid(
                place,
                "Python cannot read this: '%s' cannot close '%s' of line %d."
                        .formatted(bracket, open, line));
    }

    static Problem endless(Place place, String quotes) {
        return invalid(
                place,
                "Python cannot read this: the text that begins here has no end. Close it with %s."
                        .formatted(quotes));
    }

    static Problem noColon(Place place, String word) {
        return invalid(
                place, "Python cannot read this: the line of '%s' lacks its ':'.".formatted(word));
    }

    static Problem noBlock(Place place) {
        return invalid(
                place,
                "Python cannot read this: after ':' come indented lines. Indent what belongs to it,"
                        + " or write 'pass'.");
    }

    static Problem indented(Place place) {
        return invalid(
                place,
                "Python cannot read this: the line is indented further than the one before it, which"
                        + " does not end with ':'.");
    }

    static Problem unaligned(Place place) {
        return invalid(
                place,
                "Python cannot read this: the line is indented like none of the blocks before it.");
    }

    static Problem oneModel(Place place, int count) {
        return invalid(
                place,
                ("A Python model defines exactly one function model(dbt, session) at the top of its"
                                + " file; this one has %d.")
                        .formatted(count));
    }

    static Problem parameters(Place place, List<String> parameters) {
        return invalid(
                place,
                "model() takes two parameters, 'dbt' and a session, not (%s)."
                        .formatted(String.join(", ", parameters)));
    }

    static Problem returns(Place place) {
        return invalid(place, "The last line of model() must return one data frame or relation.");
    }

    static Problem notLiteral(Place place, String function) {
        return invalid(
                place,
                ("The arguments of dbt.%s() must be literals: texts, numbers, lists and"
                                + " dictionaries of them. They are read without running the code.")
                        .formatted(function));
    }

    static Problem jinja(Place place) {
        return invalid(
                place, "A Python model cannot contain Jinja. Use dbt.config.get() for values.");
    }

    static Problem materialized(Place place, String model, String word) {
        return invalid(
                place,
                "Python model '%s' cannot be materialized as '%s': it is a table or incremental."
                        .formatted(model, word));
    }

    static Problem contract(Place place, String model) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                place,
                ("Contracts are enforced for models in SQL; '%s' is in Python. Select from it in a"
                                + " model in SQL that has the contract.")
                        .formatted(model));
    }

    static Problem unitTest(Place place, String model) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                place,
                "Unit tests look at models in SQL; '%s' is in Python.".formatted(model));
    }

    static Problem microbatch(Place place, String model) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                place,
                "Python model '%s' cannot be built in microbatches. Use another strategy."
                        .formatted(model));
    }
}
