package dev.tarn.cli;

import java.util.List;
import java.util.StringJoiner;
import picocli.CommandLine.Option;

/** Which nodes of the project a command is about. */
final class SelectionOptions {
    @Option(
            names = {"-s", "--select"},
            arity = "1..*",
            paramLabel = "NODES",
            description =
                    "Names, paths, tag:NAME, source:NAME; +before, after+. Default: everything.")
    List<String> select = List.of();

    @Option(
            names = "--exclude",
            arity = "1..*",
            paramLabel = "NODES",
            description = "What to leave out, written in the same way.")
    List<String> exclude = List.of();

    /** As somebody would type it. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ");
        if (!select.isEmpty()) {
            text.add("--select").add(String.join(" ", select));
        }
        if (!exclude.isEmpty()) {
            text.add("--exclude").add(String.join(" ", exclude));
        }
        return text.toString();
    }
}
