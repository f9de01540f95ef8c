package dev.tarn.cli.dbt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which nodes a verb is about. */
final class Nodes {
    private static final List<String> TYPES =
            List.of(
                    "model",
                    "seed",
                    "snapshot",
                    "source",
                    "test",
                    "unit_test",
                    "analysis",
                    "function",
                    "exposure",
                    "metric",
                    "semantic_model",
                    "saved_query",
                    "default",
                    "all");

    @Option(
            names = {"-s", "--select", "-m", "--models", "--model"},
            arity = "1..*")
    List<String> select = List.of();

    @Option(names = "--exclude", arity = "1..*")
    List<String> exclude = List.of();

    @Option(names = "--selector")
    Optional<String> selector = Optional.empty();

    @Option(names = "--indirect-selection")
    Optional<String> indirect = Optional.empty();

    @Option(
            names = {"--resource-type", "--resource-types"},
            arity = "1..*")
    List<String> resourceTypes = List.of();

    @Option(
            names = {"--exclude-resource-type", "--exclude-resource-types"},
            arity = "1..*")
    List<String> excludedTypes = List.of();

    /** No selector begins with a dash: what does is an option that the verb does not have. */
    void requireNoOptions() {
        for (List<String> words : List.of(select, exclude, resourceTypes, excludedTypes)) {
            for (String word : words) {
                if (word.startsWith("-")) {
                    throw DbtErrors.unknownOption(word);
                }
            }
        }
    }

    /** Whether nodes of a type are meant; {@code standard} when nothing is said. */
    boolean wants(String type, boolean standard) {
        List<String> wanted = words(resourceTypes);
        requireKnown("--resource-type", wanted);
        requireKnown("--exclude-resource-type", words(excludedTypes));
        boolean included =
                (wanted.isEmpty() || wanted.contains("default"))
                        ? standard
                        : wanted.contains("all") || wanted.contains(type);
        return included && !words(excludedTypes).contains(type);
    }

    private static void requireKnown(String option, List<String> words) {
        for (String word : words) {
            if (!TYPES.contains(word)) {
                throw DbtErrors.oneOf(option, String.join(", ", TYPES), word);
            }
        }
    }

    private static List<String> words(List<String> texts) {
        List<String> words = new ArrayList<>();
        for (String text : texts) {
            words.addAll(List.of(text.toLowerCase(Locale.ROOT).split("[,\\s]+")));
        }
        return words;
    }
}
