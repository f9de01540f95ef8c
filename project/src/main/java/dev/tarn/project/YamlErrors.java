package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** What is said about YAML files as such, whatever they are for. */
final class YamlErrors {
    private YamlErrors() {}

    static Problem malformed(MarkedYAMLException e, Place place, String text) {
        List<String> lines = text.lines().toList();
        String line =
                place.line() > 0 && place.line() <= lines.size() ? lines.get(place.line() - 1) : "";
        String problem = e.getProblem() == null ? "it is malformed" : e.getProblem();
        String hint = "";
        boolean quoted = e.getContext() != null && e.getContext().contains("quoted scalar");
        if (quoted && e.getContextMark() != null && problem.contains("end of")) {
            hint =
                    " The text in quotes that begins in line %d is not closed."
                            .formatted(e.getContextMark().getLine() + 1);
        } else if (line.contains("{{") || line.contains("{%")) {
            hint = " A value that begins with '{{' must stand in quotes.";
        } else if (line.indexOf('\t') >= 0 && line.substring(0, line.indexOf('\t')).isBlank()) {
            hint = " YAML is indented with spaces; this line begins with a tab.";
        } else if (problem.startsWith("mapping values are not allowed")) {
            hint =
                    " A text with ': ' in it must stand in quotes, and each key in a line of its own.";
        } else if (problem.startsWith("expected <block end>")) {
            hint = " The line must be indented as far as the keys it belongs to.";
        }
        return Problem.at(
                ErrorCode.YAML_INVALID, place, "This is not YAML: " + sentence(problem) + hint);
    }

    static Problem malformed(YAMLException e, Place place) {
        String problem = e.getMessage() == null ? "it is malformed" : e.getMessage();
        return Problem.at(ErrorCode.YAML_INVALID, place, "This is not YAML: " + sentence(problem));
    }

    private static String sentence(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.endsWith(".") ? line : line + ".";
    }

    static Problem duplicateKey(String key, Place place, Place first) {
        return Problem.at(
                ErrorCode.YAML_INVALID,
                place,
                "Key '%s' is here twice: first in line %d, again in line %d. Keep one of them."
                        .formatted(key, first.line(), place.line()));
    }

    /** The same where it is no mistake that stops anything. */
    static Problem lastCounts(Problem twice) {
        return new Problem(
                twice.code(), twice.place(), twice.message() + " Until then the last one counts.");
    }

    static Problem selfContaining(Place place) {
        return Problem.at(
                ErrorCode.YAML_INVALID,
                place,
                "An anchor contains itself here. Write the inner value out.");
    }

    static Problem keyNotText(Place place) {
        return Problem.at(
                ErrorCode.YAML_INVALID,
                place,
                "A key must be a word. A value that begins with '{{' must stand in quotes.");
    }

    static Problem notNumber(Place place, String text) {
        return Problem.at(ErrorCode.YAML_INVALID, place, "'%s' is not a number.".formatted(text));
    }

    static Problem mergeNeedsMapping(Place place) {
        return Problem.at(
                ErrorCode.YAML_INVALID, place, "'<<' takes a mapping or a list of mappings.");
    }

    static Problem wrongKind(Place place, String what, String wanted, YamlValue found) {
        return Problem.at(
                ErrorCode.YAML_INVALID,
                place,
                "%s must be %s, not %s.".formatted(what, wanted, found.kind()));
    }

    static Problem missingKey(Place place, String what, String key) {
        return Problem.at(
                ErrorCode.YAML_INVALID, place, "%s has no '%s'. Add it.".formatted(what, key));
    }

    static Problem unknownKey(Place place, String what, String key, Collection<String> known) {
        String hint = Suggestion.hint(key, known);
        return Problem.at(
                ErrorCode.UNKNOWN_KEY,
                place,
                "%s has no key '%s'.%s"
                        .formatted(
                                what,
                                key,
                                hint.isEmpty() ? " Keys are: " + listed(known) + "." : hint));
    }

    static Problem notOneOf(Place place, String what, String found, Collection<String> allowed) {
        String hint = Suggestion.hint(found, allowed);
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s cannot be '%s': it is one of %s.%s"
                        .formatted(what, found, listed(allowed), hint));
    }

    private static String listed(Collection<String> words) {
        return words.stream().sorted().collect(Collectors.joining(", "));
    }
}
