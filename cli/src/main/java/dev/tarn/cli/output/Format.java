package dev.tarn.cli.output;

import dev.tarn.model.Suggestion;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the rows of a query can be written as. */
public enum Format {
    TABLE,
    CSV,
    JSON,
    NDJSON,
    PARQUET,
    ARROW;

    /** The words, for shells that complete them. */
    public static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return words().iterator();
        }
    }

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Format::word).toList();
    }

    public static Optional<Format> find(String word) {
        return Arrays.stream(values()).filter(f -> f.word().equalsIgnoreCase(word)).findFirst();
    }

    /** A hint for somebody who wrote another word. */
    public static String hint(String word) {
        return "The formats are %s.%s"
                .formatted(String.join(", ", words()), Suggestion.hint(word, words()));
    }

    /** The format that a file's name asks for. */
    public static Optional<Format> ofFile(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String ending = lower.substring(lower.lastIndexOf('.') + 1);
        return switch (ending) {
            case "csv" -> Optional.of(CSV);
            case "json" -> Optional.of(JSON);
            case "ndjson", "jsonl" -> Optional.of(NDJSON);
            case "parquet" -> Optional.of(PARQUET);
            case "arrow", "arrows" -> Optional.of(ARROW);
            case "txt" -> Optional.of(TABLE);
            default -> Optional.empty();
        };
    }

    /** Whether what it writes is not for a terminal. */
    public boolean isBinary() {
        return this == PARQUET || this == ARROW;
    }
}
