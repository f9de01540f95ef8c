package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Breaks a line into lines of a width, as Python's textwrap does. */
final class WordWrap {
    private static final Pattern WORDS = Pattern.compile("\\s+|\\S+");
    private static final Pattern WORDS_AND_HYPHENS =
            Pattern.compile("\\s+|[^\\s-]*[\\w&&[^-]]-+(?=\\w)|\\S+?(?=-+\\w)-+|\\S+");

    private final int width;
    private final boolean breakWords;
    private final Pattern chunks;

    WordWrap(int width, boolean breakWords, boolean breakHyphens) {
        if (width <= 0) {
            throw ValueErrors.value("invalid width %d (must be > 0)".formatted(width));
        }
        this.width = width;
        this.breakWords = breakWords;
        this.chunks = breakHyphens ? WORDS_AND_HYPHENS : WORDS;
    }

    List<String> wrap(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        Matcher matcher = chunks.matcher(text);
        while (matcher.find()) {
            String chunk = matcher.group();
            if (line.length() + chunk.length() > width && !line.isEmpty()) {
                finish(line, lines);
                if (chunk.isBlank()) {
                    continue;
                }
            }
            while (breakWords && chunk.length() > width) {
                lines.add(chunk.substring(0, width));
                chunk = chunk.substring(width);
            }
            if (!(chunk.isBlank() && line.isEmpty() && !lines.isEmpty())) {
                line.append(chunk);
            }
        }
        finish(line, lines);
        return lines;
    }

    private static void finish(StringBuilder line, List<String> lines) {
        String text = line.toString().stripTrailing();
        if (!text.isEmpty()) {
            lines.add(text);
        }
        line.setLength(0);
    }
}
