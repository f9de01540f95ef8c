package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.project.YamlValue.Mapping;
import java.util.stream.Collectors;

/** What is said about property files. */
final class PropertyErrors {
    private PropertyErrors() {}

    static Problem loadedAtTwice(Place place, String source) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s says both 'loaded_at_field' and 'loaded_at_query'. Keep one of them."
                        .formatted(source));
    }

    static Problem testsTwice(Place place, String owner) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s has both 'tests' and 'data_tests', which are two names of one list. Keep one of them."
                        .formatted(owner));
    }

    static Problem strayTests(Place place) {
        return Problem.at(
                ErrorCode.UNKNOWN_KEY,
                place,
                "Tests are listed under the model or column they look at; here, they test nothing. What is said of a file in tests/ is under 'data_tests', with its name.");
    }

    static Problem testShape(Place place, Mapping mapping) {
        String keys =
                mapping.entries().stream()
                        .map(e -> "'" + e.key() + "'")
                        .collect(Collectors.joining(", "));
        return Problem.at(
                ErrorCode.YAML_INVALID,
                place,
                ("A test is one name with its arguments below it, but here are %d keys: %s. Indent"
                                + " the arguments under the test's name.")
                        .formatted(mapping.entries().size(), keys));
    }

    static Problem testConfigTwice(Place place, String test, String key) {
        return Problem.at(
                ErrorCode.YAML_INVALID,
                place,
                "Test '%s' says '%s' both in its config and beside it. Keep one of them."
                        .formatted(test, key));
    }

    static Problem duplicateColumn(Place place, String owner, String column, Place first) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "%s describes column '%s' twice: first at %s. The last description counts."
                        .formatted(owner, column, first));
    }
}
