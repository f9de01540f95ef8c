package dev.tarn.ingest;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of an {@code ingest:} block, read and checked.
 *
 * @param delimiter between fields; default: the one that fits the file best
 * @param quote around fields; default: {@code "}
 * @param escape before a quote in a quoted field; default: the quote itself, doubled
 * @param header whether the first record names the columns; default: true
 * @param nullText the unquoted field that stands for null; default: the empty one
 * @param encoding of text files without a byte order mark; default: UTF-8
 */
record IngestOptions(
        Optional<Character> delimiter,
        char quote,
        char escape,
        boolean header,
        String nullText,
        Charset encoding) {
    private static final Set<String> KNOWN =
            Set.of("delimiter", "quote", "escape", "header", "nullstr", "encoding", "sheet");
    private static final Map<String, String> NAMES =
            Map.of("tab", "\t", "\\t", "\t", "comma", ",", "semicolon", ";", "pipe", "|");

    /** Reads all options and reports all that is wrong with them together. */
    static IngestOptions of(IngestSpec spec) {
        List<Problem> problems = new ArrayList<>();
        spec.options().keySet().stream()
                .sorted()
                .filter(o -> !KNOWN.contains(o))
                .forEach(o -> problems.add(IngestErrors.unknownOption(spec.place(), o, KNOWN)));
        Optional<Character> delimiter = character(spec, "delimiter", problems);
        char quote = character(spec, "quote", problems).orElse('"');
        char escape = character(spec, "escape", problems).orElse(quote);
        boolean header = flag(spec, "header", problems);
        Charset encoding = encoding(spec, problems);
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
        return new IngestOptions(
                delimiter,
                quote,
                escape,
                header,
                spec.options().getOrDefault("nullstr", ""),
                encoding);
    }

    private static Optional<Character> character(
            IngestSpec spec, String option, List<Problem> problems) {
        String text = spec.options().get(option);
        if (text == null) {
            return Optional.empty();
        }
        String value = NAMES.getOrDefault(text.toLowerCase(Locale.ROOT), text);
        if (value.length() != 1 || value.charAt(0) > 126 || value.charAt(0) == '\n') {
            problems.add(IngestErrors.badOption(spec.place(), option, text, "one ASCII character"));
            return Optional.empty();
        }
        return Optional.of(value.charAt(0));
    }

    private static boolean flag(IngestSpec spec, String option, List<Problem> problems) {
        String text = spec.options().getOrDefault(option, "true").toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            problems.add(IngestErrors.badOption(spec.place(), option, text, "true or false"));
        }
        return text.equals("true");
    }

    private static Charset encoding(IngestSpec spec, List<Problem> problems) {
        String text = spec.options().getOrDefault("encoding", "utf-8");
        try {
            return text.equalsIgnoreCase("latin-1")
                    ? StandardCharsets.ISO_8859_1
                    : Charset.forName(text);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            problems.add(
                    IngestErrors.badOption(
                            spec.place(),
                            "encoding",
                            text,
                            "an encoding such as utf-8, utf-16, latin-1 or windows-1252"));
            return StandardCharsets.UTF_8;
        }
    }
}
