package dev.tarn.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which sources a command is about: by name, or by a selection. */
final class SourceOptions {
    @Parameters(
            arity = "0..*",
            paramLabel = "SOURCE",
            description = "A source as shop.orders, or its table.")
    List<String> sources = List.of();

    @Mixin SelectionOptions selection = new SelectionOptions();

    List<String> select() {
        List<String> all = new ArrayList<>(sources);
        all.addAll(selection.select);
        return all;
    }

    List<String> exclude() {
        return selection.exclude;
    }

    /** As somebody would type it. */
    @Override
    public String toString() {
        return (String.join(" ", sources) + " " + selection).strip();
    }
}
