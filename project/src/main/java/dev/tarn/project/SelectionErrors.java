package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What is said about selections. */
final class SelectionErrors {
    private SelectionErrors() {}

    static TarnException contractBroken(NodeId id, List<String> broken) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                ("The contract of '%s' was broken since the earlier state: %s. Those who read this"
                                + " version rely on it: undo that, or make a new version.")
                        .formatted(id.value(), String.join("; ", broken)));
    }

    static Problem contractBrokenUnversioned(Map<?, ?> model, List<String> broken) {
        return Problem.of(
                ErrorCode.CONFIG_INVALID,
                ("Breaking change to contracted, unversioned model %s (%s) since the earlier state:"
                                + " %s. If others rely on it, undo that, or give the model"
                                + " versions.")
                        .formatted(
                                model.get("name"),
                                model.get("original_file_path"),
                                String.join("; ", broken)));
    }

    static Problem malformed(String text) {
        return Problem.of(
                ErrorCode.SELECTION_INVALID,
                ("'%s' is not a selection. Write a name, or 'tag:x', 'path:models/x', 'source:x',"
                                + " with '+' before or after it for what it reads or what reads it.")
                        .formatted(text));
    }

    static Problem atWithPlus(String text) {
        return Problem.of(
                ErrorCode.SELECTION_INVALID,
                "'%s' has both '@' and '+' behind it. '@' already includes what reads it."
                        .formatted(text));
    }

    static Problem unknownMethod(String text, String method, Collection<String> known) {
        String hint = Suggestion.hint(method, known);
        return Problem.of(
                ErrorCode.SELECTION_INVALID,
                "'%s' selects by '%s', which is not known.%s"
                        .formatted(
                                text,
                                method,
                                hint.isEmpty()
                                        ? " Known are: "
                                                + String.join(", ", new TreeSet<>(known))
                                                + "."
                                        : hint));
    }

    static Problem unknownValue(String text, String value, Collection<String> known) {
        return Problem.of(
                ErrorCode.SELECTION_INVALID,
                "'%s' is none of those that '%s' can ask for: %s.%s"
                        .formatted(
                                value,
                                text,
                                String.join(", ", new TreeSet<>(known)),
                                Suggestion.hint(value, known)));
    }

    static TarnException nothingToCompare(String text) {
        return new TarnException(
                ErrorCode.SELECTION_INVALID,
                "'%s' compares with an earlier invocation, and there is none to compare with. Name the folder with its artifacts by '--state FOLDER'."
                        .formatted(text));
    }

    static Problem nothing(String term, String hint) {
        return Problem.of(
                ErrorCode.SELECTION_INVALID,
                "'%s' does not match any node.%s".formatted(term, hint));
    }
}
